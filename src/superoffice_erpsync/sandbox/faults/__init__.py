"""Faults on demand: bad networks and servers, rehearsed. See `FaultRule` for what there is."""

from superoffice_erpsync.sandbox.faults.register import CountedRule, Faults
from superoffice_erpsync.sandbox.faults.rule import FaultRule

__all__ = ["CountedRule", "FaultRule", "Faults"]
