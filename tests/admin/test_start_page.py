"""Where administration begins: what one may look after, and nothing else."""

from __future__ import annotations

from tests.admin.conftest import Desk
from tests.lookup.conftest import words_of


def test_a_manager_chooses_what_to_look_after(desk: Desk) -> None:
    page = desk.sign_in("minh").get("/")
    assert "Ông/bà muốn quản lý mục nào?" in words_of(page)
    for area in ("devices", "procedures", "calendar"):
        assert f'href="/admin/{area}"' in page


def test_a_clerk_has_the_devices_only_and_goes_straight_there(desk: Desk) -> None:
    clerk = desk.sign_in("lan")
    assert clerk.client.get("/admin/").headers["Location"] == "/admin/devices"
    assert "/admin/procedures" not in clerk.get("/devices/vinh-thuan")


def test_signing_in_leads_back(desk: Desk) -> None:
    assert desk.app.test_client().get("/admin/").headers["Location"] == "/counter/?to=admin"
    manager = desk.sign_in("minh").client
    for name, path in (("admin", "/admin/"), ("calendar", "/admin/calendar")):
        assert manager.get(f"/counter/?to={name}").headers["Location"] == path
