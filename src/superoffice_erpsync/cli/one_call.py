"""A resync by one call, whose answer is shown as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from superoffice_erpsync.cli.answers import show_answer
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import waiting
from superoffice_erpsync.cli.session import session
from superoffice_erpsync.errors import OperationNotAvailable
from superoffice_erpsync.operations import OPERATIONS

if TYPE_CHECKING:
    from superoffice_erpsync.models import ErpActorType


def one_call(
    options: GlobalOptions,
    connection: int,
    actor_type: ErpActorType | None,
    keys: Sequence[str],
    *,
    keep: bool,
    **more: bool,
) -> ExitCode:
    """Make the call and show its answer.

    Args:
        options: What was said about the installation.
        connection: The source.
        actor_type: Kind of the actors; None where the keys are ids of internal keys.
        keys: The keys; none for everything, where that is said.
        keep: Whether blank values leave filled ones alone.
        more: Whether to repeat it and whether everything is meant, for the client's method.
    """
    arguments: dict[str, Any] = {"erp_connection_id": connection}
    if actor_type is None:
        operation = "ForceResync"
        arguments |= {"internal_key_ids": [int(key) for key in keys]}
    else:
        operation = "ForceResyncExternal"
        arguments |= {"erp_actor_type": actor_type, "external_keys": list(keys)}
    operation += "NoBlankValues" if keep else ""
    with session(options) as client, waiting(operation):
        try:
            answer = getattr(client, OPERATIONS[operation].name)(**arguments, **more)
        except OperationNotAvailable as error:
            if keep and actor_type is not None:
                error.hint = f"{error.hint}; or give --preflight, which leaves out the keys that would lose values"
            raise
    return show_answer(operation, answer, options.output)
