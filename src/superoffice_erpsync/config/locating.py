"""Where `erpsync.toml` is looked for."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

NAME = "erpsync.toml"


def places() -> list[Path]:
    """Where the file may lie; the first that is there counts."""
    # Slow to load, and most programs know no profiles.
    from platformdirs import user_config_path  # noqa: PLC0415

    found = []
    with suppress(OSError):  # the folder of a process can be gone
        found.append(Path.cwd() / NAME)
    return [*found, user_config_path("superoffice-erpsync", appauthor=False) / NAME]


def find_file() -> Path | None:
    """The file that counts, None where there is none."""
    for place in places():
        with suppress(OSError):
            if place.is_file():
                return place
    return None


def looked_in() -> str:
    """The places, for an error that says that there is no file."""
    return " and ".join(str(place) for place in places())
