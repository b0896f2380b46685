"""From the archive's configuration to the rights policy every exit asks."""

from tenuto.model.config import Config
from tenuto.rights.policies import RightsOptions

__all__ = ["rights_options"]


def rights_options(config: Config) -> RightsOptions:
    """Give the rights policy's settings as tenuto.toml has them."""
    return RightsOptions(commercial=config.rights.commercial, closed_licences=frozenset(config.rights.closed_licences))
