"""No control character of any text reaches a printer, from the hall file to the last byte."""

from __future__ import annotations

import itertools
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hardware.escpos import encode
from hardware.raster import draw
from hardware.slips import Slip
from server.database import Database
from server.offices import hallfile
from server.offices.models import Office, Printer
from server.printing.models import PrintJob
from server.printing.taking import Wish, take_number
from tests.conftest import Clock, make_office
from tests.hardware.escpos_decoder import OBEYED, decode_one
from tests.offices.test_hall_file import NOW, SMALL

SLUGS = itertools.count()
CUT, RESET, STATUS = "\x1d\x56\x01", "\x1b@", "\x10\x04\x01"

words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
obeyed = st.one_of(
    st.characters(categories=["Cc"]).filter(lambda sign: not sign.isspace()),
    st.sampled_from(["\u202e", "\ufeff", "\ue000", "\u2066", "\x7f", "\x1b", "\x10", "\x9b"]),
)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, str]:
    """A text with control characters in it, and the same without."""
    text = " ".join(draw(st.lists(words, min_size=1, max_size=4)))
    signs = list(text)
    for _ in range(draw(st.integers(1, 5))):
        signs.insert(draw(st.integers(0, len(signs))), draw(obeyed))
    return "".join(signs), text


def printed(database: Database, clock: Clock, slug: str, text: str) -> tuple[dict[str, Any], bytes]:
    """A number is taken in an office whose every word is ``text``: its slip as the job has it, and
    the bytes for the printer."""
    with database.transaction() as session:
        office = make_office(slug, names={"vi": text}, organisation={"vi": text})
        office.services[0].names = {"vi": text}
        office.printers = [Printer(name="kiosk", uri="virtual:slips", position=0)]
        session.add(office)
        session.flush()
        ticket, _ = take_number(
            session,
            office,
            Wish("civil", priority="elderly"),
            now=clock.now,
            actor="kiosk",
            link=lambda path: "https://hall.example/t/x" + text,
            demo=True,
        )
        slip = session.scalars(select(PrintJob.slip).where(PrintJob.ticket_id == ticket.id)).one()
    stored = json.loads(json.dumps(slip))
    return stored, encode(draw(Slip.from_dict(stored)))


@settings(max_examples=25)
@given(spoilt())
@example((f"Hộ{CUT[0]} tịch{RESET[0]}", "Hộ tịch"))
@example((f"\0{STATUS[0]}\x04\x01Đất", "Đất"))
def test_what_comes_out_is_what_would_without_them(
    sqlite_database: Database, clock: Clock, texts: tuple[str, str]
) -> None:
    spoiled, clean = (
        printed(sqlite_database, clock, f"hall-{next(SLUGS)}", text) for text in texts
    )
    assert spoiled[1] == clean[1]
    assert not [pair for pair in OBEYED if pair in spoiled[1]]
    decode_one(spoiled[1])
    for value in spoiled[0].values():
        if isinstance(value, str):
            assert not [sign for sign in value if unicodedata.category(sign) in ("Cc", "Co", "Cs")]


def test_a_command_written_into_a_name_prints_its_letters_and_nothing_else(
    sqlite_database: Database, clock: Clock
) -> None:
    slip, job = printed(sqlite_database, clock, "hall", f"Hộ{CUT} tịch{RESET}")
    assert slip["service"] == "Hộ V tịch@"  # GS counts as white space
    decode_one(job)  # one reset, one cut: those of the slip itself


@settings(max_examples=60)
@given(st.characters(categories=["Cc", "Zl", "Zp"]), st.integers(0, 3))
def test_a_hall_file_with_one_is_not_loaded(
    sqlite_database: Database, sign: str, field: int
) -> None:
    old = ['vi = "Xã"', 'vi = "Hộ tịch"', 'vi = "Đất đai"', 'uri = "virtual:slips"'][field]
    # As TOML may hold it; raw it is no TOML.
    text = SMALL.replace(old, f"{old[:-2]}\\u{ord(sign):04X}{old[-2:]}")
    with pytest.raises(hallfile.HallFileError) as refused, sqlite_database.transaction() as session:
        hallfile.load(session, text, file="hall.toml", now=NOW)
    (problem,) = refused.value.problems
    assert problem.isprintable()
    with sqlite_database.read() as session:
        assert session.scalars(select(Office)).all() == []
