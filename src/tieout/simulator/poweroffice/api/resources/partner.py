"""The clients of an accounting firm, for its own key only (contract 3.7, 6.10). The gateway adds the integration to one."""

from __future__ import annotations

from collections.abc import Iterable

from tieout.simulator.books.model import Books
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, always
from tieout.simulator.poweroffice.api.parameters import flag
from tieout.simulator.poweroffice.api.view import View


def _clients(view: View) -> Iterable[Books]:
    return view.clients


CLIENT: Columns = {
    "ClientName": lambda books, view: books.profile.name,
    "Id": lambda books, view: books.profile.client_id,
    "IsActive": always(True),
    "OrganizationNumber": lambda books, view: books.profile.organisation_number,
}
ENDPOINTS = (
    Endpoint(
        path="/ClientAdmin/Clients",
        schema="ClientDto",
        privileges=("ClientAdmin",),
        rows=_clients,
        columns=CLIENT,
        parameters=(flag("isActive", lambda books, view: True),),
    ),
)
