"""Journals with a plan in them, and programs that die at a moment of their choice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from superoffice_erpsync.batch.journal import Journal
from superoffice_erpsync.batch.keys import external_key, source_of
from superoffice_erpsync.batch.plan import Cutting, make_plan
from superoffice_erpsync.batch.terms import Terms

TERMS = Terms(
    address="http://127.0.0.1/Remote/Services86",
    operation="ForceResyncExternal",
    connection_id=1,
    actor_type="Customer",
    blank_values="overwrite",
)


def planned(path: Path, keys: Iterable[str], *, chunk_size: int = 10, skip_bad: bool = False) -> Journal:
    """A journal with a plan, held open."""
    with ExitStack() as stack:
        journal = stack.enter_context(Journal.open(path, create=True))
        journal.begin(TERMS)
        cutting = Cutting(keys=chunk_size)
        make_plan(journal, source_of(keys), external_key, cutting, skip_bad=skip_bad, bisect_calls=None)
        stack.pop_all()
    return journal


def killed(program: str, folder: Path, *arguments: str) -> None:
    """Run a program that is to be killed, by itself or by this test, before it comes to its end."""
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path), *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert done.stderr == ""


DIE = """
import os, signal, sys

def die():
    # On Windows this ends the process at once as well.
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""
