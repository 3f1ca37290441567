"""suds as a client of the sandbox."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest

from interop import foreign
from interop.conversation import check_changes, check_sandbox
from superoffice_erpsync.sandbox import Sandbox

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def python():
    """A Python that has suds: that of ERPSYNC_SUDS_PYTHON, or else the one that runs the tests."""
    stated = os.environ.get("ERPSYNC_SUDS_PYTHON")
    if stated:
        found = shutil.which(stated)
        asked = found and subprocess.run([found, "-c", "import suds"], capture_output=True, timeout=20, check=False)
        if asked and asked.returncode == 0:
            return found
        pytest.skip(f"ERPSYNC_SUDS_PYTHON names {stated}, which does not have suds")
    if importlib.util.find_spec("suds") is None:
        pytest.skip("suds is not installed: pip install suds-community, and name its Python in ERPSYNC_SUDS_PYTHON")
    return sys.executable


@pytest.mark.parametrize("services", ["Services86", "Services88"])
def test_suds_understands_the_sandbox(python, services):
    with Sandbox() as sandbox:
        address = sandbox.url if services == "Services86" else sandbox.services88_url
        told = json.loads(foreign.run([python, foreign.HERE / "suds_client.py", address], PYTHONPATH=""))
        check_sandbox(told)
        check_changes(told, sandbox)
