"""The readers of answers under atheris, which looks for inputs that take new ways through the code.

By hand, from the folder of the project: `python tests/fuzz/atheris_answers.py -max_total_time=60`. All arguments are
libFuzzer's. Without a corpus of its own, a run begins with the fixtures. The first two bytes of an input choose what is
read and as the answer to which operation; the rest is the message.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["superoffice_erpsync"]):
    from fuzz.corpus import Message, messages
    from fuzz.readers import read_packed, read_rest, read_soap, read_status, redact
    from superoffice_erpsync.operations import OPERATIONS

NAMES = sorted(OPERATIONS)
WAYS = ("Services86", "Services88", "REST", "around", "packed")
_LONGEST = 25_000
"""Bytes of a fixture that is worth the time: the long ones for the readers of long arrays are a little shorter."""
_AROUND = 10
"""Each so many of the fixtures is read as text too, which all are alike as."""
_PACKINGS = (None, "gzip", "deflate", "x-gzip", "identity", "br")


def one_input(data: bytes) -> None:
    """Read one input; an exception ends the run."""
    if len(data) < 2:
        return
    way, operation, content = WAYS[data[0] % len(WAYS)], NAMES[data[1] % len(NAMES)], data[2:]
    match way:
        case "REST":
            read_rest(Message(operation, way, content))
        case "around":
            text = content.decode("utf-8", "replace")
            redact(text)
            read_status(200 + data[1], {"Retry-After": text[:60]}, content)
        case "packed":
            read_packed(content, _PACKINGS[data[1] % len(_PACKINGS)], Random(len(content)))
        case _:
            read_soap(Message(operation, way, content))


def write_corpus(folder: Path) -> None:
    """The fixtures as inputs."""
    for wire in ("soap", "rest"):
        short = [message for message in messages(wire) if len(message.data) < _LONGEST]
        for number, message in enumerate(short):
            operation = NAMES.index(message.operation)
            for way in (message.services,) if number % _AROUND else (message.services, "around"):
                start = bytes([WAYS.index(way), operation])
                (folder / f"{wire}-{number}-{way}").write_bytes(start + message.data)


def main() -> None:
    """Fuzz until libFuzzer's arguments say that it is enough, or something is found."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        arguments = sys.argv
        if not any(not one.startswith("-") for one in sys.argv[1:]):
            write_corpus(Path(folder))
            arguments = [*sys.argv, folder]
        atheris.Setup(arguments, one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
