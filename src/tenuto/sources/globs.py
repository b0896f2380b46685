"""File patterns of DEP-5 and REUSE, matched in time linear in pattern times path, whatever they hold (M10)."""

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Glob", "dep5_glob", "reuse_glob"]

_Token = tuple[str, str]
"""Kind (`is`, `any`, `star` within a folder, `deep` across folders) and the character that `is` wants."""


@dataclass(frozen=True, slots=True)
class Glob:
    """One compiled pattern."""

    text: str
    """As written."""
    prefix: str
    """What every match begins with."""
    tokens: tuple[_Token, ...]
    """What follows the prefix."""

    @property
    def is_literal(self) -> bool:
        """Whether it names one file."""
        return not self.tokens

    @property
    def is_catch_all(self) -> bool:
        """Whether it says nothing of the name at all, as `*` does."""
        return not self.prefix and all(kind in {"star", "deep"} for kind, _ in self.tokens)

    @property
    def parts(self) -> tuple[str | None, ...]:
        """Components between slashes; None for one with a wildcard, which may stand for several."""
        literal = self.prefix.split("/")
        return tuple(literal) if self.is_literal else (*literal[:-1], None)

    def matches(self, path: str) -> bool:
        """Tell whether the whole path fits."""
        if not path.startswith(self.prefix):
            return False
        rest = path[len(self.prefix) :]
        if len(self.tokens) == 1 and self.tokens[0][0] == "deep":
            return True
        return _simulate(self.tokens, rest)


@lru_cache(maxsize=4096)
def dep5_glob(pattern: str) -> Glob:
    """Compile a DEP-5 pattern: `*` and `?` match slashes too, a backslash escapes."""
    text = pattern.removeprefix("./")
    return _glob(pattern, text, star="deep")


@lru_cache(maxsize=4096)
def reuse_glob(pattern: str) -> Glob:
    """Compile a REUSE.toml pattern: `*` stays within a folder, `**` does not, a backslash escapes."""
    return _glob(pattern, pattern.removeprefix("./"), star="star")


def _glob(written: str, text: str, *, star: str) -> Glob:
    tokens: list[_Token] = []
    place = 0
    while place < len(text):
        token, place = _token(text, place, star)
        if not (tokens and token[0] in {"star", "deep"} and tokens[-1] == token):
            tokens.append(token)
    literal = next((i for i, (kind, _) in enumerate(tokens) if kind != "is"), len(tokens))
    return Glob(written, "".join(c for _, c in tokens[:literal]), tuple(tokens[literal:]))


def _token(text: str, place: int, star: str) -> tuple[_Token, int]:
    character = text[place]
    if character == "\\" and place + 1 < len(text):
        return ("is", text[place + 1]), place + 2
    if text.startswith("**", place):
        return ("deep", ""), place + 2
    if character == "*":
        return (star, ""), place + 1
    if character == "?" and star == "deep":
        return ("any", ""), place + 1
    return ("is", character), place + 1


def _simulate(tokens: tuple[_Token, ...], text: str) -> bool:
    states = _reach({0}, tokens)
    for character in text:
        states = _reach({step for state in states for step in _steps(state, tokens, character)}, tokens)
        if not states:
            return False
    return len(tokens) in states


def _steps(state: int, tokens: tuple[_Token, ...], character: str) -> tuple[int, ...]:
    if state == len(tokens):
        return ()
    kind, wanted = tokens[state]
    if kind == "is":
        return (state + 1,) if character == wanted else ()
    if kind == "any":
        return (state + 1,)
    return (state,) if kind == "deep" or character != "/" else ()


def _reach(states: set[int], tokens: tuple[_Token, ...]) -> set[int]:
    """Add the states behind stars, which match nothing too."""
    reached = set(states)
    for state in states:
        following = state
        while following < len(tokens) and tokens[following][0] in {"star", "deep"}:
            following += 1
            reached.add(following)
    return reached
