"""Resyncs of many keys: planned, journalled, resumable, and courteous to the server.

    resync.py -> plan.py -> runner.py -> chunk.py -> client
                     |          |
                  journal.py: schema, chunks, report

`resync` reads the keys, checks them and cuts them into chunks; the runner sends these through workers and notes what
came of each; the report tells it. Nothing here prints.

    keys = TextKeys("keys.txt")
    report = resync(client, connection_id=2, actor_type=ErpActorType.CUSTOMER, keys=keys, journal="run.db")
    report = resume(client, "run.db")  # after whatever ended it
    for fate in open_report("run.db").failed():
        print(fate.key, fate.explanation)

A batch is what a journal plans; a run is a process at work on it.
"""

from superoffice_erpsync.batch.errors import InvalidKeys, JournalError, JournalLocked
from superoffice_erpsync.batch.keys import BadKey, Found, Keys, KeySource
from superoffice_erpsync.batch.preflight import Preflight
from superoffice_erpsync.batch.progress import Progress
from superoffice_erpsync.batch.report import KeyFate, ResyncReport, open_report
from superoffice_erpsync.batch.resync import resume, resync
from superoffice_erpsync.batch.sources import CsvKeys, JsonLinesKeys, TextKeys
from superoffice_erpsync.batch.states import State, StopReason
from superoffice_erpsync.batch.terms import Terms

__all__ = [
    "BadKey",
    "CsvKeys",
    "Found",
    "InvalidKeys",
    "JournalError",
    "JournalLocked",
    "JsonLinesKeys",
    "KeyFate",
    "KeySource",
    "Keys",
    "Preflight",
    "Progress",
    "ResyncReport",
    "State",
    "StopReason",
    "Terms",
    "TextKeys",
    "open_report",
    "resume",
    "resync",
]
