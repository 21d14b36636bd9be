"""The curves of a soak as a picture: memory, open files, sockets, stores; dashed lines are kills."""

from __future__ import annotations

from typing import Any

CURVES = (
    ("memory_mib", "Memory of the server, MiB"),
    ("files", "Open files and connections"),
    ("sockets", "Connections"),
    ("stores_mib", "All stores, MiB"),
)
WIDE, HIGH, LEFT, TOP, GAP = 720, 90, 60, 60, 46


def picture(result: dict[str, Any]) -> str:
    """One panel per curve over the same seconds."""
    samples = result["samples"]
    end = max((sample["at"] for sample in samples), default=1)
    panels = [_panel(place, name, title, result, end) for place, (name, title) in enumerate(CURVES)]
    height = TOP + len(CURVES) * (HIGH + GAP) + 10
    title = (
        f"{result['companies']} companies, {result['simulated_days']} simulated days in {result['seconds'] / 60:.0f} minutes,"
        f" killed {result['killed']} times"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 20} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12"><title>{title}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="12" y="24" font-size="15" font-weight="600" fill="#1b1b1b">{title}</text>'
        + "".join(panels)
        + "</svg>\n"
    )


def _panel(place: int, name: str, title: str, result: dict[str, Any], end: float) -> str:
    samples, top = result["samples"], TOP + place * (HIGH + GAP)
    most = max((sample[name] for sample in samples), default=1) or 1
    kills = [mark["at"] for mark in result["marks"] if mark["what"] == "killed"]
    lives: dict[int, list[str]] = {}
    for sample in samples:
        point = f"{LEFT + WIDE * sample['at'] / end:.1f},{top + HIGH - HIGH * sample[name] / most:.1f}"
        lives.setdefault(sample["life"], []).append(point)
    lines = [
        f'<polyline points="{" ".join(points)}" fill="none" stroke="#0b6e4f" stroke-width="1.5"/>'
        for points in lives.values()
    ]
    dashes = [_vertical(LEFT + WIDE * at / end, top) for at in kills]
    return (
        f'<text x="{LEFT}" y="{top - 6}" fill="#1b1b1b">{title}</text>'
        f'<text x="{LEFT - 6}" y="{top + 10}" text-anchor="end" fill="#5a6570">{most:,.0f}</text>'
        f'<text x="{LEFT - 6}" y="{top + HIGH}" text-anchor="end" fill="#5a6570">0</text>'
        f'<path d="M{LEFT} {top}V{top + HIGH}H{LEFT + WIDE}" fill="none" stroke="#c3c9cf"/>' + "".join(dashes + lines)
    )


def _vertical(x: float, top: int) -> str:
    return f'<path d="M{x:.1f} {top}V{top + HIGH}" stroke="#b42318" stroke-width="1" stroke-dasharray="3 3"/>'
