"""Does docs/hall-file.md say what the schema says?"""

import re
import tomllib
from datetime import UTC, datetime

import pytest

from server.offices import hallfile, sample
from server.offices.hallguide import ALLOWED, DOCUMENT, SHARED, UNITS, refreshed, table_of
from server.offices.hallschema import HallFile

TEXT = DOCUMENT.read_text("utf-8")


def models(model=HallFile):
    """Every table of the schema, each once."""
    found = {model}
    for field in model.model_fields.values():
        inner = table_of(field.annotation)
        if inner is not None:
            found |= models(inner)
    return found


def test_the_document_is_what_the_schema_says():
    assert refreshed(TEXT) == TEXT, "run: python -m server.offices.hallguide"


def test_every_field_has_a_row_with_its_meaning():
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", TEXT, flags=re.MULTILINE))
    for model in models() - {HallFile}:
        for name, field in model.model_fields.items():
            assert len(field.description or "") > 5, f"{model.__name__}.{name} has no meaning"
            assert (field.alias or name) in rows


def test_every_number_has_its_unit():
    units = dict(re.findall(r"^\| `(\w+)` \| .+? \| .+? \| (.*?) ?\| .+? \|$", TEXT, re.MULTILINE))
    numbers = {
        name
        for model in models()
        for name, field in model.model_fields.items()
        if re.search(r"\b(int|float)\b|Literal\[\d", str(field.annotation))
    }
    assert numbers == set(UNITS)
    assert all(units[name] == UNITS[name] for name in numbers)


def test_every_table_is_described_once():
    lines = TEXT.split("\n")
    for model in models() - {HallFile} - set(SHARED):
        assert lines.count(" ".join(model.__doc__.split())) == 1


def test_the_examples_of_the_document_load(database):
    """What the document shows is put into the sample, in place of what stands there."""
    examples = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    assert examples
    for example in examples:
        tables = tomllib.loads(f"[[office]]\n{example}")["office"][0]
        own = re.split(r"(?=^\[{1,2}office)", sample.hall_text(), flags=re.MULTILINE)
        kept = [
            part
            for part in own
            if not any(re.match(rf"\[+office\.{name}\b", part) for name in tables)
        ]
        hall = next(i for i, part in enumerate(kept) if "[office.rules]" in part)
        text = "".join([*kept[:hall], example, "\n", *kept[hall:]])
        with database.transaction() as session:
            hallfile.load(session, text, file="guide.toml", now=datetime(2026, 1, 5, tzinfo=UTC))


def test_every_rule_in_words_is_used():
    for words in ALLOWED.values():
        assert words in TEXT


@pytest.mark.parametrize("path", re.findall(r"\]\((\.\./[^)]+)\)", TEXT))
def test_links_lead_somewhere(path):
    assert (DOCUMENT.parent / path).resolve().exists()
