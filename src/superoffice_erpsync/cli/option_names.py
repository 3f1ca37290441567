"""What the library's texts say for Python, said for the command: options instead of arguments, the vendor's names of
members instead of ours."""

from __future__ import annotations

import re

_ARGUMENTS = {
    "actor_type": "--actor-type",
    "bisect_calls": "--bisect-calls",
    "blank_values": "--blank-values",
    "chunk_size": "--chunk-size",
    "connection_id": "--connection",
    "on_unknown": "--on-unknown",
    "rate must": "--rate must",
}
_PHRASES = {
    "everything=True": "--everything",
    "skip_missing=True": "--skip-missing",
    "blank_values='keep'": "--blank-values keep",
    'wsdl="live"': "--wsdl live",
    "verify=PATH (--ca-bundle)": "--ca-bundle",
    "allow_insecure=True (--allow-insecure)": "--allow-insecure",
    "allow_insecure=True": "--allow-insecure",
    ", ERPSYNC_CONFIG or config=": " or ERPSYNC_CONFIG",
    "give a preflight": "give --preflight",
    "address as soap_url": "address as --soap-url",
    "give soap_url too": "give --soap-url too",
    "repeat_unknown is not for": "--repeat-unknown is not for",
    "leave out select": "leave out --select",
    "resume without keys": "go on with --resume and no keys",
}


def said_for_command(text: str, operation: str | None = None) -> str:
    """A text of the library as the command shows it. Names of files that look like an argument stay as they are.

    Args:
        text: The text.
        operation: The vendor's name of the operation that it is about.
    """
    for phrase, option in _PHRASES.items():
        text = text.replace(phrase, option)
    names = {**_ARGUMENTS, **_members(operation)}
    anything = "|".join(map(re.escape, names))
    return re.sub(rf"(?<![\w./\\-])({anything})(?![\w./\\-])", lambda found: names[found[0]], text)


def _members(operation: str | None) -> dict[str, str]:
    if operation is None:
        return {}
    # Loaded once something has failed, as in `exit_codes`.
    from superoffice_erpsync.operations import OPERATIONS

    known = OPERATIONS.get(operation)
    # A name of one word may be an ordinary one.
    return {one.name: one.wire for one in known.arguments if "_" in one.name} if known else {}
