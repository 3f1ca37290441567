"""The program that judges Windows logins for a sandbox, run as a process of its own.

pyspnego finds the accounts in a file that a variable of the environment names. A process's environment is one for all
of its threads, and a sandbox lives in its user's process; so the variable is set here.

The first line of the standard input is a JSON object with the accounts and the channel bindings, each further line is
a step of a login, and each is answered by a line. The end of the input is the end of the program. It imports nothing
of the package, so that it runs from wherever the package lies.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import spnego
from spnego.channel_bindings import GssChannelBindings

_MOST_UNFINISHED = 1000
"""Logins that are remembered while their next step is awaited."""

# The library's own Python code on every system: Windows itself would ask for accounts of this machine.
_OPTIONS = {"ntlm": spnego.NegotiateOptions.use_ntlm, "negotiate": spnego.NegotiateOptions.use_negotiate}


def main() -> None:
    """Answer until the input ends."""
    # Ctrl-C in a terminal reaches this process too; the end of the input will come, and what is here is put away.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    first = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory(prefix="superoffice-erpsync-") as folder:
        accounts = Path(folder, "accounts")
        accounts.touch(mode=0o600)
        accounts.write_text("".join(f"{line}\n" for line in first["accounts"]), encoding="utf-8")
        os.environ["NTLM_USER_FILE"] = str(accounts)
        bindings = first["bindings"] and GssChannelBindings(application_data=base64.b64decode(first["bindings"]))
        logins: OrderedDict[str, spnego.ContextProxy] = OrderedDict()
        for line in sys.stdin:
            print(json.dumps(_step(logins, bindings, json.loads(line))), flush=True)  # noqa: T201 - the way back


def _step(logins: OrderedDict[str, spnego.ContextProxy], bindings: Any, asked: dict[str, Any]) -> dict[str, Any]:
    login, scheme = asked["login"], asked["scheme"]
    context = logins.pop(login, None)
    if context is None:
        context = spnego.server(protocol=scheme, options=_OPTIONS[scheme], channel_bindings=bindings)
    try:
        token = context.step(base64.b64decode(asked["token"]))
    except Exception as problem:
        # Whatever a client sends must not end the program.
        return {"token": None, "account": None, "problem": type(problem).__name__}
    if not context.complete:
        logins[login] = context
        if len(logins) > _MOST_UNFINISHED:
            logins.popitem(last=False)
    return {
        "token": base64.b64encode(token).decode("ascii") if token else None,
        "account": context.client_principal if context.complete else None,
        "problem": None,
    }


if __name__ == "__main__":
    main()
