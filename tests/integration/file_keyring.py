"""A keyring in a file, for processes that tests start: PYTHON_KEYRING_BACKEND names it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordSetError


class FileKeyring(KeyringBackend):
    """Keeps entries where FILE_KEYRING says; a folder in its place makes it refuse."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        found = self._entries().get(f"{service}\n{username}")
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self._path.is_dir():
            raise PasswordSetError(f"cannot keep {password}")
        self._write({**self._entries(), f"{service}\n{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        del entries[f"{service}\n{username}"]
        self._write(entries)

    @property
    def _path(self) -> Path:
        return Path(os.environ["FILE_KEYRING"])

    def _entries(self) -> dict[str, str]:
        return dict(json.loads(self._path.read_text(encoding="utf-8"))) if self._path.is_file() else {}

    def _write(self, entries: dict[str, str]) -> None:
        self._path.write_text(json.dumps(entries), encoding="utf-8")
