"""The operations as methods, one class a noun."""

from superoffice_erpsync.facade.actors import ActorsFacade
from superoffice_erpsync.facade.connections import ConnectionsFacade
from superoffice_erpsync.facade.connectors import ConnectorsFacade
from superoffice_erpsync.facade.engine import EngineFacade
from superoffice_erpsync.facade.mappings import MappingsFacade
from superoffice_erpsync.facade.principal import PrincipalFacade
from superoffice_erpsync.facade.sync import SyncFacade

__all__ = [
    "ActorsFacade",
    "ConnectionsFacade",
    "ConnectorsFacade",
    "EngineFacade",
    "MappingsFacade",
    "PrincipalFacade",
    "SyncFacade",
]
