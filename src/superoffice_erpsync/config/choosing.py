"""Which profile of which file is meant."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from superoffice_erpsync.config.locating import NAME, find_file, looked_in
from superoffice_erpsync.errors import ConfigurationError

if TYPE_CHECKING:
    from superoffice_erpsync.config.profile import Profile


def chosen_profile(name: str | None, config: str | os.PathLike[str] | None) -> Profile | None:
    """The profile that is meant; None where there is no file, or it has no default and no name is given.

    Args:
        name: The profile's name; None for the file's default.
        config: The file; None for the one in the working directory, else in the user's configuration folder.

    Raises:
        ConfigurationError: The file or the profile is not there, or something in them cannot work.
    """
    path = find_file() if config is None else Path(config)
    if path is None:
        if name is None:
            return None
        raise ConfigurationError(
            f"there is no file {NAME} with a profile {name!r}: looked for {looked_in()}",
            hint="make one, or name it with --config, ERPSYNC_CONFIG or config=",
        )
    # TOML and pydantic load where there is a file, not in a command that needs none.
    from superoffice_erpsync.config.document import Document  # noqa: PLC0415

    document = Document.read(path)
    name = name or document.default
    if name is None:
        if config is None:
            return None
        raise ConfigurationError(
            f"{document.path} has no default_profile, and no profile is named",
            hint=f"name one with --profile or ERPSYNC_PROFILE; {document.known()}",
        )
    from superoffice_erpsync.config.reading import read_profile  # noqa: PLC0415

    return read_profile(document, name)
