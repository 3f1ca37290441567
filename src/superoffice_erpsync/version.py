"""Which release this is."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version

DISTRIBUTION = "superoffice-erpsync"


def version() -> str:
    """The installed release, as in `1.2.0`."""
    try:
        return installed_version(DISTRIBUTION)
    except PackageNotFoundError:  # a source tree on the path, not installed
        return "0+unknown"


def user_agent() -> str:
    """What this package calls itself to servers."""
    return f"{DISTRIBUTION}/{version()}"
