"""Forms about people."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tieout.portal.groups.models import Group
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Membership, Role, Workspace, today

if TYPE_CHECKING:
    PersonForm = forms.ModelForm[Person]
else:  # Django's own class takes no type at run time
    PersonForm = forms.ModelForm


class WelcomeForm(forms.Form):
    """Name, e-mail and password of a new account."""

    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters, and not only digits."),
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        person = Person(email=given.get("email", ""), name=given.get("name", ""))
        try:
            validate_password(given.get("password", ""), person)
        except ValidationError as error:
            self.add_error("password", error)
        return given


class InvitedForm(WelcomeForm):
    """The account of somebody who was invited by e-mail: the address is settled."""

    email = forms.EmailField(label=_("E-mail"), disabled=True, widget=forms.EmailInput({"autocomplete": "username"}))


class LastDayField(forms.DateField):
    """The last day of somebody's access, today or later; empty: no end."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Access until"),
            required=False,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            help_text=_("The last day, to its end. Empty: no end."),
        )

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and day < today():
            raise ValidationError(_("That day is over. To end access now, remove the person."))
        return day


class AccessForm(forms.Form):
    """How long a member has access."""

    until = LastDayField()


class InviteForm(forms.Form):
    """Whom to let into the workspace."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.READER)
    until = LastDayField()
    companies = forms.ModelMultipleChoiceField(
        label=_("Companies"),
        queryset=Source.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple({"data-find": _("Find a company")}),
        help_text=_("None ticked, and no group: all of this workspace, also those that come later."),
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"), queryset=Group.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, workspace: Workspace) -> None:
        super().__init__(data)
        _offer(self, workspace)


class PreferencesForm(PersonForm):
    """What a person chooses for themselves."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(zone, zone) for zone in sorted(available_timezones())]
    )

    class Meta:
        model = Person
        fields = ("name", "language", "time_zone", "theme")
        labels = {"name": _("Your name"), "language": _("Language"), "theme": _("Theme")}


class CompaniesForm(forms.Form):
    """Which companies of a workspace a member sees."""

    sees = forms.ChoiceField(
        label=_("Sees"),
        choices=[("all", _("All companies, also those that come later")), ("some", _("Only those ticked below"))],
        widget=forms.RadioSelect,
    )
    companies = forms.ModelMultipleChoiceField(
        label=_("Companies"),
        queryset=Source.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple({"data-find": _("Find a company")}),
    )
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"),
        queryset=Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All companies of a group, also those that are added to it later."),
    )
    field_order = ("sees", "groups", "companies")

    def __init__(self, data: Any, *, workspace: Workspace, member: Membership) -> None:
        ticked = list(member.companies.values_list("pk", flat=True))
        groups = list(member.groups.values_list("pk", flat=True))
        initial = {"sees": "some" if member.is_limited else "all", "companies": ticked, "groups": groups}
        super().__init__(data, initial=initial)
        _offer(self, workspace)

    @property
    def chosen(self) -> list[Source] | None:
        """The companies, or None for all."""
        return list(self.cleaned_data["companies"]) if self.cleaned_data["sees"] == "some" else None


def _offer(form: forms.Form, workspace: Workspace) -> None:
    """Put a workspace's companies and groups up for choice."""
    field = form.fields["companies"]
    assert isinstance(field, forms.ModelMultipleChoiceField)
    field.queryset = Source.objects.in_workspace(workspace).order_by("name")
    groups = form.fields["groups"]
    assert isinstance(groups, forms.ModelMultipleChoiceField)
    groups.queryset = Group.objects.in_workspace(workspace)
    if not groups.queryset.exists():
        groups.widget = groups.hidden_widget()
