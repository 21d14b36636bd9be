"""Why a file was refused, in the person's language; the reader's own English sentence where it tells a place in the file."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tieout.portal.templatetags.figures import organisation_number
from tieout.sync.witness.errors import OtherCompanyError, WitnessError


def in_words(error: WitnessError) -> str:
    """A sentence that says what is wrong and what to do."""
    if isinstance(error, OtherCompanyError):
        return _(
            "The file is of organisation number %(theirs)s, and this data source is %(ours)s. Nothing was compared. "
            "Export the file of this company, and try again."
        ) % {"theirs": organisation_number(error.file) or "–", "ours": organisation_number(error.ours)}
    return _("The file was not read, and nothing was compared. %(why)s") % {"why": error}
