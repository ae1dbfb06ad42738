"""What all forms begin with, and how they name the applicant."""

from __future__ import annotations

from datetime import datetime

from server.dossiers.forms.circulars import Form
from server.dossiers.forms.paper import Field, Part, Row, Sheet, Signature
from server.dossiers.forms.reading import Facts
from server.dossiers.forms.wording import day_words, title_words


def headed(
    facts: Facts,
    form: Form,
    moment: datetime,
    *parts: Part,
    signatures: tuple[Signature, ...],
    serial: int | None = None,
    addressee: str = "",
    notes: tuple[str, ...] = (),
) -> Sheet:
    """A form with its heading.

    Args:
        facts: of the dossier.
        form: which it is.
        moment: when what it tells of happened: its dateline.
        parts: what stands between heading and signatures.
        signatures: left to right.
        serial: the paper's running number; none leaves dots, to be written by hand.
        addressee: of a letter.
        notes: small, at the foot.
    """
    return Sheet(
        kind=form.kind,
        mark=form.mark,
        title=title_words(form.title),
        paper=form.paper,
        code=facts.code,
        agency=facts.agency,
        unit=facts.unit,
        number=f"Số: {serial or '………'}{form.suffix}",
        place_and_date=f"{facts.place}, {day_words(moment.date())}",
        addressee=addressee,
        parts=parts,
        signatures=signatures,
        notes=notes,
    )


def whose(label: str, facts: Facts, *, identity: bool = False) -> tuple[Part, ...]:
    """Name, address and how to reach the applicant, as every form begins."""
    person = facts.applicant
    reach = Row((Field("Số điện thoại", person.phone), Field("Email", person.email)))
    number = (Field("Số định danh cá nhân", person.identity_number),) if identity else ()
    return (Field(label, person.name), Field("Địa chỉ", person.address), reach, *number)


HEAD_OF_AGENCY = Signature("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", how="(Ký, ghi rõ họ tên và đóng dấu)")
"""Signs apologies and notices that the work stops."""
