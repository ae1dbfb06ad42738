"""Numbers in words, from 0 to 999, as one says them in Vietnamese, English and Khmer."""

from __future__ import annotations

DIGITS_VI = tuple("không một hai ba bốn năm sáu bảy tám chín".split())
DIGITS_EN = tuple("zero one two three four five six seven eight nine".split())

_TEENS_EN = tuple(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
)
_TENS_EN = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split())
_KHMER_ZERO = 0x17E0

LARGEST = 999
"""Larger ones are said figure by figure, which is clearer than a long number word."""


def vietnamese(number: int, link: str = "lẻ") -> str:
    """``link`` stands for the missing tens of 105: *lẻ* in the south, *linh* in the north."""
    hundreds, rest = divmod(_checked(number), 100)
    if not hundreds:
        return _vietnamese_tens(rest)
    start = f"{DIGITS_VI[hundreds]} trăm"
    if not rest:
        return start
    return f"{start} {link} {DIGITS_VI[rest]}" if rest < 10 else f"{start} {_vietnamese_tens(rest)}"


def english(number: int) -> str:
    """British, with *and* after the hundreds."""
    hundreds, rest = divmod(_checked(number), 100)
    if not hundreds:
        return _english_tens(rest)
    start = f"{DIGITS_EN[hundreds]} hundred"
    return f"{start} and {_english_tens(rest)}" if rest else start


def khmer(number: int) -> str:
    """In Khmer figures; there is no machine that speaks them, people read them."""
    return "".join(chr(_KHMER_ZERO + int(figure)) for figure in str(_checked(number)))


def clip_keys(number: int, language: str) -> tuple[str, ...]:
    """The recordings that say ``number``: ``whole-25``, or ``hundred-1``, ``link``, ``whole-5``.

    ``link`` is recorded as *lẻ* (or *linh*) in Vietnamese and as *and* in English; Khmer has none.
    """
    hundreds, rest = divmod(_checked(number), 100)
    if not hundreds:
        return (f"whole-{rest}",)
    if not rest:
        return (f"hundred-{hundreds}",)
    linked = language == "en" or (language == "vi" and rest < 10)
    return (f"hundred-{hundreds}", *(("link",) if linked else ()), f"whole-{rest}")


def _vietnamese_tens(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS_VI[ones]
    start = "mười" if tens == 1 else f"{DIGITS_VI[tens]} mươi"
    if not ones:
        return start
    changed = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
    return f"{start} {changed.get(ones, DIGITS_VI[ones])}"


def _english_tens(number: int) -> str:
    if number < 10:
        return DIGITS_EN[number]
    if number < 20:
        return _TEENS_EN[number - 10]
    tens, ones = divmod(number, 10)
    return _TENS_EN[tens - 2] + (f"-{DIGITS_EN[ones]}" if ones else "")


def _checked(number: int) -> int:
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not from 0 to {LARGEST}")
    return number
