"""How long the simulator takes for a page of 20,000 account transactions of the realistic company; aim: under 0.5 s.

python -m bench.simulator_page
"""

from __future__ import annotations

import statistics
import time

import httpx2

from tests.simulators import running_simulator

ROWS, TIMES, AIM = 20_000, 5, 0.5


def seconds(api: httpx2.Client, page: int, encoding: str) -> float:
    """One page, received whole and not parsed."""
    query = {"fromDate": "1900-01-01", "toDate": "2100-12-31", "OrderBy": "Id", "PageSize": ROWS, "PageNumber": page}
    began = time.perf_counter()
    answer = api.get("/AccountTransactions", params=query, headers={"Accept-Encoding": encoding})
    took = time.perf_counter() - began
    assert answer.status_code == 200, answer.text
    return took


def main() -> None:
    with running_simulator(size="realistic", throttle=False) as simulator, simulator.api() as api:
        for encoding in ("identity", "gzip"):
            taken = [seconds(api, page, encoding) for page in range(1, TIMES + 1)]
            median = statistics.median(taken)
            verdict = "within" if median < AIM else "over"
            print(f"{encoding:>8}: median {median:.3f} s, longest {max(taken):.3f} s; {verdict} the aim of {AIM} s")


if __name__ == "__main__":
    main()
