"""Every word shown to people is there in Vietnamese and English, and says what its id says."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from server.words import FOLDER, catalogue, script_words, translate

ROOT = Path(__file__).parents[1]
LANGUAGES = ("vi", "en", "km")
COMPLETE = ("vi", "en")
"""Khmer has what readers of Khmer have given us; the rest is Vietnamese."""

GAP = re.compile(r"%\((\w+)\)s")


def forms(message: Message) -> list[str]:
    """What a message says, in each of its forms."""
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def ids(message: Message) -> list[str]:
    """The English of a message: one, or the one for one thing and the one for many."""
    return list(message.id) if isinstance(message.id, tuple) else [message.id]


def messages(words: Catalog) -> list[Message]:
    """All but the header."""
    return [message for message in words if message.id]


def key(message: Message) -> str:
    """How a message is found in another catalogue."""
    return ids(message)[0]


def missing(wanted: Catalog, words: Catalog) -> list[str]:
    """Ids that are used and have no words, or lack one of their forms."""
    found = {key(message): forms(message) for message in messages(words)}
    return [key(one) for one in messages(wanted) if not all(found.get(key(one), [""]))]


def stale(wanted: Catalog, words: Catalog) -> list[str]:
    """Ids that have words and are used nowhere."""
    used = {key(message) for message in messages(wanted)}
    return [key(message) for message in messages(words) if key(message) not in used]


def gaps_differ(message: Message) -> bool:
    """Whether a translation fills other gaps than its id has.

    Where a number decides, a form may do without it ("one person"), but may not ask for more.
    """
    wanted = {gap for text in ids(message) for gap in GAP.findall(text)}
    if isinstance(message.id, tuple):
        return any(not set(GAP.findall(text)) <= wanted for text in forms(message))
    return any(set(GAP.findall(text)) != wanted for text in forms(message) if text)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The words in the sources, gathered exactly as `make words` does it."""
    recipe = (ROOT / "Makefile").read_text("utf-8")
    keywords = [part for word in re.findall(r"-k (\S+)", recipe) for part in ("-k", word)]
    assert keywords, "the recipe of `make words` names no keywords any more"
    pot = tmp_path_factory.mktemp("words") / "messages.pot"
    rooms = ["server", "kiosk", "display", "counter"]
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["--mapping-file", "pyproject.toml", *keywords, "--output-file", str(pot)]
    subprocess.run([*command, *options, *rooms], cwd=ROOT, check=True, timeout=120)
    with pot.open("rb") as file:
        return read_po(file)


def read(language: str) -> Catalog:
    """A language's catalogue as it is kept in git."""
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module", params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Catalog:
    """Each catalogue in turn."""
    return read(request.param)


@pytest.mark.parametrize("language", COMPLETE)
def test_no_word_is_missing(used: Catalog, language: str) -> None:
    assert missing(used, read(language)) == []


def test_no_word_is_kept_that_nobody_says(used: Catalog, words: Catalog) -> None:
    assert stale(used, words) == []


def test_translations_fill_the_same_gaps(words: Catalog) -> None:
    assert [key(message) for message in messages(words) if gaps_differ(message)] == []


def test_nothing_waits_for_a_translator_to_look_at_it(words: Catalog) -> None:
    assert [key(message) for message in messages(words) if message.fuzzy] == []


def test_every_word_is_one_sequence_of_characters(words: Catalog) -> None:
    # ô and o + ^ look alike and are not: search, shaping and tests need one of them, NFC.
    texts = [text for message in messages(words) for text in forms(message)]
    assert [text for text in texts if unicodedata.normalize("NFC", text) != text] == []


def test_english_is_what_the_sources_say() -> None:
    assert [key(one) for one in messages(read("en")) if forms(one) != ids(one)] == []


def test_citizens_are_addressed_with_respect() -> None:
    # "bạn" is for friends; an office says ông/bà.
    texts = [text for message in messages(read("vi")) for text in forms(message)]
    assert [text for text in texts if re.search(r"\bbạn\b", text, re.IGNORECASE)] == []


def test_a_sentence_is_a_sentence_in_vietnamese_too() -> None:
    ends = [(ids(one)[-1], forms(one)[-1]) for one in messages(read("vi"))]
    odd = [text for text, said in ends if (text[-1] in ".?") != (said.rstrip()[-1:] in ".?")]
    assert odd == []


def test_khmer_is_written_in_khmer_letters() -> None:
    texts = [(key(one), text) for one in messages(read("km")) for text in forms(one)]
    khmer = re.compile(r"[\u1780-\u17ff]")
    assert [text for text, said in texts if not khmer.search(said)] == []


def test_what_is_served_is_what_is_kept_in_git(words: Catalog) -> None:
    # `make` compiles the catalogues; an old .mo would show old words.
    language = str(words.locale)
    kept = {key(one): forms(one)[0] for one in messages(words) if all(forms(one))}
    served = {one: catalogue(language).ngettext(one, one, 1) for one in kept}
    plain = {one: catalogue(language).gettext(one) for one in kept}
    assert [one for one in kept if kept[one] not in (served[one], plain[one])] == []


def test_a_word_that_khmer_lacks_is_vietnamese(used: Catalog) -> None:
    khmer = {key(message) for message in messages(read("km"))}
    lacking = [key(one) for one in messages(used) if not isinstance(one.id, tuple)]
    lacking = [one for one in lacking if one not in khmer]
    assert lacking, "Khmer is complete; this test is no longer needed"
    wrong = [one for one in lacking if translate("km", one) != translate("vi", one)]
    assert wrong == []


def test_a_word_nobody_knows_is_shown_as_it_is() -> None:
    assert translate("km", "No catalogue has this.") == "No catalogue has this."


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_get_every_word(used: Catalog, language: str) -> None:
    given = script_words(language)
    assert [key(one) for one in messages(used) if not given.get(key(one))] == []
    plural = [key(one) for one in messages(used) if isinstance(one.id, tuple)]
    assert [one for one in plural if not isinstance(given[one], list)] == []


def test_scripts_name_their_words_so_that_they_can_be_gathered() -> None:
    # t(some.variable) would be shown in English for ever, and no test would notice.
    said = re.compile(r"(?<![\w.$])tn?\((?!\s*[\"'`])(?P<rest>[^)]{0,40})")
    found = {
        f"{script.relative_to(ROOT)}: {match['rest']}"
        for script in own_scripts()
        for match in said.finditer(script.read_text("utf-8"))
        if not match["rest"].startswith(("id, params", "one, many, n"))  # where they are defined
    }
    assert found == set()


def own_scripts() -> Iterable[Path]:
    """The scripts of all rooms but the vendored ones."""
    for room in ("server", "kiosk", "display", "counter"):
        yield from (path for path in (ROOT / room).rglob("*.js") if "vendor" not in path.parts)


def test_these_checks_notice() -> None:
    used, words = Catalog(), Catalog(locale="vi")
    for text in ("Wait", "Go to %(counter)s", "New"):
        used.add(text)
    words.add("Wait", "Chờ")
    words.add("Go to %(counter)s", "Mời đến")
    words.add("Old", "Cũ")
    used.add(("%(n)s person", "%(n)s people"))
    words.add(("%(n)s person", "%(n)s people"), ("%(m)s người",))
    assert missing(used, words) == ["New"]
    assert stale(used, words) == ["Old"]
    wrong = [key(message) for message in messages(words) if gaps_differ(message)]
    assert wrong == ["Go to %(counter)s", "%(n)s person"]
