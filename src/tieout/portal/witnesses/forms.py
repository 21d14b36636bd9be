"""The form that takes a file."""

from __future__ import annotations

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

MOST_MEGABYTES = 200  # as uploaded; a zip may hold more


class WitnessForm(forms.Form):
    """A SAF-T Financial file."""

    file = forms.FileField(
        label=_("SAF-T Financial file"),
        help_text=_("XML, or a zip of one, up to %(n)s MB. It is read and compared, and not kept.")
        % {"n": MOST_MEGABYTES},
        validators=[FileExtensionValidator(["xml", "zip"])],
        widget=forms.FileInput(attrs={"accept": ".xml,.zip,application/xml,application/zip"}),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_MEGABYTES * 1024**2:
            raise forms.ValidationError(
                _("The file is larger than %(n)s MB. Zip it, or export a shorter span."), params={"n": MOST_MEGABYTES}
            )
        return file
