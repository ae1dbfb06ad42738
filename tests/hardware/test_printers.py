"""Finding a printer by its address."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.printers import PrinterError, open_printer, schemes
from hardware.printers.interface import Condition


@pytest.mark.parametrize("uri", ["", "slips", "telex://x", ":x"])
def test_an_unknown_scheme_is_refused_and_the_known_ones_named(uri: str) -> None:
    with pytest.raises(
        PrinterError, match="cups:, file:, network:, serial:, usb:, virtual:, win32:"
    ):
        open_printer(uri, folder=Path())


def test_a_package_of_somebody_elses_adds_a_transport(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pigeon.py").write_text(
        "class Pigeon:\n    def __init__(self, uri, folder): self.uri, self.folder = uri, folder\n"
    )
    info = tmp_path / "pigeon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[motcua.printers]\npigeon = pigeon:Pigeon\nnetwork = pigeon:Pigeon\nbroken = nowhere:x\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert {"broken", "pigeon"} < set(schemes())
    flown = open_printer("pigeon:north", folder=tmp_path)
    assert (type(flown).__name__, flown.uri, flown.folder) == (  # type: ignore[attr-defined]
        "Pigeon",
        "pigeon:north",
        tmp_path,
    )
    assert type(open_printer("network://host", folder=tmp_path)).__name__ == "NetworkPrinter"
    with pytest.raises(PrinterError, match="broken"):
        open_printer("broken:x", folder=tmp_path)


@pytest.mark.parametrize(
    ("reasons", "state", "paper"),
    [
        ((), "ok", "ok"),
        (("paper-near-end",), "ok", "low"),
        (("offline", "paper-out"), "paper-out", "out"),
        (("offline", "cover-open"), "cover-open", "ok"),
        (("timeout",), "timeout", "ok"),
    ],
)
def test_a_condition_names_what_one_can_do_something_about(reasons, state, paper) -> None:
    condition = Condition(reasons)
    assert (condition.state, condition.paper) == (state, paper)
