"""Why a question was not answered, in a person's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tieout.warehouse.asking.ask import Limits, NotAnsweredError
from tieout.warehouse.asking.statement import RefusedError

_WORD = re.compile(r"\w[\w.]*")


def refused(error: RefusedError) -> str:
    """What is in the way, and where it stands."""
    return _with_place(_reason(error), error.line, error.column)


def _with_place(said: str, line: int, column: int) -> str:
    if not line:
        return said
    return _("Line %(line)s, column %(column)s: %(said)s") % {
        "line": line,
        "column": column,
        "said": said,
    }


def _reason(error: RefusedError) -> str:
    told = {"what": error.what}
    texts = {
        "empty": _("There is no question yet. Write a SELECT."),
        "long": _("This is too long for one question."),
        "syntax": _("This is not SQL that can be read. Look for a missing comma, bracket or quotation mark."),
        "several": _("One question at a time: a second statement begins here."),
        "not_select": _("Only SELECT can be asked, and this begins with %(what)s.") % told,
        "changes": _("A question reads; it can’t change or write anything."),
        "function": _("%(what)s is not open here: a question reads the tables of this workspace and nothing else.")
        % told,
        "table": _("%(what)s is not a table of this workspace. Write schema and name, such as marts.trial_balance.")
        % told,
    }
    return texts[error.why]


def not_answered(error: NotAnsweredError) -> str:
    """What happened, and what to do. The database's own words stand beside it."""
    texts = {
        "slow": _("It took more than %(n)s seconds and was ended. Ask for fewer months or companies, or for sums.")
        % {"n": Limits().seconds},
        "memory": _("It needs more memory than one question may have. Ask for fewer columns, or for sums."),
        "left": _("It was ended, since nobody waited for it any more."),
        "busy": _("Other questions are being answered. Ask again in a moment."),
        "broken": _("It was ended, since it took too much of this machine. Ask for less."),
    }
    kinds = {
        "Catalog": _("There is no table or function of that name."),
        "Binder": _("A column or table is not there, or is used in a way it can’t be."),
        "Conversion": _("A value does not fit the type that is asked for."),
        "Parser": _("This is not SQL that can be read. Look for a missing comma, bracket or quotation mark."),
    }
    said = texts.get(error.why) or kinds.get(error.kind) or _("The database can’t answer this.")
    return _with_place(said, error.line, error.column)


@dataclass(frozen=True, slots=True)
class Marked:
    """The line of a question that something is wrong with, around the word where it begins."""

    line: int
    before: str
    word: str
    after: str


def marked(sql: str, line: int, column: int) -> Marked | None:
    """None where no place is named, or none that the question has."""
    lines = sql.split("\n")
    if not 0 < line <= len(lines) or column < 1:
        return None
    text, begin = lines[line - 1], column - 1
    found = _WORD.match(text, begin)
    end = found.end() if found else begin + 1
    return Marked(line, text[:begin], text[begin:end] or " ", text[end:])
