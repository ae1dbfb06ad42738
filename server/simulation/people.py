"""Invented applicants. They have no phone numbers: an invented one may be somebody's."""

from __future__ import annotations

from random import Random

from server.dossiers.reception import Person

FAMILY = "Nguyễn Trần Lê Phạm Huỳnh Võ Danh Thị Đặng Bùi Đỗ Ngô Dương Lý Trương".split()
MIDDLE = "Văn Thị Hữu Ngọc Minh Thanh Kim Quốc Hoàng Mỹ Thúy Đức".split()
GIVEN = (
    "An Bình Chi Dũng Duyên Giang Hà Hạnh Hòa Hùng Hương Khánh Lan Liên Linh Long Mai Nam Nga "
    "Nhân Oanh Phúc Quang Quyên Sơn Tâm Thảo Thắng Trang Tuấn Út Vân Vinh Xuân Yến"
).split()


def applicant(rng: Random, place: str) -> Person:
    """Somebody of a place; the card's number has the form of one and is nobody's."""
    name = f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"
    card = f"091{rng.randrange(2)}{rng.randrange(40, 100)}000{rng.randrange(1000):03d}"
    return Person(
        name=name.upper(), identity_number=card, address=f"Ấp {rng.randrange(1, 9)}, {place}"
    )
