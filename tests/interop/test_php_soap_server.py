"""Our client against PHP's SoapServer."""

import json

import pytest

from integration.served import free_port
from interop import foreign
from interop.conversation import Conversation, check_live_wsdl, check_sandbox
from superoffice_erpsync.sandbox import Sandbox

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def php():
    program = foreign.tool("php")
    if "soap" not in foreign.run([program, "-m"]).lower().split():
        pytest.skip("PHP's soap extension is not installed")
    return program


@pytest.fixture(scope="module")
def server(php, tmp_path_factory):
    port = free_port()
    command = [php, "-d", "display_errors=stderr", "-S", f"127.0.0.1:{port}", foreign.HERE / "php_server.php"]
    with foreign.serving(command, tmp_path_factory.mktemp("php"), port) as running:
        yield running


class TestPhp(Conversation):
    """It does everything as it should."""


def test_live_wsdl(server):
    check_live_wsdl(server)


def test_client_of_the_sandbox(php):
    with Sandbox() as sandbox:
        told = json.loads(foreign.run([php, foreign.HERE / "php_client.php", sandbox.url]))
    check_sandbox(told)
    assert told["failure"] == "SuperOffice.Exceptions.SoSessionException"
