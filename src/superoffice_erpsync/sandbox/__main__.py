"""`python -m superoffice_erpsync.sandbox`: the sandbox in the foreground."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from superoffice_erpsync.sandbox import FaultRule, Sandbox, SandboxError
from superoffice_erpsync.sandbox.faults.notation import FORM, parse_rule
from superoffice_erpsync.sandbox.faults.rule import KINDS
from superoffice_erpsync.sandbox.state.seed import DEFAULT_USERS


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C; 1 when the sandbox cannot start."""
    options = _parser().parse_args(arguments)
    sandbox = Sandbox(
        options.port,
        options.host,
        ticket_lifetime=timedelta(minutes=options.ticket_minutes),
        max_request_bytes=options.max_request_bytes or None,
        latency=timedelta(milliseconds=options.latency_ms),
        gzip=options.gzip,
        faults=options.fault,
        state_file=options.state,
    )
    try:
        sandbox.start()
        _tell(sandbox, options.state)
        sandbox.serve_forever()
    except SandboxError as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - this module is the command
        return 1
    return 0


def _tell(sandbox: Sandbox, state_file: Path | None) -> None:
    user, password = next(iter(DEFAULT_USERS.items()))
    lines = [f"Serving {sandbox.url}", f"Log in as {user} with the password {password}. Ctrl-C ends."]
    lines += [f"{name:<10} {address}" for name, address in sandbox.addresses.items()]
    if state_file is not None:
        lines.append(f"{'State':<10} {state_file.absolute()}")
    print("\n".join(lines), flush=True)  # noqa: T201


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m superoffice_erpsync.sandbox", description="Serve an installation in a box on this machine."
    )
    parser.add_argument("--port", type=int, default=8086, help="0 for any free one (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--ticket-minutes", type=float, default=360, help="life of an unused ticket (default: 6 hours)")
    parser.add_argument(
        "--max-request-bytes", type=int, default=65_536, help="0 for no limit (default: %(default)s, as WCF)"
    )
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="keep the state in this file (default: fresh with every start)"
    )
    parser.add_argument("--latency-ms", type=float, default=0, help="waited before every answer (default: none)")
    parser.add_argument("--gzip", action="store_true", help="pack answers for callers who take that")
    parser.add_argument(
        "--fault",
        type=_rule,
        action="append",
        default=[],
        help=f"something that goes wrong, {FORM.replace('%', '%%')}, such as lost_answer:ForceResync:1 or drop:*:10%%; "
        f"may be repeated; kinds: {', '.join(KINDS)}",
    )
    return parser


def _rule(text: str) -> FaultRule:
    try:
        return parse_rule(text)
    except ValueError as problem:
        # argparse shows the message of this exception only.
        raise argparse.ArgumentTypeError(str(problem)) from None


if __name__ == "__main__":
    sys.exit(main())
