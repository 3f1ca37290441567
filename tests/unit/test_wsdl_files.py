"""Where the bundled WSDLs are looked for, in which order, and what is said when they are not there."""

from pathlib import Path

import pytest

from superoffice_erpsync import wsdl_files
from superoffice_erpsync.wsdl_files import SERVICES, wsdl_file


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two empty places that stand for the installed package and the checkout."""
    package, checkout = tmp_path / "site-packages" / "superoffice_erpsync" / "wsdl", tmp_path / "checkout" / "wsdl"
    monkeypatch.setattr(wsdl_files, "_IN_PACKAGE", package)
    monkeypatch.setattr(wsdl_files, "_IN_CHECKOUT", checkout)
    return package, checkout


def put(place: Path, services: str, service: str) -> Path:
    path = place / services / f"{service}.wsdl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<wsdl/>", encoding="utf-8")
    return path


@pytest.mark.parametrize("services", SERVICES)
@pytest.mark.parametrize("service", ["ErpSync", "SoPrincipal"])
def test_every_bundled_file_is_there(service: str, services: str) -> None:
    path = wsdl_file(service, services)
    assert path.is_absolute()
    assert path.is_file()
    assert path.parts[-3:] == ("wsdl", services, f"{service}.wsdl")


def test_services86_is_the_default() -> None:
    assert wsdl_file("ErpSync") == wsdl_file("ErpSync", "Services86")


def test_the_two_places_are_the_package_and_beside_src() -> None:
    package = Path(wsdl_files.__file__).resolve().parent
    assert package / "wsdl" == wsdl_files._IN_PACKAGE
    assert package.parents[1] / "wsdl" == wsdl_files._IN_CHECKOUT


def test_the_package_comes_before_the_checkout(places: tuple[Path, Path]) -> None:
    package, checkout = places
    put(checkout, "Services88", "ErpSync")
    installed = put(package, "Services88", "ErpSync")
    assert wsdl_file("ErpSync", "Services88") == installed


def test_the_checkout_serves_where_the_package_carries_none(places: tuple[Path, Path]) -> None:
    _, checkout = places
    beside_src = put(checkout, "Services86", "SoPrincipal")
    assert wsdl_file("SoPrincipal") == beside_src


def test_a_folder_of_that_name_is_not_a_file(places: tuple[Path, Path]) -> None:
    package, checkout = places
    (package / "Services86" / "ErpSync.wsdl").mkdir(parents=True)
    beside_src = put(checkout, "Services86", "ErpSync")
    assert wsdl_file("ErpSync") == beside_src


def test_a_missing_file_is_told_with_both_places(places: tuple[Path, Path]) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        wsdl_file("ErpSync", "Services88")
    for place in places:
        assert str(place / "Services88" / "ErpSync.wsdl") in str(caught.value)


@pytest.mark.parametrize("service", ["", "erpsync", "ErpSync.wsdl", "../Services88/ErpSync", "Contact"])
def test_an_unknown_service_is_refused(service: str) -> None:
    with pytest.raises(ValueError, match="ErpSync and SoPrincipal") as caught:
        wsdl_file(service)
    assert repr(service) in str(caught.value)


@pytest.mark.parametrize("services", ["", "services86", "Services87", "86", "..", "Services86/../Services88"])
def test_an_unknown_version_is_refused(services: str) -> None:
    with pytest.raises(ValueError, match="Services86 and Services88") as caught:
        wsdl_file("ErpSync", services)
    assert repr(services) in str(caught.value)
