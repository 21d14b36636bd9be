"""What entries are called on pages: groups to filter by, and sentences of what only the audit log tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tieout.portal.audits.models import Entry
from tieout.portal.syncs.words import HAPPENINGS, sentence
from tieout.portal.workspaces.models import Role

ENTRIES: dict[str, Any] = HAPPENINGS | {
    "signed_in": _("Signed in: %(how)s"),
    "signed_out": _("Signed out"),
    "signed_out_elsewhere": _("Sessions ended from elsewhere: %(sessions)s"),
    "sign_in_failed": _("Sign-in refused"),
    "sign_in_linked": _("Sign-in through the organisation set up"),
    "sign_in_password_changed": _("Password changed"),
    "sign_in_password_reset": _("Password reset by e-mail"),
    "sign_in_factor_added": _("Second factor added: %(factor)s"),
    "sign_in_factor_removed": _("Second factor removed: %(factor)s"),
    "sign_in_codes_made": _("New recovery codes made"),
    "sign_in_factor_refused": _("Second factor refused"),
    "feed_read": _("Read by the feed token %(token)s: %(what)s"),
    "api_read": _("Read by the API, with the token %(token)s: %(what)s"),
    "backup_made": _("Backup made: %(folder)s, %(files)s files"),
    "backup_restored": _("Restored from the backup %(folder)s of %(made_at)s"),
    "workspace_removed": _("Workspace %(name)s removed"),
    "file_exported": _("File exported: %(path)s"),
    "api_called": _("By the API, with the token %(token)s: %(what)s"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that people look for together, by the beginnings of their codes."""

    title: Any
    beginnings: tuple[str, ...]


GROUPS = {
    "sign-in": Group(_("Sign-in"), ("sign",)),
    "exports": Group(_("Exports"), ("file_", "certificate_", "saft_", "feed_read", "api_read")),
    "people": Group(
        _("People and roles"), ("person_", "invitation_", "role_", "companies_", "access_", "group_", "responsible_")
    ),
    "links": Group(_("Links and approvals"), ("link_", "approv", "company_left", "firm_", "clients_")),
    "sources": Group(_("Data sources"), ("source_", "key_", "stamped", "witness_", "grouping")),
    "tokens": Group(_("Tokens and webhooks"), ("feed_token", "api_", "webhook_")),
    "settings": Group(_("Settings"), ("receivers_", "settings_", "backup_", "workspace_", "factor_")),
}


def entry_sentence(entry: Entry) -> str:
    """What was done, in the reader's language."""
    role = entry.facts.get("role")
    facts = entry.facts | ({"role": Role(role).label} if role in Role.values else {})
    return sentence(ENTRIES, entry.kind, facts)
