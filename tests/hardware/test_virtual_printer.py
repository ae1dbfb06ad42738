"""A printer that is a folder."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from PIL import Image

from hardware.printers import Outcome, PrinterError, open_printer, virtual
from hardware.raster import draw
from tests.hardware.examples import vietnamese

BLANK = Image.new("1", (576, 24), 255)


def test_each_slip_is_a_picture_in_the_order_of_printing(tmp_path: Path) -> None:
    picture = draw(vietnamese())
    printer = open_printer("virtual:slips", folder=tmp_path)
    assert printer.print_image(picture, "A012").state == "printed"
    assert printer.print_image(BLANK, "B007").state == "printed"
    slips = sorted((tmp_path / "slips").iterdir())
    assert [slip.name for slip in slips] == ["000001-A012.png", "000002-B007.png"]
    with Image.open(slips[0]) as kept:
        assert kept.tobytes() == picture.tobytes()
        assert round(kept.info["dpi"][0]) == 203, (
            "so that it comes out of an office printer at size"
        )


def test_counting_goes_on_after_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        open_printer("virtual:slips", folder=tmp_path).print_image(BLANK, "A")
    assert (tmp_path / "slips" / "000002-A.png").exists()


def test_only_the_most_recent_slips_are_kept(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(virtual, "KEPT", 3)
    (tmp_path / "note.txt").write_text("not a slip")
    printer = open_printer(f"virtual:{tmp_path}", folder=Path("/nowhere"))
    for number in range(5):
        printer.print_image(BLANK, f"A{number}")
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["000003-A2.png", "000004-A3.png", "000005-A4.png", "note.txt"]


def test_slips_at_the_same_time_each_get_a_number(tmp_path: Path) -> None:
    def some() -> None:
        printer = open_printer("virtual:slips", folder=tmp_path)
        for _ in range(10):
            printer.print_image(BLANK, "A")

    threads = [threading.Thread(target=some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    numbers = sorted(int(path.name[:6]) for path in (tmp_path / "slips").iterdir())
    assert numbers == list(range(1, 41))


@pytest.mark.parametrize("name", ["../../etc/passwd", "A/B\\C", "", "\0", "x" * 400, "."])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    assert open_printer("virtual:slips", folder=tmp_path).print_image(BLANK, name).state == (
        "printed"
    )
    (path,) = (tmp_path / "slips").iterdir()
    assert re.fullmatch(r"000001-[\w-]{1,80}\.png", path.name)


def test_a_folder_that_cannot_be_written_is_failed_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "slips").write_text("a file stands in the way")
    printer = open_printer("virtual:slips", folder=tmp_path)
    outcome = printer.print_image(BLANK, "A012")
    assert (outcome.state, outcome.reasons) == ("failed", ("rejected",))
    assert outcome.detail
    assert printer.condition().state == "rejected"


def test_a_folder_that_is_still_to_be_made_is_fine(tmp_path: Path) -> None:
    assert open_printer("virtual:a/b/c", folder=tmp_path).condition().state == "ok"
    assert not (tmp_path / "a").exists()


def test_it_says_where_the_slip_is(tmp_path: Path) -> None:
    outcome = open_printer("virtual:slips", folder=tmp_path).print_image(BLANK, "A012")
    assert outcome == Outcome("printed", detail=str(tmp_path / "slips" / "000001-A012.png"))


@pytest.mark.parametrize("uri", ["virtual:", "virtual://slips", "virtual:a\0b"])
def test_an_address_without_a_folder_is_refused_in_words(uri: str, tmp_path: Path) -> None:
    with pytest.raises(PrinterError, match="virtual:DIR"):
        open_printer(uri, folder=tmp_path)
