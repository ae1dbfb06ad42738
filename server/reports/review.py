"""The review (*bản đánh giá*) of a period in sentences. Pure: figures in, sentences out.

In Vietnamese always, as such a review is handed in. Every number comes from the figures; where
there is nothing to count, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.reports.behind import Figure
from server.reports.causes import Cause
from server.reports.naming import period_name, span
from server.reports.settlement import Period, share

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")

MOST_CAUSES = 10
"""So many reasons are quoted; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number in a sentence, and the dossiers it counts."""

    words: str
    figure: Figure
    office: str
    """Whose figure it is: a slug."""
    scope: str = "own"


Sentence = list[str | Counted]


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the review."""

    title: str
    sentences: list[Sentence]
    items: list[Sentence] = field(default_factory=list)
    """Below the sentences, one a line."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a review is made of."""

    office: str
    """Its Vietnamese name."""
    period: Period
    settlement: dict[str, Any]
    processing: dict[str, Any]
    agencies: list[dict[str, Any]] = field(default_factory=list)
    """The rows of :func:`server.reports.agencies.agency_report`."""
    causes: Sequence[Cause] = ()
    before: Period | None = None
    settlement_before: dict[str, Any] | None = None


def title(period: Period) -> str:
    """``Đánh giá tình hình thực hiện … 6 tháng đầu năm 2019``."""
    mechanism = "cơ chế một\u00a0cửa, một\u00a0cửa liên\u00a0thông"
    return f"Đánh giá tình hình thực hiện {mechanism} {period_name(period)}"


def review(known: Known) -> list[Section]:
    """The sections that have something to say, numbered."""
    sections = [
        _results(known),
        _fields(known),
        _offices(known),
        _agencies(known),
        _causes(known),
        _remaining(known),
    ]
    told = [one for one in sections if one is not None]
    return [
        Section(f"{number}. {one.title}", one.sentences, one.items)
        for number, one in zip(NUMERALS, told, strict=False)
    ]


def plain(sentence: Sentence) -> str:
    """The sentence as text."""
    return "".join(part if isinstance(part, str) else part.words for part in sentence)


def number(value: int) -> str:
    """``2.411``."""
    return f"{value:,}".replace(",", ".")


def per_cent(value: float | None) -> str:
    """``91,3%``; whole ones without a decimal."""
    assert value is not None
    return f"{value:.1f}".removesuffix(".0").replace(".", ",") + "%"


def _results(known: Known) -> Section:
    figures, office = known.settlement, known.settlement["office"]
    sentences: list[Sentence] = []
    opening = f"{span(known.period)[:1].upper()}{span(known.period)[1:]}, {known.office}"
    if figures["received"] == 0:
        sentences.append([f"{opening} không tiếp nhận hồ sơ nào."])
    else:
        sentences.append([f"{opening} tiếp nhận ", _counted(figures, "received"), " hồ sơ."])
        sentences.append(
            [f"Tính đến hết ngày {known.period.end:%d/%m/%Y}: ", *_classes(figures, full=True), "."]
        )
    if figures["resolved"]:
        rate = per_cent(figures["share_of_resolved"]["on_time"])
        resolved = Counted(number(figures["resolved"]), Figure("resolved"), office)
        sentences.append(
            ["Tính trên ", resolved, f" hồ sơ đã giải quyết, tỷ lệ đúng hạn là {rate}."]
        )
    sentences += _compared(known)
    lower = figures.get("below")
    if lower and lower["received"]:
        count = len(list(_below(figures)))
        named = lower | {"office": office}
        sentences.append(
            [
                f"{count} đơn vị cấp dưới tiếp nhận ",
                _counted(named, "received", scope="below"),
                " hồ sơ: ",
                *_classes(named, scope="below"),
                ".",
            ]
        )
    return Section("Kết quả tiếp nhận và giải quyết hồ sơ", sentences)


def _compared(known: Known) -> Iterator[Sentence]:
    before, now = known.settlement_before, known.settlement
    if not before or not before["received"] or not now["received"] or known.before is None:
        return
    more = now["received"] - before["received"]
    name = period_name(known.before)
    if more == 0:
        yield [f"Số hồ sơ tiếp nhận bằng {name}."]
    else:
        change = per_cent(share(abs(more), before["received"]))
        way = "tăng" if more > 0 else "giảm"
        yield [f"So với {name}, số hồ sơ tiếp nhận {way} {number(abs(more))} hồ sơ ({change})."]
    old, new = before["share"]["on_time"], now["share"]["on_time"]
    points = round(new * 10) - round(old * 10)
    if points:
        way = "tăng" if points > 0 else "giảm"
        amount = per_cent(abs(points) / 10).removesuffix("%")
        to = f"từ {per_cent(old)} {'lên' if points > 0 else 'xuống'} {per_cent(new)}"
        yield [f"Tỷ lệ đúng hạn trên số hồ sơ tiếp nhận {way} {amount} điểm phần trăm ({to})."]


def _fields(known: Known) -> Section | None:
    office = known.settlement["office"]
    items: list[Sentence] = []
    for row in sorted(known.settlement["by_field"], key=lambda row: -row["received"]):
        named, code = row | {"office": office}, row["field"]
        received = _counted(named, "received", code)
        items.append([f"{row['names']['vi']}: ", received, " hồ sơ; ", *_classes(named, code), "."])
    return Section("Kết quả theo lĩnh vực", [], items) if items else None


def _offices(known: Known) -> Section | None:
    items: list[Sentence] = []
    for child in _below(known.settlement):
        if child["received"]:
            received = _counted(child, "received")
            items.append([f"{child['names']['vi']}: ", received, " hồ sơ; ", *_classes(child), "."])
        else:
            items.append([f"{child['names']['vi']}: không tiếp nhận hồ sơ nào."])
    return Section("Kết quả theo đơn vị", [], items) if items else None


def _agencies(known: Known) -> Section | None:
    if not known.agencies:
        return None
    office = known.settlement["office"]
    # Not a link: a dossier that goes through two agencies is two of these.
    total = sum(row["total"] for row in known.agencies)
    within = sum(row["done_within"] for row in known.agencies)
    sentences: list[Sentence] = [
        [
            f"{len(known.agencies)} cơ quan, đơn vị phối hợp giải quyết {number(total)} lượt hồ sơ "
            f"liên thông, trong đó {number(within)} lượt xong trong thời gian được giao."
        ]
    ]
    items: list[Sentence] = []
    for row in known.agencies:
        parts: list[Sentence] = [
            [
                Counted(number(row[which]), Figure(which, "agencies", agency=row["id"]), office),
                words,
            ]
            for which, words in (
                ("done_beyond", " lượt xong quá thời gian được giao"),
                ("held_beyond", " lượt đang giữ quá thời gian được giao"),
            )
            if row[which]
        ]
        if not parts:
            continue
        if row["median_working_days"] is not None:
            days = f"{row['median_working_days']:.1f}".removesuffix(".0").replace(".", ",")
            parts.append([f"thời gian giữ hồ sơ (trung vị) {days} ngày làm việc"])
        items.append([f"{row['names']['vi']}: ", *_joined(parts), "."])
    if items:
        sentences.append(["Các cơ quan, đơn vị giữ hồ sơ quá thời gian được giao:"])
    else:
        sentences.append(["Không có cơ quan, đơn vị nào giữ hồ sơ quá thời gian được giao."])
    return Section("Phối hợp giải quyết hồ sơ liên thông", sentences, items)


def _causes(known: Known) -> Section | None:
    if not known.causes:
        return None
    office = known.settlement["office"]

    def of(words: str, cause: str = "") -> Counted:
        return Counted(words, Figure("apologised", "apologies", cause=cause), office)

    every = frozenset[int]().union(*(cause.dossiers for cause in known.causes))
    sentences: list[Sentence] = [
        [
            "Trong kỳ đã xin lỗi và hẹn lại ngày trả kết quả đối với ",
            of(number(len(every))),
            " hồ sơ. Nguyên nhân ghi trong phiếu xin lỗi:",
        ]
    ]
    items: list[Sentence] = [
        [f"“{one.words.rstrip('.')}”: ", of(number(len(one.dossiers)), one.key), " hồ sơ."]
        for one in known.causes[:MOST_CAUSES]
    ]
    if len(known.causes) > MOST_CAUSES:
        items.append([f"{number(len(known.causes) - MOST_CAUSES)} nguyên nhân khác."])
    return Section("Nguyên nhân trễ hạn", sentences, items)


def _remaining(known: Known) -> Section | None:
    figures, office = known.processing, known.processing["office"]
    if figures["received"]["total"] == 0:
        return None
    parts: list[Sentence] = []
    for group, words, overdue in (
        ("in_process", " hồ sơ đang giải quyết", "process_overdue"),
        ("paused", " hồ sơ đang tạm dừng (bổ sung giấy tờ, nghĩa vụ tài chính, dừng xử lý)", ""),
    ):
        count = figures[group]
        if not count["total"]:
            continue
        part: Sentence = [
            Counted(number(count["total"]), Figure(group, "processing"), office),
            words,
        ]
        if count["overdue"]:
            figure = Figure(overdue or "paused_overdue", "processing")
            part += [", trong đó ", Counted(number(count["overdue"]), figure, office), " quá hạn"]
        parts.append(part)
    end = f"Đến hết ngày {known.period.end:%d/%m/%Y}"
    if not parts:
        return Section("Hồ sơ còn lại", [[f"{end} không còn hồ sơ nào chưa giải quyết."]])
    return Section("Hồ sơ còn lại", [[f"{end} còn ", *_joined(parts), "."]])


def _classes(
    figures: dict[str, Any], field_code: str = "", *, scope: str = "own", full: bool = False
) -> Sentence:
    """``2.201 hồ sơ đúng hạn (91,3%), …``: the classes that are not empty."""
    base = " số hồ sơ tiếp nhận" if full else ""
    parts: list[Sentence] = []
    for which, words in (
        ("on_time", "giải quyết đúng hạn" if full else "đúng hạn"),
        ("not_due", "chưa đến hạn"),
        ("late", "trễ hạn"),
    ):
        if figures[which]:
            rate = per_cent(figures["share"][which])
            counted = _counted(figures, which, field_code, scope=scope)
            parts.append([counted, f" hồ sơ {words} ({rate}{base})"])
            base = ""
    return _joined(parts)


def _counted(
    figures: dict[str, Any], which: str, field_code: str = "", *, scope: str = "own"
) -> Counted:
    figure = Figure(which, field=field_code)
    return Counted(number(figures[which]), figure, figures["office"], scope)


def _joined(parts: Sequence[Sentence]) -> Sentence:
    """With commas between them and *và* before the last."""
    found: Sentence = []
    for place, part in enumerate(parts):
        if place:
            found.append(" và " if place == len(parts) - 1 else ", ")
        found += part
    return found


def _below(figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in figures["children"]:
        yield child
        yield from _below(child)
