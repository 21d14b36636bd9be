"""The one PowerOffice Go package of PyPI, reading only: a frame in memory, checked here since it stores nothing."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path

from ds_provider_powerofficego_py_lib.dataset import PowerOfficeGoDataset, PowerOfficeGoDatasetSettings, ReadSettings
from ds_provider_powerofficego_py_lib.linked_service import (
    PowerOfficeGoLinkedService,
    PowerOfficeGoLinkedServiceSettings,
)


def main(address: str, folder: str) -> None:
    service = PowerOfficeGoLinkedService(
        id=uuid.uuid4(),
        name="bench",
        version="v1.0.0",
        settings=PowerOfficeGoLinkedServiceSettings(
            application_key="bench",
            client_id="bench",
            subscription_key="bench",
            host=address,
            token_endpoint=f"{address}/OAuth/Token",
        ),
    )
    service.connect()
    filters = {"fromDate": "1900-01-01", "toDate": "2100-12-31"}
    dataset = PowerOfficeGoDataset(
        id=uuid.uuid4(),
        name="bench",
        version="v1.0.0",
        linked_service=service,
        settings=PowerOfficeGoDatasetSettings(
            data_product="AccountTransactions", read=ReadSettings(page_size=5000, filters=filters)
        ),
    )
    dataset.read()
    told = {"rows": len(dataset.output), "ore": int((dataset.output["Amount"] * 100).round().astype("int64").sum())}
    Path(folder, "told.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[3])
