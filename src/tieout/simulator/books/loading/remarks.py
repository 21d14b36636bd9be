"""What a loader has to say about a file: single sentences, and what happened so often that only examples are told."""

from __future__ import annotations

from collections.abc import Iterator

_EXAMPLES = 3


class Remarks:
    def __init__(self) -> None:
        self._sentences: list[str] = []
        self._often: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def tell(self, sentence: str) -> None:
        """Say one thing once."""
        if sentence not in self._sentences:
            self._sentences.append(sentence)

    def often(self, subject: str, example: str, *, most: int = _EXAMPLES) -> None:
        """Note one case of something that may be met a thousand times; `most` of them are told one by one."""
        self._counts[subject] = self._counts.get(subject, 0) + 1
        examples = self._often.setdefault(subject, [])
        if len(examples) < most and example not in examples:
            examples.append(example)

    def finer(self, amount: str) -> None:
        """Note an amount that was rounded to øre."""
        self.often("Amounts finer than øre were rounded", amount)

    def __iter__(self) -> Iterator[str]:
        yield from self._sentences
        for subject, examples in self._often.items():
            count = self._counts[subject]
            more = ", ..." if count > len(examples) else ""
            yield f"{subject} ({count}: {', '.join(examples)}{more})."
