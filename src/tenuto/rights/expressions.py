"""SPDX and DEP-5 licence expressions: `GPL-2+ or (CC-BY-SA-2.0 and MIT)`, to a choice of licences that all apply."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from license_expression import ExpressionError, ExpressionParseError, Licensing

from tenuto.rights.mentions import whole_mention
from tenuto.rights.words import read_words

__all__ = ["Choices", "read_expression"]

Choices = tuple[tuple[str, ...], ...]
"""Alternatives, of which any one may be chosen; each is a tuple of licence ids that then all apply."""

_LONGEST = 300  # characters
_MOST = 16  # licences, and alternatives
_DEEPEST = 8  # parentheses
_PARTS = re.compile(r"(\(|\)|(?<=[\s)])(?:and/or|and|or)(?=[\s(]))", re.IGNORECASE)
_COMMA = re.compile(r",\s+(and|or)\s", re.IGNORECASE)
_OPERAND = re.compile(r"[A-Za-z0-9.+:_-]+(?: with [A-Za-z0-9.+_ -]+)?", re.IGNORECASE)
_WITH = re.compile(r"\swith\s", re.IGNORECASE)
_UNKNOWN = ""


def read_expression(text: str) -> Choices | None:
    """Read a licence expression; None where the text is none.

    An alternative with a licence nobody knows is left out, so that `()` is an expression without a known choice.
    """
    pieces = _pieces(text)
    operands = [piece for piece in pieces if not _is_operator(piece)]
    if not 0 < len(operands) <= _MOST or not all(map(_OPERAND.fullmatch, operands)) or not _is_well_formed(pieces):
        return None
    tree = _parse(" ".join(_symbols(pieces)))
    if tree is None:
        return None
    ids = tuple(map(_operand, operands))
    alternatives = _alternatives(tree, ids)
    return tuple(dict.fromkeys(known for known in alternatives if _UNKNOWN not in known))


def _pieces(text: str) -> list[str]:
    if len(text) > _LONGEST or text.count("(") > _DEEPEST:
        return []
    clauses = _COMMA.split(text.strip())
    if len(clauses) > 1:  # DEP-5: `A or B, and C` means `(A or B) and C`
        clauses[::2] = [f"({clause})" for clause in clauses[::2]]
    return [piece.strip() for piece in _PARTS.split(" ".join(clauses)) if piece.strip()]


def _is_operator(piece: str) -> bool:
    return piece.lower() in {"and", "or", "and/or", "(", ")"}


def _is_well_formed(pieces: list[str]) -> bool:
    """Tell whether brackets pair and operators stand between operands; the parser fails oddly where they do not."""
    depth, expects_operand = 0, True
    for piece in pieces:
        opens = piece == "(" or not _is_operator(piece)
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth < 0 or opens is not expects_operand:
            return False
        expects_operand = piece == "(" or (_is_operator(piece) and piece != ")")
    return depth == 0 and not expects_operand


def _symbols(pieces: list[str]) -> Iterator[str]:
    """Put a number in every licence's place, so that only the structure is parsed."""
    count = 0
    for piece in pieces:
        if _is_operator(piece):
            yield piece.upper().replace("AND/OR", "AND")
        else:
            yield f"L{count}"
            count += 1


@cache
def _licensing() -> Any:  # noqa: ANN401 - the library ships no types
    return Licensing()


def _parse(text: str) -> Any:  # noqa: ANN401 - the same
    try:
        return _licensing().parse(text)
    except (ExpressionError, ExpressionParseError):
        return None


def _operand(text: str) -> str:
    name, *exceptions = _WITH.split(text)
    if any("exception" not in exception.lower() for exception in exceptions):
        return _UNKNOWN
    mention = whole_mention(read_words(name))
    return _UNKNOWN if mention is None or mention.id is None else mention.id


def _alternatives(tree: Any, ids: tuple[str, ...]) -> Choices:  # noqa: ANN401 - the same
    if not getattr(tree, "args", ()):
        return ((ids[int(tree.key[1:])],),)
    parts = [_alternatives(part, ids) for part in tree.args]
    if tree.operator.strip() == "OR":
        return tuple(choice for part in parts for choice in part)[:_MOST]
    return _product(parts)


def _product(parts: list[Choices]) -> Choices:
    choices: Choices = ((),)
    for part in parts:
        joined = (tuple(dict.fromkeys((*one, *other))) for one in choices for other in part)
        choices = tuple(joined)[:_MOST]
    return choices
