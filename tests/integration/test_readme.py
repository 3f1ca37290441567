"""The README's Python examples run as they stand there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sybil.document import Document
from sybil.parsers.markdown import PythonCodeBlockParser

README = Path(__file__).parents[2] / "README.md"


def examples() -> list[Any]:
    document = Document.parse(str(README), PythonCodeBlockParser())
    return list(document.examples())


def test_readme_has_examples() -> None:
    assert len(examples()) >= 4


def test_examples_run_in_the_order_of_reading(capsys: pytest.CaptureFixture[str]) -> None:
    # One namespace for all: later examples use the imports of earlier ones, as a reader does.
    for example in examples():
        example.evaluate()
    shown = capsys.readouterr().out
    assert "contact " in shown
    assert "AuthenticationError AuthenticateUsernamePassword rejected" in shown
