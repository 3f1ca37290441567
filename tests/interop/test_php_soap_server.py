"""Our client against PHP's SoapServer."""

import pytest

from interop import foreign
from interop.conversation import Conversation

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def php():
    program = foreign.tool("php")
    if "soap" not in foreign.run([program, "-m"]).lower().split():
        pytest.skip("PHP's soap extension is not installed")
    return program


@pytest.fixture(scope="module")
def server(php, tmp_path_factory):
    port = foreign.free_port()
    command = [php, "-d", "display_errors=stderr", "-S", f"127.0.0.1:{port}", foreign.HERE / "php_server.php"]
    with foreign.serving(command, tmp_path_factory.mktemp("php"), port) as running:
        yield running


class TestPhp(Conversation):
    pass
