"""Answers that are given a second time to who asks a second time with the same Idempotency-Key."""

from __future__ import annotations

from django.db import models

from tieout.portal.encryption import Place
from tieout.portal.kept import KeepsSecrets


class Answer(KeepsSecrets):
    """What one POST was answered. Without a status it is under way, or its process was stopped in the middle.

    `question` is a hash of method, address and body. Bodies may hold what is shown once, and so are encrypted.
    """

    secret_fields = ("body",)

    token = models.ForeignKey("feeds.FeedToken", on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=64)  # a hash of the caller's own key
    question = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("token", "key"), name="one_answer_per_key"),)
        indexes = (models.Index(fields=("made_at",), name="answers_by_age"),)

    def place(self, field: str) -> Place:
        return Place(workspace=str(self.token.workspace_id), owner=f"answer:{self.token_id}:{self.key}", field=field)
