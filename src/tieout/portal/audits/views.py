"""The page *Audit log*, for owners, and its CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tieout.portal.audits.models import Entry, EntryQuerySet
from tieout.portal.audits.queries import entries_of, people_in
from tieout.portal.audits.words import GROUPS, entry_sentence
from tieout.portal.workspaces.decorators import owner_required
from tieout.portal.workspaces.models import Workspace
from tieout.portal.workspaces.queries import workspace_of
from tieout.warehouse.browse import harmless

ROWS = 50
COLUMNS = ("at", "who", "address", "kind", "what", "company")


class FilterForm(forms.Form):
    """Which entries are shown."""

    group = forms.ChoiceField(label=_("Kind"), required=False)
    who = forms.ChoiceField(label=_("Person"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: object, *, workspace: Workspace) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._choices("group", [("", _("All kinds")), *((code, one.title) for code, one in GROUPS.items())])
        self._choices("who", [("", _("Everybody")), *((one, one) for one in people_in(workspace))])

    def _choices(self, name: str, choices: list[tuple[str, object]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


@owner_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What was done in this workspace, newest first."""
    form, entries = _asked_for(request)
    parameters = request.GET.copy()
    parameters.pop("page", None)
    page = Paginator(entries, ROWS).get_page(request.GET.get("page"))
    rows = [(one, entry_sentence(one)) for one in page]
    told = {"form": form, "page": page, "rows": rows, "query": parameters.urlencode()}
    return render(request, "audits/log.html", told | {"is_filtered": any(parameters.values())})


@owner_required
@require_safe
def log_csv(request: HttpRequest) -> HttpResponse:
    """The entries that the page shows, all of them, times in UTC."""
    _form, entries = _asked_for(request)
    name = f"tieout-audit-log-{timezone.localdate().isoformat()}.csv"
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    file = csv.writer(response)
    file.writerow(COLUMNS)
    file.writerows(_cells(entries))
    return response


def _cells(entries: EntryQuerySet) -> Iterable[tuple[str, ...]]:
    for one in entries.iterator(chunk_size=1_000):
        yield tuple(harmless(cell) for cell in _row(one))


def _row(one: Entry) -> tuple[str, ...]:
    return (one.at.isoformat(), one.who, one.address, one.kind, entry_sentence(one), str(one.source_id or ""))


def _asked_for(request: HttpRequest) -> tuple[FilterForm, EntryQuerySet]:
    """The filter as given; what can't be read in it (an impossible day) filters nothing, and the form says so."""
    workspace = workspace_of(request)
    form = FilterForm(request.GET, workspace=workspace)
    form.is_valid()
    return form, entries_of(workspace, **form.cleaned_data)
