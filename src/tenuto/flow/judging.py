"""From the archive's configuration to the rights policy every exit asks."""

from difflib import get_close_matches

from tenuto.model.config import Config
from tenuto.model.errors import ConfigError
from tenuto.rights.licences import all_licences
from tenuto.rights.policies import RightsOptions

__all__ = ["rights_options"]


def rights_options(config: Config) -> RightsOptions:
    """Give the rights policy's settings as tenuto.toml has them; raises ConfigError for a licence nobody knows."""
    known = {licence.id for licence in all_licences()}
    for named in config.rights.closed_licences:
        if named not in known:
            near = get_close_matches(named, known, 1)
            hint = f"Did you mean `{near[0]}`?" if near else "Write a licence's id as `tenuto stats` shows it."
            raise ConfigError(f"tenuto.toml: rights.closed_licences names {named!r}, which is no licence", hint=hint)
    return RightsOptions(commercial=config.rights.commercial, closed_licences=frozenset(config.rights.closed_licences))
