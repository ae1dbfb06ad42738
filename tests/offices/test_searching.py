"""Finding a procedure: the same on the server and on the screens."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.offices import sample
from server.offices.searching import plain, search

TABLE = json.loads((Path(__file__).parent / "searches.json").read_text("utf-8"))
SCRIPT = Path(__file__).parents[2] / "server" / "static" / "js" / "searching.js"
SAMPLE = [
    {
        "code": row["code"],
        "names": {"vi": row["name_vi"], "en": row["name_en"]},
        "field_names": {lang: row[f"field_{lang}"] for lang in ("vi", "en", "km")},
    }
    for row in csv.DictReader(io.StringIO(sample.procedures_text()))
]
LETTERS = st.text(
    alphabet="aăâàảãáạđeêốộơưừýabcdkhst Đ,.-/()1206\u0301\u0323\u1780\u17b6", max_size=24
)


def codes(query: str, procedures: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in search(query, procedures)]


@pytest.mark.parametrize("case", TABLE["searches"], ids=lambda case: case["query"])
def test_somebody_who_types_this_finds_that(case: dict[str, Any]) -> None:
    assert codes(case["query"], TABLE["procedures"]) == case["finds"]


def test_khai_sinh_finds_the_registration_of_a_birth_first_of_all() -> None:
    assert codes("khai sinh", SAMPLE)[0] == "1.001193"


@pytest.mark.parametrize("procedure", SAMPLE, ids=lambda one: one["code"])
def test_each_procedure_is_found_by_its_name_its_code_and_its_words_turned_round(
    procedure: dict[str, Any],
) -> None:
    name, code = procedure["names"]["vi"], procedure["code"]
    for query in (name, plain(name), name.upper(), unicodedata.normalize("NFD", name)):
        assert code in codes(query, SAMPLE)
    assert code in codes(" ".join(reversed(plain(name).split())), SAMPLE)
    for query in (code, f"{code}.000.00.00.H17", code.replace(".", "")):
        assert codes(query, SAMPLE)[0] == code


@given(LETTERS)
def test_accents_capitals_and_spaces_change_nothing_of_what_is_found(query: str) -> None:
    found = set(codes(query, SAMPLE))
    for other in (query.upper(), f"  {query} ", plain(query), unicodedata.normalize("NFD", query)):
        assert set(codes(other, SAMPLE)) == found


@given(LETTERS, LETTERS)
def test_one_more_word_never_finds_more(query: str, word: str) -> None:
    assert set(codes(f"{query} {word}", SAMPLE)) <= set(codes(query, SAMPLE))


@given(LETTERS)
def test_plain_words_are_plain_already(words: str) -> None:
    assert plain(plain(words)) == plain(words)


def test_the_screens_find_the_same_in_the_same_order() -> None:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None:
        pytest.skip("node is not installed")
    chance = random.Random(4)
    pieces = [word for one in SAMPLE for word in " ".join(one["names"].values()).split()]
    queries = [case["query"] for case in TABLE["searches"]]
    for _ in range(400):
        words = chance.sample(pieces, chance.randint(1, 3))
        words = [word[: chance.randint(1, len(word))] for word in words]
        query = " ".join(words)
        queries.append(plain(query) if chance.random() < 0.5 else query)
    procedures = SAMPLE + TABLE["procedures"]
    program = f"""
        import {{ plain, search }} from {json.dumps(SCRIPT.as_uri())};
        let text = "";
        for await (const chunk of process.stdin) text += chunk;
        const {{ queries, procedures }} = JSON.parse(text);
        const names = (query) => search(query, procedures).map((one) => one.names);
        console.log(JSON.stringify(queries.map((query) => [plain(query), names(query)])));
    """
    done = subprocess.run(
        [node, "--input-type=module", "-e", program],
        input=json.dumps({"queries": queries, "procedures": procedures}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout)
    here = [[plain(one), [p["names"] for p in search(one, procedures)]] for one in queries]
    assert there == here
    assert sum(bool(found) for _, found in here) > 300
