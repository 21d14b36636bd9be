"""What is wrong with a question. Told as OData tells errors, with the status that fits."""

from __future__ import annotations


class FeedError(Exception):
    """`status` is HTTP's."""

    status = 400


class BadQuestionError(FeedError):
    """The address asks for something that can't be worked out as it stands."""


class NotThereError(FeedError):
    """There is no such table."""

    status = 404


class GoneError(FeedError):
    """A page of a walk that has been over for too long."""

    status = 410


class NotDoneError(FeedError):
    """A part of OData that these feeds don't have."""

    status = 501
