"""Clients generated from the WSDL that the sandbox itself tells: by svcutil for WCF, by wsdl for ASP.NET."""

import json

import pytest

from interop import foreign
from interop.conversation import check_changes, check_sandbox
from superoffice_erpsync.sandbox import Sandbox

pytestmark = pytest.mark.interop

SERVICES = ("SoPrincipal", "ErpSync")
WCF = ("System.ServiceModel", "System.Runtime.Serialization", "System.Web.Extensions")
ASMX = ("System.Web.Services", "System.Web.Extensions")


@pytest.fixture
def sandbox():
    with Sandbox() as running:
        yield running


def address_of(sandbox, services):
    return sandbox.url if services == "Services86" else sandbox.services88_url


def generate(command, target):
    said = foreign.attempt(command)
    assert target.exists(), said


def build(target, references, *more):
    compiler = foreign.tool("mcs")
    said = foreign.attempt([compiler, f"-out:{target}", *[f"-r:{name}" for name in references], *more])
    if "CS0006" in said:  # a referenced assembly is not there
        pytest.skip(f"Mono is installed without one of {', '.join(references)}")
    assert target.exists(), said


def check(sandbox, program, address):
    told = json.loads(foreign.run([foreign.tool("mono"), program, address]))
    check_sandbox(told)
    check_changes(told, sandbox)


@pytest.mark.parametrize("services", ["Services86", "Services88"])
def test_svcutil(sandbox, services, tmp_path):
    generator, address = foreign.tool("svcutil"), address_of(sandbox, services)
    for service in SERVICES:
        # One after the other: of several addresses it takes the last alone.
        target = tmp_path / f"{service}.cs"
        generate([generator, "-noLogo", "-noConfig", f"-out:{target}", f"{address}/{service}.svc?wsdl"], target)
    # In an assembly of its own: both files have the types that the services share.
    principal, program = tmp_path / "SoPrincipal.dll", tmp_path / "client.exe"
    build(principal, WCF, "-target:library", tmp_path / "SoPrincipal.cs")
    build(
        program,
        [*WCF, str(principal)],
        f"-d:{services.upper()}",
        tmp_path / "ErpSync.cs",
        foreign.HERE / "GeneratedWcfClient.cs",
    )
    check(sandbox, program, address)


@pytest.mark.parametrize("services", ["Services86", "Services88"])
def test_wsdl(sandbox, services, tmp_path):
    generator, address = foreign.tool("wsdl"), address_of(sandbox, services)
    source, program = tmp_path / "ErpSync.cs", tmp_path / "client.exe"
    generate([generator, "-nologo", "-namespace:Generated", f"-out:{source}", f"{address}/ErpSync.svc?wsdl"], source)
    # It hides a property of its base class, which Mono stumbles over. .NET's wsdl gives it the name it gets here.
    text = source.read_text(encoding="utf-8")
    for named in ('SoapHeaderAttribute("Credentials', "public SoCredentials Credentials"):
        assert named in text
        text = text.replace(named, named + "Value")
    source.write_text(text, encoding="utf-8")
    build(program, ASMX, f"-d:{services.upper()}", source, foreign.HERE / "GeneratedAsmxClient.cs")
    check(sandbox, program, address)
