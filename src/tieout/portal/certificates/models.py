"""Tables of certificates: a workspace's signing key, the chain, and each certificate as it was exported."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from tieout.portal.encryption import Place
from tieout.portal.kept import KeepsSecrets
from tieout.portal.workspaces.models import Workspace, WorkspaceQuerySet
from tieout.sync.certificate.canonical import parsed


class SigningKey(KeepsSecrets):
    """What a workspace signs with. Made with its first certificate, and never changed: the chain hangs on it."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="signing_key")
    private_key = models.TextField()
    public_key = models.CharField(max_length=44)
    made_at = models.DateTimeField()

    secret_fields = ("private_key",)

    def place(self, field: str) -> Place:
        return Place(workspace=str(self.workspace_id), owner="certificates", field=field)


class Link(models.Model):
    """One link of a workspace's chain. It holds no figures, and stays when a source's data are deleted for good."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="certificate_links")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    objects = WorkspaceQuerySet["Link"].as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("workspace", "number"), name="one_link_per_number"),)


class Certificate(models.Model):
    """A certificate as it was exported: the signed JSON, its PDF, and the SQL that repeats it."""

    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="certificate")
    source = models.ForeignKey("sources.Source", on_delete=models.CASCADE, related_name="certificates")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    verdict = models.CharField(max_length=20)
    tied_out_at = models.DateTimeField()
    on = models.DateField(null=True)  # of the balances; None: no ledger was compared
    document = models.TextField()
    sql = models.TextField()
    pdf = models.BinaryField()

    class Meta:
        ordering = ("-link__number",)

    @property
    def number(self) -> int:
        return self.link.number

    @property
    def envelope(self) -> dict[str, Any]:
        """The signed JSON, read."""
        return parsed(self.document.encode())

    def file_name(self, kind: str) -> str:
        """What a download is called."""
        return f"certificate-{self.number}-{self.source.organisation_number}.{kind}"
