"""What an installation says about itself, by the service SoPrincipal."""

from superoffice_erpsync.models import SoSystemInfoCarrier
from superoffice_erpsync.operations.base import Nature, Operation

GET_SYSTEM_INFO = Operation[SoSystemInfoCarrier | None](
    wire="GetSystemInfo",
    result=SoSystemInfoCarrier | None,
    nature=Nature.READ,
    service="SoPrincipal",
    result_member="SystemInfo",
)

OPERATIONS = (GET_SYSTEM_INFO,)
