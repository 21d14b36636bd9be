"""A $filter or $orderby expression as SQL with parameters. The grammar is odata-query's; no value ever becomes SQL text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from tieout.portal.feeds.odata.errors import BadQuestionError

LONGEST = 8_000  # characters
DEEPEST = 60
_NOT_OR_TEXT = re.compile(r"('(?:[^']|'')*')|\bnot\(")
_COMPARED: Mapping[type, str] = {
    ast.Eq: "is not distinct from",
    ast.NotEq: "is distinct from",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_WORKED_OUT: Mapping[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%"}
_FUNCTIONS: Mapping[tuple[str, int], str] = {  # OData's own, by name and number of arguments
    ("contains", 2): "contains({0}, {1})",
    ("startswith", 2): "starts_with({0}, {1})",
    ("endswith", 2): "ends_with({0}, {1})",
    ("length", 1): "length({0})",
    ("indexof", 2): "(position({1} in {0}) - 1)",
    ("substring", 2): "substring({0}, {1} + 1)",
    ("substring", 3): "substring({0}, {1} + 1, {2})",
    ("tolower", 1): "lower({0})",
    ("toupper", 1): "upper({0})",
    ("trim", 1): "trim({0})",
    ("concat", 2): "concat({0}, {1})",
    ("year", 1): "year({0})",
    ("month", 1): "month({0})",
    ("day", 1): "day({0})",
    ("hour", 1): "hour({0})",
    ("minute", 1): "minute({0})",
    ("second", 1): "second({0})",
    ("date", 1): "({0})::date",
    ("now", 0): "now()",
    ("round", 1): "round({0})",
    ("floor", 1): "floor({0})",
    ("ceiling", 1): "ceil({0})",
}


def sql_of(text: str, columns: Mapping[str, str], values: dict[str, Any], *, prefix: str = "p") -> str:
    """The expression as SQL over `columns` (property -> SQL). Its values are put into `values` under names that begin with
    `prefix`. Raises BadQuestionError."""
    if len(text) > LONGEST:
        raise BadQuestionError(f"an expression has at most {LONGEST} characters")
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(_spaced(text)))
    except ODataException as error:
        raise BadQuestionError(f"{text!r} is not an expression: {error}") from error
    if tree is None:
        raise BadQuestionError(f"{text!r} is not an expression")
    return _Writer(columns, values, prefix).write(tree)


def _spaced(text: str) -> str:
    """`not(` as some clients write it: odata-query takes it for a function, as the grammar has a space there."""
    return _NOT_OR_TEXT.sub(lambda found: found[1] or "not (", text)


class _Writer:
    """Walks a tree, collecting parameters by name."""

    def __init__(self, columns: Mapping[str, str], values: dict[str, Any], prefix: str) -> None:
        self._columns, self._values, self._prefix, self._depth = columns, values, prefix, 0

    def write(self, node: Any) -> str:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadQuestionError("the expression is nested too deeply")
        try:
            return self._write(node)
        finally:
            self._depth -= 1

    def _write(self, node: Any) -> str:
        match node:
            case ast.Identifier():
                return self._column(node)
            case ast.Null():
                return "null"
            case ast.List():
                return f"({', '.join(self.write(one) for one in node.val)})"
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp():
                sign = "and" if isinstance(node.op, ast.And) else "or"
                return f"({self.write(node.left)} {sign} {self.write(node.right)})"
            case ast.UnaryOp():
                return f"({'not' if isinstance(node.op, ast.Not) else '-'} {self.write(node.operand)})"
            case ast.BinOp():
                return f"({self.write(node.left)} {_WORKED_OUT[type(node.op)]} {self.write(node.right)})"
            case ast.Call():
                return self._call(node)
            case ast.Duration() | ast.Geography() | ast.Attribute() | ast.CollectionLambda():
                raise BadQuestionError("the models have no navigation, durations or places")
        return self._value(node)

    def _column(self, node: ast.Identifier) -> str:
        name = _full_name(node)
        if name not in self._columns:
            raise BadQuestionError(f"there is no property {name!r}")
        return self._columns[name]

    def _compare(self, node: ast.Compare) -> str:
        left = self.write(node.left)
        if isinstance(node.comparator, ast.In):
            if not isinstance(node.right, ast.List):
                raise BadQuestionError("in is followed by a list in brackets")
            return f"({left} in {self.write(node.right)})"
        return f"({left} {_COMPARED[type(node.comparator)]} {self.write(node.right)})"

    def _call(self, node: ast.Call) -> str:
        name = _full_name(node.func).lower()
        if (name, len(node.args)) not in _FUNCTIONS:
            raise BadQuestionError(f"there is no function {name} with {len(node.args)} arguments")
        return _FUNCTIONS[name, len(node.args)].format(*(self.write(one) for one in node.args))

    def _value(self, node: Any) -> str:
        """A literal as a parameter. Numbers with a point are exact decimals, never floats."""
        name = f"{self._prefix}{len(self._values)}"
        try:
            self._values[name] = Decimal(node.val) if isinstance(node, ast.Float) else node.py_val
        except (ValueError, ArithmeticError, AttributeError) as error:
            raise BadQuestionError(f"{getattr(node, 'val', node)!r} is no value") from error
        return f"${name}"


def _full_name(node: ast.Identifier) -> str:
    return ".".join((*node.namespace, node.name))
