"""The form that removes a workspace."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tieout.portal.workspaces.models import Workspace


class RemoveWorkspaceForm(forms.Form):
    """The name, typed as a sign of meaning it."""

    name = forms.CharField(label=_("Type the name of the workspace"), widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, workspace: Workspace, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name = workspace.name
        self.fields["name"].help_text = workspace.name

    def clean_name(self) -> str:
        typed: str = " ".join(self.cleaned_data["name"].split())
        if typed.casefold() != " ".join(self._name.split()).casefold():
            raise forms.ValidationError(_("That is not its name. Type it as it stands below."))
        return typed
