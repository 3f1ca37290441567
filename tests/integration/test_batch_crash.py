"""A resync whose process is killed again and again: every good key is resynced, every bad one is named.

A long form, which takes minutes:

    ERPSYNC_BATCH_SEED=7 ERPSYNC_BATCH_KEYS=100000 ERPSYNC_BATCH_KILLS=20 pytest tests/integration/test_batch_crash.py
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from superoffice_erpsync.batch import State, open_report
from superoffice_erpsync.sandbox import Sandbox
from unit.batch.companies import Companies, sent_keys

KEYS = int(os.environ.get("ERPSYNC_BATCH_KEYS", "3000"))
KILLS = int(os.environ.get("ERPSYNC_BATCH_KILLS", "5"))
SECONDS = KEYS / 3_000 / KILLS
"""Within which a kill strikes after the first chunk was sent; so long that all of them strike before the end."""

PROGRAM = """
import sys
from pathlib import Path
from superoffice_erpsync import ErpActorType, ErpSyncClient, UsernamePassword
from superoffice_erpsync.batch import TextKeys, resync

url, keys, journal = sys.argv[1:]
told = iter([1])


def tell(progress):
    if next(told, 0):
        print("sending", flush=True)


with ErpSyncClient.soap(url, UsernamePassword("tje0", "Tje0")) as client:
    resync(
        client,
        connection_id=1,
        keys=TextKeys(keys),
        actor_type=ErpActorType.CUSTOMER,
        chunk_size=250,
        journal=Path(journal),
        on_progress=tell,
    )
"""


def killed(arguments: list[str], dice: random.Random, *, early: bool) -> bool:
    """Run the program and kill it at some moment; whether it was still at work."""
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        if early:
            # Among the imports, the planning, the first chunks: wherever this machine is by then.
            time.sleep(dice.uniform(0.3, 1.0))
        else:
            program.stdout.readline()
            time.sleep(dice.uniform(0, SECONDS))
        at_work = program.poll() is None
        program.kill()
        program.wait()
    return at_work


@pytest.mark.timeout(120 + KEYS / 20)
def test_whatever_kills_the_process_no_key_is_lost(tmp_path: Path) -> None:
    dice = random.Random(os.environ.get("ERPSYNC_BATCH_SEED"))
    program, file, journal = tmp_path / "program.py", tmp_path / "keys.txt", tmp_path / "journal"
    program.write_text(PROGRAM, encoding="utf-8")
    with Sandbox(latency=timedelta(milliseconds=5)) as sandbox:
        companies = Companies(sandbox, KEYS)
        keys, bad = companies.keys_with_bad_ones(100)
        file.write_text("\n".join(keys), encoding="utf-8")
        arguments = [str(program), sandbox.url, str(file), str(journal)]
        kills = sum(killed(arguments, dice, early=number == 0) for number in range(KILLS))
        assert kills >= min(3, KILLS), "the machine was too fast for the kills: they came after the end"
        subprocess.run([sys.executable, *arguments], check=True, timeout=60 + KEYS / 20)
        report = open_report(journal)
        assert (report.complete, report.any_unknown, report.holder) == (True, False, None)
        assert [fate.key for fate in report.failed()] == bad
        assert report.keys[State.DONE] == len(keys) - len(bad)
        wanted = set(keys)
        assert companies.resynced == [key for key in companies.keys if key in wanted]
        # The log of the sandbox goes back some thousands of calls only.
        if KEYS <= 5_000:
            assert {key for sent in sent_keys(sandbox) for key in sent} == wanted
