"""What the package promises before it serves anything."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from superoffice_erpsync.sandbox import Sandbox, SandboxError
from superoffice_erpsync.sandbox.received import without_secrets


def run(code: str) -> str:
    done = subprocess.run(  # a fresh interpreter: this one has everything imported already
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_loads_no_server():
    loaded = run(
        """
        import sys
        import superoffice_erpsync.sandbox as sandbox
        sandbox.Sandbox(port=8086)
        print([name for name in ("starlette", "uvicorn", "h11") if name in sys.modules])
        """
    )
    assert loaded.strip() == "[]"


@pytest.mark.parametrize("missing", ["starlette", "h11"])
def test_starting_without_the_extra_says_what_to_install(missing):
    said = run(
        f"""
        import sys
        sys.modules[{missing!r}] = None
        from superoffice_erpsync.sandbox import Sandbox, SandboxError
        try:
            Sandbox().start()
        except SandboxError as problem:
            print(problem)
        """
    )
    assert 'pip install "superoffice-erpsync[sandbox]"' in said


def test_url_before_and_after_the_port_is_known():
    assert Sandbox(port=8086).url == "http://127.0.0.1:8086/Remote/Services86"
    assert Sandbox(port=8086, host="::1").url == "http://[::1]:8086/Remote/Services86"
    with pytest.raises(SandboxError, match="has not started"):
        _ = Sandbox().url


def test_each_sandbox_has_a_state_of_its_own():
    first, second = Sandbox(), Sandbox()
    first.state.crm.change("contact", 11, {"name": "Changed"})
    assert second.state.crm.record("contact", 11).values["name"] == "Fjordview Timber"


def test_repr_holds_no_password():
    sandbox = Sandbox(users={"ann": "very-secret"})
    assert "very-secret" not in repr(sandbox) + repr(sandbox.state)


def test_secrets_are_masked_at_any_depth():
    arguments = {"Connection": {"ConfigFields": {"a": "b"}, "Items": [{"Password": "c", "Name": "d"}]}, "Ticket": None}
    assert without_secrets(arguments) == {
        "Connection": {"ConfigFields": "***", "Items": [{"Password": "***", "Name": "d"}]},
        "Ticket": None,
    }
