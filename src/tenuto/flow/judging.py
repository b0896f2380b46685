"""From the archive's configuration to the rights policy every exit asks."""

from difflib import get_close_matches

from tenuto.model.config import Config
from tenuto.model.errors import ConfigError
from tenuto.model.rights import Confidence
from tenuto.rights.licences import all_licences
from tenuto.rights.policies import RightsOptions

__all__ = ["rights_options"]


_SETTABLE = (
    Confidence.EXACT,
    Confidence.TAIL,
    Confidence.DEFAULT,
    Confidence.PARTIAL,
)  # an ambiguous match never opens


def rights_options(config: Config) -> RightsOptions:
    """Give the rights policy's settings as tenuto.toml has them; raises ConfigError for a value nobody knows."""
    _check_licences(config.rights.closed_licences)
    return RightsOptions(
        commercial=config.rights.commercial,
        minimum_confidence=_confidence(config.rights.minimum_confidence),
        closed_licences=frozenset(config.rights.closed_licences),
    )


def _check_licences(names: tuple[str, ...]) -> None:
    known = {licence.id for licence in all_licences()}
    for named in names:
        if named not in known:
            near = get_close_matches(named, known, 1)
            hint = f"Did you mean `{near[0]}`?" if near else "Write a licence's id as `tenuto stats` shows it."
            raise ConfigError(f"tenuto.toml: rights.closed_licences names {named!r}, which is no licence", hint=hint)


def _confidence(name: str) -> Confidence:
    if name in _SETTABLE:
        return Confidence(name)
    raise ConfigError(
        f"tenuto.toml: rights.minimum_confidence is {name!r}, which is none that can open",
        hint=f"Write {', '.join(_SETTABLE[:-1])} or {_SETTABLE[-1]}; docs/rights.md says what they mean.",
    )
