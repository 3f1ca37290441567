"""The log of a command that nobody watches, on standard error or in a file.

With one, all that the command says beside its result is a record of it, and so is what the library logs.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from superoffice_erpsync.cli.account import COMMAND_LOG, Account, facts_of
from superoffice_erpsync.errors import ConfigurationError, ErpSyncError
from superoffice_erpsync.redaction import scrub

if TYPE_CHECKING:
    from superoffice_erpsync.cli.exit_codes import ExitCode
    from superoffice_erpsync.cli.options import GlobalOptions

_LIBRARY = "superoffice_erpsync"
_TROUBLE = "superoffice_erpsync.log"
_PREFIXES = {"error: ": logging.ERROR, "note: ": logging.WARNING, "": logging.INFO}


class CommandLog(logging.StreamHandler[TextIO]):
    """Writes records, each with what is known of the command.

    Args:
        stream: Standard error, or a file.
        account: What is known of the command.
        watched: See the attribute.
    """

    def __init__(self, stream: TextIO, account: Account, *, watched: bool) -> None:
        super().__init__(stream)
        self.maskers: list[Callable[[str], str]] = []
        """Take what is secret out of a text."""
        self.watched = watched
        """Whether somebody looks at standard error while the records go elsewhere."""
        self._account = account

    def masked(self, text: str) -> str:
        """The text without secrets."""
        for mask in self.maskers:
            text = mask(text)
        return text

    def show(self, text: str) -> None:
        """Show a text that is in the log to whoever watches the terminal."""
        if self.watched:
            # Whoever watched may have closed the terminal.
            with suppress(OSError):
                sys.stderr.write(f"{text}\n")
                sys.stderr.flush()

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is written, with what is known of the command."""
        for name, value in self._account.constant.items():
            record.__dict__.setdefault(name, value)
        return super().format(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 # logging's name
        """A full disk ends the file and not the command: what follows goes to standard error."""
        problem = sys.exc_info()[1]
        if isinstance(problem, OSError) and self.stream is not sys.stderr:
            self.stream = sys.stderr
            self._say(f"the log goes on here, its file cannot be written: {problem.strerror}")
            self.emit(record)
        elif isinstance(problem, OSError) or record.name == _TROUBLE:
            # There is nowhere left to tell it.
            return
        else:
            # Without the record's texts, which nobody has masked.
            self._say(f"a record of {record.name} cannot be written: {type(problem).__name__}")

    def fail(self, text: str, error: Exception, **more: str | None) -> None:
        """Write the record of an error that ends the command.

        Args:
            text: What went wrong.
            error: The error. One that nobody expected has its traceback in the record.
            more: Further fields; None for none.
        """
        logging.getLogger(COMMAND_LOG).error(
            "%s",
            text,
            exc_info=None if isinstance(error, ErpSyncError) else error,
            extra=facts_of(error) | {name: value for name, value in more.items() if value is not None},
        )

    def end_at_once(self, code: ExitCode) -> None:
        """Write the last word, as a handler of a signal that ends the process.

        Past the stream, which the signal may have found at work: a record leaves it in one piece, before or after.
        """
        line = self.format(self._account.last_word(code))
        os.write(self.stream.fileno(), f"{line}\n".encode("utf-8", "backslashreplace"))

    def end(self, code: ExitCode) -> None:
        """Write the last word, whatever the level of the log is."""
        self.handle(self._account.last_word(code))

    def close(self) -> None:
        """Close the file."""
        try:
            if self.stream is not sys.stderr:
                self.stream.close()
        except OSError:
            # What could not be written was told about when it was.
            pass
        finally:
            super().close()

    def _say(self, text: str) -> None:
        self.emit(
            logging.makeLogRecord({"name": _TROUBLE, "levelno": logging.ERROR, "levelname": "ERROR", "msg": text})
        )


def current_log() -> CommandLog | None:
    """The log, None where nobody asked for one."""
    return next((one for one in logging.getLogger().handlers if isinstance(one, CommandLog)), None)


def logged(text: str, **fields: Any) -> bool:
    """Put a note into the log, and whether there is one.

    Args:
        text: What to say; `error: ` or `note: ` before it make the level.
        fields: What it says, for machines.
    """
    log = current_log()
    if log is None:
        return False
    prefix = next(one for one in _PREFIXES if text.startswith(one))
    logging.getLogger(COMMAND_LOG).log(_PREFIXES[prefix], "%s", text.removeprefix(prefix), extra=fields)
    log.show(text)
    return True


@contextmanager
def log_kept(options: GlobalOptions) -> Iterator[CommandLog]:
    """Log while it lasts.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    log = _log_of(options)
    level = getattr(logging, (options.log_level or "info").upper())
    log.setLevel(level)
    everybody, library = logging.getLogger(), logging.getLogger(_LIBRARY)
    before = library.level
    # Of other libraries, what they warn of: on standard error it would stand between the records.
    everybody.addHandler(log)
    library.setLevel(level)
    try:
        yield log
    finally:
        everybody.removeHandler(log)
        library.setLevel(before)
        log.close()


def _log_of(options: GlobalOptions) -> CommandLog:
    from superoffice_erpsync.cli.log_formats import JsonLines, TextLines
    from superoffice_erpsync.cli.private_files import open_for_owner

    stream = sys.stderr
    if options.log_file is not None:
        try:
            stream = open_for_owner(options.log_file)
        except OSError as problem:
            raise ConfigurationError(f"the log cannot be written to {options.log_file}: {problem.strerror}") from None
    log = CommandLog(stream, options.account, watched=options.log_file is not None and sys.stderr.isatty())
    log.maskers.append(lambda text: scrub(text, options.secrets))
    log.setFormatter(JsonLines(log.masked) if options.log_format == "json" else TextLines(log.masked))
    return log
