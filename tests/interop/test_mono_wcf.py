"""Our client against WCF, in Mono's edition."""

import json

import pytest

from integration.served import free_port
from interop import foreign
from interop.conversation import Conversation, check_sandbox
from superoffice_erpsync import ServerFault
from superoffice_erpsync.sandbox import Sandbox

pytestmark = pytest.mark.interop

REFERENCES = ("System.ServiceModel", "System.Runtime.Serialization", "System.Web.Extensions")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    mono, compiler = foreign.tool("mono"), foreign.tool("mcs")
    target = tmp_path_factory.mktemp("program") / "MonoHost.exe"
    references = [f"-r:{name}" for name in REFERENCES]
    built = foreign.attempt([compiler, f"-out:{target}", *references, foreign.HERE / "MonoHost.cs"])
    if "CS0006" in built:  # a referenced assembly is not there
        pytest.skip(f"Mono is installed without one of {', '.join(REFERENCES)}")
    assert target.exists(), built
    return [mono, target]


@pytest.fixture(scope="module")
def server(program, tmp_path_factory):
    with foreign.serving([*program, "serve"], tmp_path_factory.mktemp("mono"), free_port()) as running:
        yield running


class TestMono(Conversation):
    # It writes them raw.
    carriage_returns_survive = False
    fault_code = "InternalServiceFault"

    def test_detail_of_a_fault(self, client):
        with pytest.raises(ServerFault) as caught:
            client.get_connection(erp_connection_id=500)
        info = caught.value.exception_info
        assert info.message == "Broken <&> æøå"
        assert info.exception_type == "System.ServiceModel.FaultException"
        assert "Installation.GetConnection" in info.stack_trace


def test_client_of_the_sandbox(program):
    with Sandbox() as sandbox:
        check_sandbox(json.loads(foreign.run([*program, "call", sandbox.url])))
