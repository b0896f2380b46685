"""The parts of docs/rights.md that are made from the tables."""

from collections.abc import Callable

from tenuto.model.rights import Gate, Licence
from tenuto.rights.licences import all_licences, is_unversioned
from tenuto.rights.rules import MEANING, Rule, anchor

__all__ = ["SECTIONS", "licences_section", "rules_section"]

_HEAD = "| family | known | share | commercial use | adapt | credit | full text |\n|---|---:|---|---|---|---|---|"
_SHARE = {Gate.OPEN: "open", Gate.REVIEW: "review", Gate.CLOSED: "closed"}


def rules_section() -> str:
    """List the rules in order, each under its anchor."""
    return "\n".join(f'- <a id="{anchor(rule)}"></a>**`{rule.value}`** {MEANING[rule]}' for rule in Rule)


def licences_section() -> str:
    """Draw the table of licence families: how many versions and ports are known, and what they permit."""
    families: dict[str, list[Licence]] = {}
    for licence in all_licences():
        if not is_unversioned(licence.id):
            families.setdefault(licence.family, []).append(licence)
    return "\n".join((_HEAD, *(_row(family, families[family]) for family in sorted(families))))


def _row(family: str, members: list[Licence]) -> str:
    gates = " or ".join(dict.fromkeys(_SHARE[member.gate] for member in members))
    acts = (
        _all(members, lambda member: member.commercial),
        _all(members, lambda member: member.adapt),
        _all(members, lambda member: member.attribution),
        _all(members, lambda member: member.text_required),
    )
    return f"| `{family}` | {len(members)} | {gates} | {' | '.join(acts)} |"


def _all(members: list[Licence], permits: Callable[[Licence], bool]) -> str:
    answers = {permits(member) for member in members}
    return "mostly" if len(answers) > 1 else ("yes" if answers.pop() else "no")


SECTIONS = {"rules": rules_section, "licences": licences_section}
"""Name of each generated section in docs/rights.md, between `<!-- NAME -->` and `<!-- /NAME -->`."""
