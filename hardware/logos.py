"""The office's logo on a slip: small, black and white, never more important than the number."""

from __future__ import annotations

import base64
import io

from PIL import Image

WIDEST, HIGHEST = 192, 96
"""Dots: 24 × 12 mm. The number is 20 mm high."""
LONGEST = 4096
"""Signs of a logo in Base64; the worst picture of this size has about 3200."""


def logo_picture(logo: str, height: int = HIGHEST) -> Image.Image | None:
    """The logo of :attr:`hardware.slips.Slip.logo`, in grey levels, at most ``height`` dots high.

    None when it cannot be read or is too large: a slip without a logo is still a slip.
    """
    if not logo or len(logo) > LONGEST:
        return None
    try:
        data = base64.b64decode(logo, validate=True)
        with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
            if opened.width > WIDEST or opened.height > HIGHEST:
                return None
            picture = opened.convert("L")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    if picture.height <= height:
        return picture
    width = max(1, round(picture.width * height / picture.height))
    return picture.resize((width, height), Image.Resampling.LANCZOS)
