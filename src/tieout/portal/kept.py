"""Rows that keep secrets: what a model inherits so that a field is encrypted for its own place and can be encrypted anew."""

from __future__ import annotations

from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from tieout.connectors.base import Secret
from tieout.portal.encryption import KeyRing, Place, read_key_ring


class KeepsSecrets(models.Model):
    """A row with encrypted text fields, named in `secret_fields`. Fill them with `keep`, read them with `reveal`."""

    secret_fields: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def place(self, field: str) -> Place:
        """Where the secret lies. It must be known before the row is saved, and never change."""
        raise NotImplementedError

    def keep(self, field: str, secret: Secret) -> None:
        """Put a secret into a field, encrypted. The row is not saved."""
        setattr(self, field, read_key_ring(settings.TIEOUT.secret_key_file).encrypt(secret, self.place(field)))

    def reveal(self, field: str) -> Secret:
        """The secret of a field. Raises CannotDecryptError."""
        return read_key_ring(settings.TIEOUT.secret_key_file).decrypt(getattr(self, field), self.place(field))

    def encrypt_anew(self, ring: KeyRing) -> int:
        """Encrypt every filled field with the newest key and save the row. Returns how many fields changed."""
        outdated = [
            name for name in self.secret_fields if getattr(self, name) and not ring.is_current(getattr(self, name))
        ]
        for name in outdated:
            place = self.place(name)
            setattr(self, name, ring.encrypt(ring.decrypt(getattr(self, name), place), place))
        if outdated:
            self.save(update_fields=outdated)
        return len(outdated)


def encrypt_anew(ring: KeyRing) -> int:
    """Encrypt every secret of every table with the newest key, all or none. Returns how many changed."""
    from tieout.portal.people import factors  # allauth's own table, which inherits nothing of ours

    keepers = [model for model in apps.get_models() if issubclass(model, KeepsSecrets)]
    with transaction.atomic():
        ours = sum(row.encrypt_anew(ring) for model in keepers for row in model._default_manager.all())
        return ours + factors.encrypt_anew(ring)
