"""What other apps may follow without being known here."""

from __future__ import annotations

from django.dispatch import Signal

# A job of a sync, a check or a chunk of a fill has ended, well or not.
sync_ended = Signal()
