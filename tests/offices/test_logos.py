"""An office's logo: any picture a technician has, small and black and white on the slip."""

import base64
import io
import re
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from sqlalchemy import select

from hardware import logos as on_paper
from hardware.raster import draw
from hardware.slips import Slip
from server import cli
from server.offices import hallfile, logos
from server.offices.logos import PREFIX, printable
from server.offices.models import Office
from server.printing.models import PrintJob
from server.printing.taking import Wish, take_number
from tests.offices.test_hall_file import NOW, SMALL, entries, export


def png(picture: Image.Image, **how: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, "PNG", **how)
    return made.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def emblem(side: int = 600) -> Image.Image:
    """A gold disc on red, in a wide transparent margin."""
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((side * 0.2, side * 0.2, side * 0.8, side * 0.8), fill=(205, 10, 20))
    pen.ellipse((side * 0.4, side * 0.4, side * 0.6, side * 0.6), fill=(255, 215, 0))
    return picture


def with_logo(logo: str) -> str:
    return SMALL.replace('slug = "xa"\n', f'slug = "xa"\nlogo = "{logo}"\n')


def load(database, text, folder):
    with database.transaction() as session:
        return hallfile.load(session, text, file=str(folder / "xa.toml"), now=NOW)


def stored(database) -> str | None:
    with database.read() as session:
        return session.scalars(select(Office.logo)).one()


def problems(database, text, folder):
    with pytest.raises(hallfile.HallFileError) as refusal:
        load(database, text, folder)
    return refusal.value.problems


def test_the_file_beside_the_hall_file_becomes_a_logo_for_slips(sqlite_database, tmp_path):
    (tmp_path / "quốc huy.png").write_bytes(png(emblem()))
    assert load(sqlite_database, with_logo("quốc huy.png"), tmp_path)[0].outcome == "created"
    picture = on_paper.logo_picture(stored(sqlite_database))
    assert picture.size == (96, 96), "the margin is cut off"
    assert picture.getpixel((48, 20)) == 0, "red is printed"
    assert picture.getpixel((48, 48)) == 255, "gold is left white"
    assert picture.getpixel((1, 1)) == 255, "what is transparent is left white"


def test_every_slip_of_the_office_carries_it(database, tmp_path):
    (tmp_path / "logo.png").write_bytes(png(emblem()))
    load(database, with_logo("logo.png"), tmp_path)
    with database.transaction() as session:
        office = session.scalars(select(Office)).one()
        wish = Wish("ho-tich")
        link = "https://hall.example".__add__
        ticket, _ = take_number(session, office, wish, now=NOW, actor="kiosk", link=link)
        slip = session.scalars(select(PrintJob.slip).where(PrintJob.ticket_id == ticket.id)).one()
    assert slip["logo"] == stored(database)
    with_it, without = draw(Slip.from_dict(slip)), draw(Slip.from_dict({**slip, "logo": ""}))
    assert with_it.tobytes() != without.tobytes()


def test_the_command_line_finds_it_beside_the_file(tmp_path, monkeypatch, capsys):
    (tmp_path / "halls").mkdir()
    (tmp_path / "halls" / "logo.png").write_bytes(png(emblem()))
    (tmp_path / "halls" / "xa.toml").write_text(with_logo("logo.png"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def motcua(*arguments):
        monkeypatch.setattr("sys.argv", ["motcua", *arguments, "--data", str(tmp_path / "data")])
        cli.main()
        return capsys.readouterr().out

    assert motcua("hall", "load", "halls/xa.toml") == "xa\n"
    text = motcua("hall", "export")
    assert f'logo = "{PREFIX}' in text
    (tmp_path / "again.toml").write_text(text, encoding="utf-8")
    motcua("hall", "load", "again.toml")
    assert motcua("hall", "export") == text


def test_a_hall_with_a_logo_comes_back_byte_for_byte(database, tmp_path):
    (tmp_path / "logo.png").write_bytes(png(emblem()))
    assert load(database, with_logo("logo.png"), tmp_path)[0].outcome == "created"
    text = export(database)
    assert f'logo = "{PREFIX}' in text
    elsewhere = tmp_path / "elsewhere"  # without the file
    elsewhere.mkdir()
    assert load(database, text, elsewhere)[0].outcome == "unchanged"
    assert load(database, with_logo("logo.png"), tmp_path)[0].outcome == "unchanged"
    assert export(database) == text
    assert len(entries(database)) == 1


def test_another_picture_and_none_are_changes(sqlite_database, tmp_path):
    file = tmp_path / "logo.png"
    for picture in (emblem(), emblem().rotate(90, expand=True).resize((300, 100))):
        file.write_bytes(png(picture))
        assert load(sqlite_database, with_logo("logo.png"), tmp_path)[0].outcome != "unchanged"
    assert load(sqlite_database, SMALL, tmp_path)[0].outcome == "changed"
    assert stored(sqlite_database) is None
    assert [list(entry.data["after"]) for entry in entries(sqlite_database)[1:]] == [["logo"]] * 2


def test_shades_become_dots_and_flat_colours_do_not():
    shades = opened(printable(png(Image.linear_gradient("L").resize((800, 400)))))
    dark, light = (
        shades.crop(box).histogram()[0] / (192 * 20) for box in ((0, 0, 192, 20), (0, 60, 192, 80))
    )
    assert dark > 0.8 > 0.5 > light > 0.05, "the more ink, the darker it was"
    flat = opened(printable(png(Image.new("L", (300, 150), 120))))
    assert flat.getextrema() == (0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_any_kind_of_png_will_do(mode):
    picture = emblem().convert("RGB" if mode == "P" else "L" if mode == "I;16" else mode)
    if mode == "P":
        picture = picture.quantize(8)
    made = printable(png(picture))
    assert opened(made).mode == "1"
    assert printable(made) == made


@settings(max_examples=60)
@given(
    st.sampled_from(["1", "L", "RGBA"]),
    st.integers(24, 300),
    st.integers(24, 300),
    st.binary(min_size=1, max_size=200),
)
def test_what_is_stored_is_small_and_stays_as_it_is(mode, width, height, noise):
    size = len(Image.new(mode, (width, height)).tobytes())
    picture = Image.frombytes(mode, (width, height), (noise * (size // len(noise) + 1))[:size])
    try:
        made = printable(png(picture))
    except ValueError as error:
        assert "pale all over" in str(error) or "less flat" in str(error)
        return
    assert printable(made) == made
    assert on_paper.logo_picture(base64.b64encode(made).decode("ascii")) is not None


def test_both_sides_agree_on_the_size():
    assert (logos.WIDEST, logos.HIGHEST) == (on_paper.WIDEST, on_paper.HIGHEST)
    assert logos.SMALL * 4 / 3 + 4 <= on_paper.LONGEST


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A few kilobytes that say they are a picture of any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def words_bomb() -> bytes:
    """A picture with words in it that unpack to 100 MB."""
    plain = png(emblem(64))
    words = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9))
    return plain[:33] + words + plain[33:]


BAD = {
    "photo.jpg": (b"", r'"photo.jpg" will not do; allowed is the name of a PNG file beside'),
    "../logo.png": (b"", "will not do; allowed is the name of a PNG"),
    "a/logo.png": (b"", "will not do; allowed is"),
    ".png": (b"", "will not do; allowed is"),
    "missing.png": (None, r'"missing.png" cannot be read \(No such file'),
    "empty.png": (b"", "is no PNG picture"),
    "jpeg.png": (b"\xff\xd8\xff\xe0" + bytes(100), "is no PNG picture"),
    "cut.png": (png(emblem())[:700], "is no PNG picture, or a damaged one"),
    "huge.png": (b"\x89PNG" + bytes(1_000_000), "is too large; allowed are 1000 kB"),
    "bomb.png": (bomb(60_000, 60_000), "far too many pixels; allowed are 24 to 2000 pixels"),
    "wide.png": (bomb(2001, 30), "is a picture of 2001 × 30 pixels; allowed are 24 to 2000"),
    "words.png": (words_bomb(), "is no PNG picture"),
    "tiny.png": (png(Image.new("L", (23, 30))), "is a picture of 23 × 30 pixels; allowed"),
    "flat.png": (png(Image.new("L", (1900, 60))), "would be 192 × 6 dots on paper"),
    "white.png": (png(Image.new("1", (90, 90), 1)), "is white or pale all over"),
    "pale.png": (png(Image.new("L", (90, 90), 230)), "is white or pale all over"),
    "clear.png": (png(Image.new("RGBA", (90, 90), (0, 0, 0, 0))), "is white or pale all over"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.filterwarnings("error")
def test_a_logo_that_will_not_do_is_told_with_its_line(sqlite_database, tmp_path, name):
    content, words = BAD[name]
    if content is not None and "/" not in name:
        (tmp_path / name).write_bytes(content)
    (problem,) = problems(sqlite_database, with_logo(name), tmp_path)
    assert problem.startswith(f"{tmp_path / 'xa.toml'}:3: office.logo: ")
    assert re.search(words, problem), problem
    assert len(problem) < 400


@pytest.mark.parametrize(
    ("logo", "words"),
    [
        ("data:image/jpeg;base64,AAAA", "begins with data:, but allowed is"),
        (PREFIX + "no base64", "is no Base64"),
        (PREFIX + "AAAA", "is no PNG picture"),
        (PREFIX + "A" * 1_400_000, "begins with data:, but allowed is"),
        (PREFIX, "is no PNG picture"),
    ],
)
def test_an_address_that_will_not_do_is_told_without_repeating_it(
    sqlite_database, tmp_path, logo, words
):
    (problem,) = problems(sqlite_database, with_logo(logo), tmp_path)
    assert words in problem
    assert len(problem) < 300
