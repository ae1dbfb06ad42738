"""What a code scanner has typed, whole and mangled on its way."""

from __future__ import annotations

import re
import secrets
import unicodedata
from base64 import urlsafe_b64encode
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardware.scanner import (
    TOKEN_LENGTH,
    CardScan,
    CitizenCard,
    DossierScan,
    TicketScan,
    UnknownScan,
    candidates,
    normal_code,
    read_scan,
)
from tests.hardware.input_method import typed

MAN = "091090000123|370123456|NGUYỄN VĂN MẪU|05021990|Nam|Ấp Mẫu, Vĩnh Thuận, Kiên Giang|12052021"
WOMAN = "091305000456||DANH THỊ MẪU|17082005|Nữ|Ấp Mẫu, Vĩnh Phong, Kiên Giang|30112022"
TOKEN = "Ab3_-xYz09QwErTyUiOpAs"
URL = f"http://hall.example:8080/t/{TOKEN}"

# Syllables whose plain letters no input method changes; names of the hall's people.
NAMES = st.lists(
    st.sampled_from("NGUYỄN VĂN MẪU DANH THỊ TRẦN PHƯỚC KIÊN LÊ HOÀNG ÚT CHÂU".split()),
    min_size=2,
    max_size=5,
).map(" ".join)
ADDRESSES = st.text("ẤĂâơưđpthMnguyê ,./0123456789-", max_size=60).map(
    lambda text: unicodedata.normalize("NFC", text).strip()
)
# Random as real ones are: no strategy could shrink them into each other's likeness.
TOKENS = st.integers(0, 2**64).map(
    lambda seed: urlsafe_b64encode(Random(seed).randbytes(16)).decode().rstrip("=")
)
CODES = st.builds(
    "{}{}{:02}{}-{:%y%m%d}-{}".format,
    st.sampled_from(["", "000.17.22.", "000.00.16."]),
    st.sampled_from("GH"),
    st.integers(1, 99),
    st.sampled_from(["", ".14", ".7", ".101.2"]),
    st.dates(date(2015, 1, 1), date(2040, 12, 31)),
    st.from_regex(r"[0-9]{4,6}", fullmatch=True),
)
DASHES = "-‐‑‒–—―−﹣－_"


@st.composite
def cards(draw: st.DrawFn) -> str:
    """The text of a card as an office could have issued it."""
    born = draw(st.dates(date(1915, 1, 1), date(2012, 12, 31)))
    sex = draw(st.sampled_from(("Nam", "Nữ")))
    province = draw(st.integers(1, 96))
    century = 2 * (born.year // 100 - 19) + (sex == "Nữ")
    number = f"{province:03}{century}{born.year % 100:02}{draw(st.integers(0, 999999)):06}"
    old = draw(st.sampled_from(("", "370123456", "012345678")))
    issued = born + timedelta(days=draw(st.integers(5200, 9000)))
    extra = draw(st.sampled_from(("", "|", "|NGUYỄN VĂN A|TRẦN THỊ B", "||||")))
    return (
        f"{number}|{old}|{draw(NAMES)}|{born:%d%m%Y}|{sex}|{draw(ADDRESSES)}|{issued:%d%m%Y}{extra}"
    )


def card_of(text: str) -> CitizenCard:
    scan = read_scan(text)
    assert isinstance(scan, CardScan)
    return scan.card


def test_a_slip_a_dossier_and_a_card_are_told_apart() -> None:
    assert read_scan(URL) == TicketScan(TOKEN)
    assert read_scan("H56.14-240823-0001") == DossierScan("H56.14-240823-0001")
    assert isinstance(read_scan(MAN), CardScan)
    assert read_scan("8934588063053") == UnknownScan()


def test_a_card_s_fields_are_read_by_their_place() -> None:
    card = card_of(MAN)
    assert (card.number, card.old_number, card.name) == (
        "091090000123",
        "370123456",
        "NGUYỄN VĂN MẪU",
    )
    assert (card.born, card.sex, card.issued) == (date(1990, 2, 5), "Nam", date(2021, 5, 12))
    assert card.address == "Ấp Mẫu, Vĩnh Thuận, Kiên Giang"
    assert card_of(WOMAN).old_number == ""
    assert card_of(WOMAN).sex == "Nữ"


@pytest.mark.parametrize("end", ["|", "||||", "|NGUYỄN VĂN A|TRẦN THỊ B|", "|1|2|3|4|5|6|7|8"])
def test_more_fields_than_seven_are_ignored(end: str) -> None:
    assert card_of(MAN + end) == card_of(MAN)


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2050, 2, 4), 59), (date(2050, 2, 5), 60), (date(2050, 12, 31), 60)],
)
def test_a_year_of_age_is_completed_on_the_birthday(day: date, age: int) -> None:
    assert card_of(MAN).age_on(day) == age


def test_nothing_of_a_card_or_a_token_can_reach_a_log_by_its_repr() -> None:
    for shown in (
        repr(read_scan(MAN)),
        str(read_scan(MAN)),
        f"{card_of(MAN)}",
        f"{[card_of(MAN)]}",
    ):
        for field in MAN.split("|"):
            assert field not in shown
        assert "1990" not in shown and "MẪU" not in shown
    assert TOKEN not in f"{read_scan(URL)!r} {read_scan(URL)}"


@pytest.mark.parametrize(
    "text",
    [
        MAN.removeprefix("0"),  # a leading piece lost
        MAN.removeprefix("091"),
        MAN.removesuffix("1"),  # a trailing piece lost
        MAN.removesuffix("|12052021"),
        "7" + MAN,  # something before it
        "http://" + MAN,
        MAN.replace("05021990", "31021990"),  # no such day
        MAN.replace("12052021", "12131989"),
        MAN.replace("12052021", "12051989"),  # issued before it was born
        MAN.replace("370123456", "37012345"),
        MAN.replace("Nam", "X"),
        MAN.replace("NGUYỄN VĂN MẪU", ""),
        MAN.replace("|", "", 1),
        MAN + WOMAN,  # two people: which one is meant?
        WOMAN + MAN,
        MAN + URL,
        URL + MAN,
        f"{URL}{URL[:-1]}x",
        "H56.14-240823-0001" + URL,
        "H56.14-241323-0001",  # no such day
        "",
        "|" * 500,
        "0" * 5000,
    ],
)
def test_what_is_not_whole_is_refused_and_never_guessed(text: str) -> None:
    assert read_scan(text) == UnknownScan()


def test_a_correction_in_the_register_makes_no_card_invalid() -> None:
    card = card_of(MAN.replace("05021990", "05021991"))  # the number still says 1990
    assert card.born.year == 1991
    assert not card.consistent


def test_a_woman_s_sex_the_scanner_cannot_type_is_told_by_her_number() -> None:
    assert card_of(WOMAN.replace("Nữ", "N?")).sex == "Nữ"
    man = MAN.replace("Nam", "N?")
    assert read_scan(man) == UnknownScan(), "a man's card has nothing the scanner cannot type"
    other = WOMAN.replace("Nữ", "N?").replace("17082005", "17082006")
    assert read_scan(other) == UnknownScan(), "repaired, and the number disagrees"


@given(cards())
def test_every_card_is_read(text: str) -> None:
    card = card_of(text)
    assert text.startswith(f"{card.number}|{card.old_number}|{card.name}|{card.born:%d%m%Y}|")
    assert card.consistent


@given(
    cards(),
    st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
    st.sampled_from(["same", "upper", "lower", "caps", "bytes", "twice", "lines", "aim"]),
)
def test_a_card_survives_every_mangling_that_can_be_undone(text: str, form: str, how: str) -> None:
    meant = card_of(text)
    text = unicodedata.normalize(form, text)
    mangled = {
        "same": text,
        "upper": text.upper(),
        "lower": text.lower(),
        "caps": text.swapcase(),
        "bytes": unicodedata.normalize("NFC", text).encode().decode("latin-1"),
        "twice": text + text,
        "lines": f"\ufeff  {text}\r\n",
        "aim": f"]Q1{text}",
    }[how]
    card = card_of(mangled)
    same = ("number", "old_number", "name", "born", "sex", "issued")
    assert [getattr(card, name) for name in same] == [getattr(meant, name) for name in same]
    if how not in ("upper", "lower"):
        assert card.address == meant.address


@given(cards(), st.sampled_from(["telex", "vni"]))
def test_an_input_method_leaves_a_card_s_numbers_alone(text: str, method: str) -> None:
    meant, scan = card_of(text), read_scan(typed(text, method))
    if isinstance(scan, CardScan):
        assert scan.card.number == meant.number
        assert scan.card.born == meant.born


@given(cards(), st.data())
def test_a_card_with_a_key_lost_is_never_another_card(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    meant, scan = card_of(text), read_scan(text[:at] + text[at + 1 :])
    if isinstance(scan, CardScan):
        assert (scan.card.number, scan.card.born) == (meant.number, meant.born)


@given(cards(), st.data())
def test_a_card_cut_off_anywhere_never_becomes_another_number(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    meant, scan = card_of(text), read_scan(text[start:end])
    assert not isinstance(scan, TicketScan | DossierScan)
    if isinstance(scan, CardScan):
        assert scan.card == meant


@given(cards(), cards(), st.data())
def test_two_cards_run_together_are_refused_unless_they_are_one(
    first: str, second: str, data: st.DataObject
) -> None:
    assume(first.count("|") == second.count("|") == 6)
    cut = data.draw(st.integers(0, len(second)))
    scan = read_scan(first + second[cut:])
    if isinstance(scan, CardScan):
        # What is left of the second may pass for more fields of the first; it is never mixed in.
        assert scan.card == card_of(first)
        assert card_of(first) == card_of(second) or not second[cut:].startswith(second[:12])


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    read_scan(text)
    assert len(candidates(text)) <= 2


@given(st.from_regex(r"[0-9]{10,14}(\|[\w ]*){5,9}", fullmatch=True))
def test_no_card_like_text_raises_or_reads_as_something_else(text: str) -> None:
    assert isinstance(read_scan(text), CardScan | UnknownScan)


@pytest.mark.parametrize("end", ["", "/", "?lang=km", "/?lang=en", "#top", "\r\n"])
def test_the_address_of_a_slip_may_have_an_end(end: str) -> None:
    assert read_scan(URL + end) == TicketScan(TOKEN)


def test_our_tokens_have_the_length_the_scanner_expects() -> None:
    assert len(secrets.token_urlsafe(16)) == TOKEN_LENGTH


@given(TOKENS)
def test_every_token_is_read_whole(token: str) -> None:
    scan = read_scan(f"https://hall.example/t/{token}")
    assert scan == TicketScan(token)
    assert scan.whole
    assert scan.fits(token)


@given(TOKENS, st.sampled_from(["telex", "vni"]), st.lists(TOKENS, max_size=30))
def test_an_input_method_left_on_still_gives_the_right_ticket(
    token: str, method: str, others: list[str]
) -> None:
    scan = read_scan(typed(f"https://hall.example:8080/t/{token}", method))
    if isinstance(scan, TicketScan):
        assert [one for one in dict.fromkeys([*others, token]) if scan.fits(one)] == [token]
    else:
        kept = re.sub(r"\W", "", typed(token, method))
        assert len(kept) < 14, "most tokens survive; only those that lose too much are refused"


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_most_tokens_are_really_garbled_and_understood(method: str) -> None:
    chance = Random(7)
    tokens = [urlsafe_b64encode(chance.randbytes(16)).decode().rstrip("=") for _ in range(500)]
    scans = [(token, read_scan(typed(f"http://h/t/{token}", method))) for token in tokens]
    garbled = [scan for token, scan in scans if scan != TicketScan(token)]
    understood = [1 for token, scan in scans if isinstance(scan, TicketScan) and scan.fits(token)]
    assert len(garbled) > 300, "the stand-in for the input method does something"
    assert len(understood) > 490


@given(TOKENS, st.sampled_from(["caps", "upper", "lower", "twice", "lines"]))
def test_a_slip_survives_capslock_and_a_lost_enter(token: str, how: str) -> None:
    url = f"http://hall.example/t/{token}"
    mangled = {
        "caps": url.swapcase(),
        "upper": url.upper(),
        "lower": url.lower(),
        "twice": url + url,
        "lines": f" {url}\r\n",
    }[how]
    scan = read_scan(mangled)
    assert isinstance(scan, TicketScan)
    assert scan.fits(token)


@given(TOKENS, st.data())
def test_a_cut_off_slip_fits_no_other_ticket(token: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, 22))
    others = data.draw(st.lists(TOKENS, max_size=20))
    scan = read_scan(f"http://hall.example/t/{token[:-cut]}")
    if isinstance(scan, TicketScan):
        assert not [one for one in others if one != token and scan.fits(one)]


@given(CODES, st.data())
def test_a_dossier_code_forgives_case_spaces_and_dashes(code: str, data: st.DataObject) -> None:
    dash = data.draw(st.sampled_from(DASHES))
    space = data.draw(st.sampled_from(["", " ", "  ", "\u00a0"]))
    written = code.replace("-", f"{space}{dash}{space}")
    for text in (written, written.lower(), f" {written}\n", f"]C1{written}"):
        assert read_scan(text) == DossierScan(code)
    assert normal_code(written) == code


@given(CODES, st.sampled_from(["lookup", "lôkup", "LOOKUP", "tra-cuu"]))
def test_a_receipt_may_carry_the_address_of_the_lookup_page(code: str, page: str) -> None:
    page = page.replace("-", "")
    assert read_scan(f"https://hall.example/{page}?code={code}") == DossierScan(code)
    assert read_scan(f"https://hall.example/{page}?lang=vi&code={code}#x") == DossierScan(code)


@given(CODES, st.sampled_from(["telex", "vni"]))
def test_an_input_method_changes_no_dossier_code(code: str, method: str) -> None:
    assert read_scan(typed(code, method)) == DossierScan(code)


@given(CODES)
def test_a_code_scanned_twice_is_that_code_and_two_codes_are_none(code: str) -> None:
    assert read_scan(code + code) == DossierScan(code)
    other = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert read_scan(code + other) == UnknownScan()


@given(CODES, st.data())
def test_a_code_with_a_key_lost_is_refused_or_cannot_be_told_apart(
    code: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(code) - 1))
    shorter = code[:at] + code[at + 1 :]
    scan = read_scan(shorter)
    if isinstance(scan, DossierScan):
        assert scan.code == shorter, "nothing is made up: what is there is itself a whole code"


def test_an_office_may_have_another_pattern() -> None:
    assert read_scan("kg/2019/77", r"KG/\d{4}/\d+") == DossierScan("KG/2019/77")
    assert read_scan("H56.14-240823-0001", r"KG/\d{4}/\d+") == UnknownScan()
