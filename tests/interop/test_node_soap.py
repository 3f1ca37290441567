"""Our client against node-soap's server."""

import pytest

from interop import foreign
from interop.conversation import Conversation

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def node():
    program = foreign.tool("node")
    return program, {"NODE_PATH": str(foreign.node_modules())}


@pytest.fixture(scope="module")
def server(node, tmp_path_factory):
    program, environment = node
    command = [program, foreign.HERE / "node_server.js"]
    with foreign.serving(command, tmp_path_factory.mktemp("node"), foreign.free_port(), environment) as running:
        yield running


class TestNode(Conversation):
    nil_items_survive = False
