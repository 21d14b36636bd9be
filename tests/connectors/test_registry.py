from __future__ import annotations

from pathlib import Path

from tieout.config import load
from tieout.connectors import registry
from tieout.connectors.base import Approval, Secret


def test_connectors_are_known_by_their_names_and_declare_themselves(tmp_path: Path) -> None:
    connectors = registry.connectors(load({"TIEOUT_HOME": str(tmp_path)}))
    assert list(connectors) == ["poweroffice"]
    for name, connector in connectors.items():
        assert connector.name == name
        assert connector.title
        assert connector.streams
        assert connector.where_to_end().endswith(".")
        assert connector.approval is Approval.REDIRECT
        assert connector.open(Secret("a-client-key")).requests == 0


def test_the_limit_lies_in_the_home_folder_and_is_the_vendors_by_default(tmp_path: Path) -> None:
    registry.connectors(load({"TIEOUT_HOME": str(tmp_path / "new")}))
    assert (tmp_path / "new" / "limits.db").exists()
