"""Asking before something is taken away."""

from __future__ import annotations

import sys

import typer

from superoffice_erpsync.errors import InvalidRequest


def confirm(question: str, *, yes: bool) -> None:
    """Go on where the user means it.

    Args:
        question: What is about to be done, as a question.
        yes: It was said beforehand.

    Raises:
        InvalidRequest: The user says no, or there is nobody to ask.
        KeyboardInterrupt: The user ends it.
    """
    if yes:
        return
    if not sys.stdin or not sys.stdin.isatty():
        raise InvalidRequest("this needs a yes first, and there is no terminal to ask on", hint="pass --yes")
    try:
        meant = typer.confirm(question, err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None
    if not meant:
        raise InvalidRequest("it was not confirmed")
