"""Drawing a slip and encoding it for the printer, against bare Pillow text and QR drawing.

The yardstick writes the same words in the same fonts, sizes and lines at the same places, and the
same QR code, on a canvas of the same size, and stops there. It need not find out where lines end or
which font a letter needs, nor make the picture black and white, nor harmless, nor bytes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import NamedTuple
from unittest import mock

import qrcode
import qrcode.constants
from PIL import Image, ImageDraw, ImageFont

from bench.table import Ratio, compared, table, verdict
from hardware import figures, raster, typesetting
from hardware.escpos import encode
from hardware.slips import PAPERS_MM, Slip

LIMIT = 3.0
ROUNDS = 61

SERVICES = {
    "vi": ("Hộ tịch", "Chứng thực", "Đất đai – Môi trường", "Lao động – Thương binh và Xã hội"),
    "en": ("Civil status", "Certification", "Land and environment", "Labour and social affairs"),
    "km": ("អត្រានុកូលដ្ឋាន", "ការបញ្ជាក់ឯកសារ", "ដីធ្លី និងបរិស្ថាន", "ការងារ និងសង្គមកិច្ច"),
}
SENTENCES = {
    "vi": (
        "Số người trước ông/bà: {}",
        "Quét để theo dõi số và hồ sơ",
        "Nếu lỡ lượt, ông/bà đưa phiếu này vào máy lấy số hoặc cho cán bộ.",
        "Cảm ơn ông/bà",
    ),
    "en": (
        "People ahead of you: {}",
        "Scan to follow your number and your dossier",
        "If your number has passed, show this slip at the kiosk or to the staff.",
        "Thank you",
    ),
    "km": ("ចំនួនអ្នករង់ចាំមុន {}", "ស្កេនដើម្បីតាមដាន", "សូមអភ័យទោសចំពោះការយឺតយ៉ាវ", "សូមអរគុណ"),
}
PRIORITIES = ("", "", "", "Ưu tiên: Người cao tuổi", "", "Ưu tiên: Phụ nữ mang thai")


class Words(NamedTuple):
    """One line as the product has set it."""

    x: float
    base: int
    pieces: list[tuple[str, ImageFont.FreeTypeFont]]
    ink: int


class Bare(NamedTuple):
    """A slip as far as the yardstick must know it."""

    size: tuple[int, int]
    lines: list[Words]
    number: str
    url: str
    module: int


def slip(number: int, paper_mm: int) -> Slip:
    """The slip of one round: an office's own words, and a number, time and code of its own."""
    language = ("vi", "en", "vi", "km")[number % 4]
    ahead, caption, missed, thanks = SENTENCES[language]
    return Slip(
        number=f"{'ABCD'[number % 4]}{number % 1000:03}",
        organisation="UBND huyện Vĩnh Thuận",
        office="Bộ phận Tiếp nhận và Trả kết quả",
        service=SERVICES[language][number // 4 % 4],
        priority=PRIORITIES[number % 6],
        ahead=ahead.format(number % 40),
        printed_at=f"{7 + number // 60 % 10:02}:{number % 60:02} · 15/03/2019",
        url=f"https://motcua.vinhthuan.gov.vn/t/AbCdEfGh1234{number % 10_000:04}",
        qr_caption=caption,
        missed=missed,
        thanks=thanks,
        language=language,
        demo=number % 5 == 0,
        paper_mm=paper_mm,
    )


def laid_out(drawn: Slip) -> Bare:
    """What the product writes and where, noted while it draws."""
    lines: list[Words] = []

    def note(
        canvas: ImageDraw.ImageDraw,
        x: float,
        base: int,
        text: str,
        style: typesetting.Style,
        ink: int = 0,
    ) -> None:
        pieces = [
            (piece, typesetting.font(style, khmer)) for piece, khmer in typesetting.runs(text)
        ]
        lines.append(Words(x, base, pieces, ink))

    with mock.patch.object(typesetting, "draw_line", note):
        picture = raster.draw(drawn)
    code = figures.qr_code(drawn.url, picture.width)
    return Bare(picture.size, lines, drawn.number, drawn.url, code.width // _modules(drawn.url))


def _modules(url: str) -> int:
    return len(_matrix(url))


def _matrix(url: str) -> list[list[bool]]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(url)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    return rows


def draw_bare(bare: Bare) -> Image.Image:
    """The yardstick: every word, the number and the code, with Pillow and qrcode alone."""
    canvas = Image.new("L", bare.size, 255)
    pen = ImageDraw.Draw(canvas)
    for line in bare.lines:
        x = line.x
        for piece, face in line.pieces:
            # On white all ink is black; white words on black cost the same.
            pen.text((x, line.base), piece, fill=0, font=face, anchor="ls")
            x += 100  # the next script's place, without measuring
    pen.text((0, 300), bare.number, fill=0, font=NUMBER, anchor="ls")
    rows = _matrix(bare.url)
    dots = bytes(0 if dark else 255 for row in rows for dark in row)
    code = Image.frombytes("L", (len(rows), len(rows)), dots)
    side = len(rows) * bare.module
    canvas.paste(code.resize((side, side), Image.Resampling.NEAREST), (0, bare.size[1] - side))
    return canvas


NUMBER = typesetting.font(typesetting.Style(216, "Bold"))
"""The font of a number 20 mm high."""


def ratios(rounds: int = ROUNDS) -> list[Ratio]:
    """A slip of either width, drawn and encoded."""
    return [_ratio(paper_mm, rounds) for paper_mm in PAPERS_MM]


def _ratio(paper_mm: int, rounds: int) -> Ratio:
    slips = [slip(number, paper_mm) for number in range(rounds)]
    bare = [laid_out(one) for one in slips]
    # What laying out has remembered is forgotten, and then only what a hall's earlier slips have
    # taught the product is known to it: the office's words, not this slip's number, time and code.
    typesetting.measure.cache_clear()
    for number in range(rounds, rounds + 24):
        raster.draw(slip(number, paper_mm))
    return compared(
        f"A slip on {paper_mm} mm paper, drawn and encoded",
        lambda number: encode(raster.draw(slips[number])),
        lambda number: draw_bare(bare[number]),
        against="the same words and QR code drawn with bare Pillow and qrcode",
        limit=LIMIT,
        rounds=rounds,
        clock=time.process_time,
    )


def main(measured: Iterable[Ratio]) -> int:
    """Print the table of this story."""
    found = list(measured)
    print(table(found))
    return verdict(found)


if __name__ == "__main__":
    sys.exit(main(ratios()))
