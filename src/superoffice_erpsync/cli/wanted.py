"""What a resync is asked for: which options fit together, and whether it is one call or a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from superoffice_erpsync.batch import KeySource, Preflight
from superoffice_erpsync.batch.plan import check_of
from superoffice_erpsync.cli.actor_types import erp_actor_type
from superoffice_erpsync.cli.exit_codes import ExitCode
from superoffice_erpsync.cli.keys import CommandKeys, FewKeys, checked_arguments, crm_ids, few_or_many, keys_in
from superoffice_erpsync.cli.many import Manner, begin
from superoffice_erpsync.cli.one_call import one_call
from superoffice_erpsync.cli.options import GlobalOptions
from superoffice_erpsync.cli.output import note
from superoffice_erpsync.cli.texts import refuse_two_readers
from superoffice_erpsync.errors import InvalidRequest

_NAMES = {"keys": "a key", "key_file": "--keys", "internal_id_file": "--internal-ids"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records, as it stands on the command line."""

    connection: int | None
    actor_type: str | None
    keys: list[str]
    key_file: str | None
    internal_id_file: str | None
    column: str | None
    member: str | None
    everything: bool
    blank_values: str | None

    @property
    def file(self) -> str | None:
        """The file with keys."""
        return self.key_file if self.key_file is not None else self.internal_id_file

    def check(self) -> None:
        """Look at what fits together.

        Raises:
            InvalidRequest: Something does not.
        """
        if self.key_file is not None and self.actor_type is None:
            raise InvalidRequest("--keys needs --actor-type", hint="ids of internal keys come with --internal-ids")
        if self.internal_id_file is not None and self.actor_type is not None:
            raise InvalidRequest(
                "--internal-ids and --actor-type exclude each other", hint="keys of an ERP come with --keys"
            )
        for name in ("column", "member"):
            if getattr(self, name) is not None and self.file is None:
                raise InvalidRequest(f"--{name} needs a file", hint="name it with --keys or --internal-ids")
        if self.column is not None and self.member is not None:
            raise InvalidRequest("--column and --member exclude each other: a file is CSV or JSON lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """How a batch is planned, as it stands on the command line."""

    journal: Path | None
    chunk_size: int | None
    skip_bad_keys: bool
    preflight: bool
    crm_id_column: str | None
    dry_run: bool

    def check(self, wanted: Wanted) -> None:
        """Look at what fits together.

        Raises:
            InvalidRequest: Something does not.
        """
        if not self.preflight:
            if self.crm_id_column is not None:
                raise InvalidRequest("--crm-id-column is for --preflight")
            return
        if wanted.blank_values != "keep":
            raise InvalidRequest("--preflight is for --blank-values keep")
        if self.crm_id_column is None or (wanted.column is None and wanted.member is None):
            raise InvalidRequest(
                "--preflight needs the CRM's record id of each key",
                hint="have both in a file, and name the columns: --column for keys, --crm-id-column for ids",
            )
        if wanted.file == "-" or wanted.keys:
            raise InvalidRequest("--preflight needs all keys in a file, since it is read twice")


def refuse_beside_resume(wanted: Wanted, planning: Planning) -> None:
    """Refuse what contradicts going on with a batch as it was planned.

    Raises:
        InvalidRequest: There is something; the message names it.
    """
    said = [*_said(wanted), *_said(planning)]
    if said:
        raise InvalidRequest(
            f"--resume goes on with the batch as it was planned, and {said[0]} contradicts that",
            hint="leave it out, or start another batch with --journal and another file",
        )


def carry_out(
    options: GlobalOptions, wanted: Wanted, planning: Planning, manner: Manner, *, repeat_unknown: bool
) -> ExitCode:
    """Make the call, or carry out the batch.

    Raises:
        InvalidRequest: The options do not fit together, or there are keys that cannot be sent.
    """
    connection = wanted.connection
    assert connection is not None, "only --resume does without, as the option itself sees to"
    wanted.check()
    planning.check(wanted)
    refuse_two_readers(options.password_stdin, wanted.file)
    actor_type = None if wanted.actor_type is None else erp_actor_type(wanted.actor_type)
    of_many = [*_said(planning), *(f"--{name.replace('_', '-')}" for name in manner.said)]
    if wanted.everything and of_many:
        raise InvalidRequest(f"--everything is one call, and {of_many[0]} is for batches")
    if repeat_unknown and manner.on_unknown == "ask":
        raise InvalidRequest("--repeat-unknown and --on-unknown ask exclude each other")
    check = check_of(wanted.actor_type)
    file = None if wanted.file is None else keys_in(wanted.file, wanted.column, wanted.member)
    source = CommandKeys(checked_arguments(wanted.keys, check), file)
    if file is None and not wanted.keys and not wanted.everything:
        raise _no_keys()
    found: FewKeys | KeySource = source if of_many else few_or_many(source, check)
    if isinstance(found, FewKeys):
        _look_at(found, wanted.everything)
        return one_call(
            options,
            connection,
            actor_type,
            found.keys,
            keep=wanted.blank_values == "keep",
            everything=wanted.everything,
            repeat_unknown=repeat_unknown,
        )
    if wanted.everything:
        raise InvalidRequest("--everything contradicts keys")
    return begin(
        options,
        planning.journal,
        dry_run=planning.dry_run,
        connection_id=connection,
        actor_type=actor_type,
        keys=found,
        skip_bad=planning.skip_bad_keys,
        preflight=_preflight(wanted, planning),
        **({} if planning.chunk_size is None else {"chunk_size": planning.chunk_size}),
        **({} if wanted.blank_values is None else {"blank_values": str(wanted.blank_values)}),
        **manner.said,
    )


def _said(what: Wanted | Planning) -> list[str]:
    """The options that were given, as the user wrote them."""
    values: Mapping[str, Any] = {one.name: getattr(what, one.name) for one in fields(what)}
    # Not by truth: connection 0 was said.
    said = [name for name, value in values.items() if value is not None and value is not False and value != []]
    return [_NAMES.get(name, f"--{name.replace('_', '-')}") for name in said]


def _preflight(wanted: Wanted, planning: Planning) -> Preflight | None:
    if not planning.preflight or wanted.file is None or planning.crm_id_column is None:
        return None
    by_column = wanted.column is not None
    ids = keys_in(
        wanted.file, planning.crm_id_column if by_column else None, None if by_column else planning.crm_id_column
    )
    return Preflight(crm_ids=crm_ids(keys_in(wanted.file, wanted.column, wanted.member), ids))


def _look_at(found: FewKeys, everything: bool) -> None:
    count = len(found.keys)
    if found.doubles:
        note(f"note: {found.doubles} {'key' if found.doubles == 1 else 'keys'} came again; each is sent once")
    if everything and count:
        raise InvalidRequest(f"--everything contradicts {count} {'key' if count == 1 else 'keys'}")
    if not everything and not count:
        raise _no_keys()


def _no_keys() -> InvalidRequest:
    return InvalidRequest(
        "there are no keys, which the server takes for every key there is", hint="pass --everything if that is meant"
    )
