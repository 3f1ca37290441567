"""The page in a real browser, where one is installed."""

from __future__ import annotations

import sys

import pytest

from integration.browser import CHROMIUM, first_pixel, open_tab, run
from superoffice_erpsync import ErpSyncClient, UsernamePassword
from superoffice_erpsync.sandbox import Sandbox

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH")
steered = pytest.mark.skipif(sys.platform == "win32", reason="Windows hands down no pipes to steer a browser with")

CLICK = "document.querySelector({!r}).click()"


@pytest.fixture
def address(sandbox: Sandbox) -> str:
    with ErpSyncClient.soap(sandbox.url, UsernamePassword("tje0", "Tje0")) as client:
        client.force_sync_all()
    return sandbox.control_url.removesuffix("_sandbox")


def test_it_loads_without_complaints(address, tmp_path):
    dom, complaints = run(tmp_path / "profile", address, "--dump-dom")
    assert "<h1>Sandbox Trading</h1>" in dom
    assert dom.count('<span class="wire">') == 2
    assert "&lt;Ticket&gt;***&lt;/Ticket&gt;" in dom
    assert "Tje0" not in dom
    assert complaints == ""


@pytest.mark.parametrize(("scheme", "ground"), [(1, (0xF3, 0xF5, 0xF8)), (0, (0x11, 0x16, 0x1D))])
def test_its_styles_are_let_in_and_follow_the_scheme(address, tmp_path, scheme, ground):
    picture = tmp_path / "page.png"
    options = (f"--screenshot={picture}", "--window-size=1280,1600", f"--blink-settings=preferredColorScheme={scheme}")
    run(tmp_path / "profile", address, *options)
    assert first_pixel(picture.read_bytes()) == ground


@steered
def test_its_forms_work(sandbox, address, tmp_path):
    with open_tab(tmp_path / "profile") as tab:
        tab.open(address)
        tab.leave_by(CLICK.format("form[action='/_page/engine'] button"))
        assert not sandbox.state.engine.running
        assert tab.evaluate("location.href") == f"{address}?done=engine#engine"
        assert tab.evaluate("document.querySelector('[role=status]').textContent") == "The engine has its order."
        tab.evaluate("document.querySelector('select[name=kind]').value = 'quota'")
        tab.evaluate("document.querySelector('input[name=count]').value = '3'")
        tab.leave_by(CLICK.format("form.rule button"))
        assert [(counted.rule.kind, counted.rule.count) for counted in sandbox.faults.rules] == [("quota", 3)]
        tab.leave_by(CLICK.format("form[action='/_page/reset'] button"))
        assert sandbox.faults.rules == []
        assert sandbox.state.engine.running


@steered
def test_a_foreign_page_cannot_use_them_but_may_link_here(sandbox, address, tmp_path):
    foreign = tmp_path / "foreign.html"
    foreign.write_text(
        f'<form method="post" action="{address}_page/engine"><input name="run" value="no"></form>'
        f'<a href="{address}">there</a><iframe src="{address}"></iframe>',
        encoding="utf-8",
    )
    with open_tab(tmp_path / "profile") as tab:
        tab.open(foreign.as_uri())
        tab.leave_by("document.forms[0].submit()")
        assert tab.evaluate("document.querySelector('h1').textContent") == "Not shown"
        assert sandbox.state.engine.running
        tab.open(foreign.as_uri())
        tab.leave_by(CLICK.format("a"))
        tab.leave_by(CLICK.format("a.button"))
        assert tab.evaluate("document.querySelector('h1').textContent") == "Sandbox Trading"


@steered
def test_nothing_sticks_out_on_a_phone(address, tmp_path):
    with open_tab(tmp_path / "profile") as tab:
        tab.resize(360, 740)
        tab.open(address)
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
