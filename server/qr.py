"""QR codes as pictures that keep sharp at any size, for screens and sheets of paper."""

from __future__ import annotations

import io

import qrcode
import qrcode.image.svg


def qr_svg(text: str, *, border: int = 4) -> bytes:
    """The QR code of a text as an SVG document, black on white.

    ``border`` is the white around it in modules; less than four only on paper that is white anyway.
    """
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=border)
    code.add_data(text)
    drawn = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathFillImage).save(drawn)
    return drawn.getvalue()
