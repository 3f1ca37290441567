"""Our client against node-soap's server."""

import json

import pytest

from integration.served import free_port
from interop import foreign
from interop.conversation import Conversation, check_live_wsdl, check_sandbox
from superoffice_erpsync.sandbox import Sandbox

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def node():
    program = foreign.tool("node")
    return program, {"NODE_PATH": str(foreign.node_modules())}


@pytest.fixture(scope="module")
def server(node, tmp_path_factory):
    program, environment = node
    command = [program, foreign.HERE / "node_server.js"]
    with foreign.serving(command, tmp_path_factory.mktemp("node"), free_port(), environment) as running:
        yield running


class TestNode(Conversation):
    nil_items_survive = False


def test_live_wsdl(server):
    check_live_wsdl(server)


def test_client_of_the_sandbox(node):
    program, environment = node
    with Sandbox() as sandbox:
        told = json.loads(foreign.run([program, foreign.HERE / "node_client.js", sandbox.url], **environment))
    check_sandbox(told)
    assert told["failure"] == "SuperOffice.Exceptions.SoSessionException"
