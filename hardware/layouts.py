"""The kinds of slips there are: a job says which by ``layout``, a ticket's slip by saying nothing.

Whoever adds a kind registers it here; agents of before refuse it as not drawable and print nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image

from hardware.formraster import draw_form
from hardware.formslips import FormSlip
from hardware.raster import draw
from hardware.slips import Slip

TICKET, FORM = "ticket", "form"

Layout = Callable[[Mapping[str, Any]], Image.Image]

LAYOUTS: dict[str, Layout] = {
    TICKET: lambda stored: draw(Slip.from_dict(stored)),
    FORM: lambda stored: draw_form(FormSlip.from_dict(stored)),
}
"""How the slip of each layout is drawn from what its job keeps."""


def drawn(stored: Mapping[str, Any]) -> Image.Image:
    """A slip as a picture in mode ``1``, from what a print job has of it.

    Raises ``ValueError`` for a layout that is not known here and for a slip that cannot be.
    """
    layout = stored.get("layout", TICKET)
    if layout not in LAYOUTS:
        raise ValueError(f"no slip is laid out as {layout!r}; there is {sorted(LAYOUTS)}")
    return LAYOUTS[layout](stored)
