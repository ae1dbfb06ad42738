"""Slips look as somebody has approved them: tests/hardware/approved/.

``make approve`` takes the pictures as they are drawn now. Look at each before it is committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from hardware import raster, typesetting
from hardware.raster import draw
from hardware.slips import Slip
from tests.hardware import approving
from tests.hardware.examples import (
    LONG_KHMER,
    LONG_VIETNAMESE,
    OFFICE_LOGO,
    english,
    khmer,
    vietnamese,
)

LONG = {
    "service": LONG_VIETNAMESE,
    "organisation": "Ủy ban nhân dân huyện Vĩnh Thuận, tỉnh Kiên Giang",
    "office": "Trung tâm Phục vụ hành chính công huyện Vĩnh Thuận",
    "priority": "Ưu tiên: Người khuyết tật nặng, phụ nữ mang thai",
}
SLIPS = {
    "vi": vietnamese(),
    "vi-priority-reprint": vietnamese(priority="Ưu tiên: Người cao tuổi", reprint=True),
    "vi-long-demo": vietnamese(**LONG, demo=True),
    "vi-logo": vietnamese(logo=OFFICE_LOGO, priority="Ưu tiên: Phụ nữ mang thai"),
    "en": english(),
    "en-priority-demo-reprint": english(
        priority="Priority: Elderly person", demo=True, reprint=True
    ),
    "km": khmer(),
    "km-long-reprint": khmer(service=LONG_KHMER, office=LONG_KHMER, reprint=True),
}
NAMES = [f"{name}-{mm}" for name in SLIPS for mm in (80, 58)]


def slip(name: str) -> Slip:
    kind, _, paper_mm = name.rpartition("-")
    return replace(SLIPS[kind], paper_mm=int(paper_mm))


@pytest.mark.parametrize("name", NAMES)
def test_the_slip_looks_as_approved(name: str) -> None:
    approving.compare(draw(slip(name)), name)


def test_every_approved_picture_is_of_a_slip() -> None:
    assert sorted(path.stem for path in approving.APPROVED.iterdir()) == sorted(NAMES)


SOME = ["vi-priority-reprint-80", "vi-logo-58", "en-58", "km-80"]


# ── what must not pass ────────────────────────────────────────────────────────


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(approving, "FOUND", tmp_path)
    monkeypatch.delenv("MOTCUA_APPROVE", raising=False)
    yield tmp_path


def spoilt(picture: Image.Image, name: str, found: Path) -> None:
    """Not approved; and a developer is told where to look and how to approve."""
    with pytest.raises(AssertionError, match=r"make approve") as failed:
        approving.compare(picture, name)
    assert {path.name for path in found.iterdir()} == {f"{name}.png", f"{name}-difference.png"}
    assert re.search(rf"difference: \S*{name}-difference.png", str(failed.value))
    approving.compare(draw(slip(name)), name)
    assert not list(found.iterdir()), "a picture that passes leaves nothing behind"


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize(
    "change",
    [
        {"reprint": True, "demo": True},
        {"reprint": False, "demo": False},
        {"number": "A013"},
        {"thanks": "Cam ơn ông/bà"},  # a single mark is missing
        {"thanks": "Cảm ơn ông/bạ"},
        {"missed": "Nếu lỡ lượt, ông/bà giữ phiếu này và đến gặp cán bộ hướng dần."},
        {"url": "https://motcua.vinhthuan.gov.vn/t/AbCdEfGh12345679"},
        {"priority": ""},
        {"priority": "Ưu tiên"},
        {"logo": ""},
    ],
)
def test_another_slip_is_not_the_approved_one(
    name: str, change: dict[str, object], found: Path
) -> None:
    other = replace(slip(name), **change)
    if other != slip(name):
        spoilt(draw(other), name, found)


@pytest.mark.parametrize("name", SOME)
def test_a_line_that_moved_is_seen(name: str, found: Path) -> None:
    picture = draw(slip(name))
    spots = []
    for top in range(0, picture.height - 80, 60):
        part = picture.crop((0, top, picture.width, top + 60))
        if not ImageChops.invert(part).getbbox():
            continue
        for dx, dy in [(0, 3), (3, 0)]:
            moved = picture.copy()
            moved.paste(255, (0, top, picture.width, top + 60))
            moved.paste(part, (dx, top + dy))
            spots.append(approving.differing(moved, picture))
    assert len(spots) > 15
    assert all(spots)
    spoilt(moved, name, found)


@pytest.mark.parametrize("name", SOME)
def test_another_font_is_seen(name: str, found: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = typesetting.font
    draw(slip(name))

    def lighter(style: typesetting.Style, khmer: bool = False) -> object:
        return right(replace(style, weight="Regular"), khmer)

    monkeypatch.setattr(typesetting, "font", lighter)
    typesetting.measure.cache_clear()
    picture = draw(slip(name))
    monkeypatch.undo()
    monkeypatch.setattr(approving, "FOUND", found)
    typesetting.measure.cache_clear()
    spoilt(picture, name, found)


@pytest.mark.parametrize("name", SOME)
def test_other_spacing_is_seen(name: str, found: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = raster.gap
    monkeypatch.setattr(raster, "gap", lambda height: right(height + (height == 14)))
    picture = draw(slip(name))
    monkeypatch.undo()
    monkeypatch.setattr(approving, "FOUND", found)
    spoilt(picture, name, found)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shift", [(0.5, 0), (0, 0.5), (-0.5, 0), (0.4, -0.4)])
def test_edges_that_fall_otherwise_are_no_difference(
    name: str, shift: tuple[float, float], found: Path
) -> None:
    """As another FreeType draws: letters a part of a dot further, edges on the other side."""
    picture = draw(slip(name))
    grey = picture.convert("L").transform(
        picture.size,
        Image.Transform.AFFINE,
        (1, 0, shift[0], 0, 1, shift[1]),
        resample=Image.Resampling.BILINEAR,
        fillcolor=255,
    )
    redrawn = grey.point([0 if level < 160 else 255 for level in range(256)], "1")
    assert redrawn.tobytes() != picture.tobytes()
    approving.compare(redrawn, name)
