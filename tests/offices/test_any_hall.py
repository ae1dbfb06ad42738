"""Does any hall survive being written, read, loaded and exported?"""

import base64
import tomllib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from server.offices import hallfile
from server.offices.hallschema import HallFile
from server.offices.hallwriting import written
from server.offices.logos import printable
from tests.offices.test_logos import emblem, png

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def load(database, text):
    with database.transaction() as session:
        return hallfile.load(session, text, file="hall.toml", now=NOW)


def export(database):
    with database.read() as session:
        return hallfile.export(session)


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
).filter(str.strip)
words = st.fixed_dictionaries({"vi": texts}, optional={"en": texts, "km": texts})
lines = st.lists(texts, min_size=1, max_size=3)
minutes = st.one_of(st.integers(1, 700), st.floats(0.5, 700))
spans = st.sampled_from(
    [[], [["00:00", "24:00"]], [["13:00", "17:00"], ["07:00", "11:00"]], [["06:15", "11:15"]]]
)
logos = [
    "data:image/png;base64," + base64.b64encode(printable(data)).decode("ascii")
    for data in (png(emblem()), png(emblem(100).convert("1")))
]
hours = st.fixed_dictionaries({"mon": st.just([["07:00", "11:00"]])}, optional={"sat": spans})
closures = st.fixed_dictionaries({"from": st.dates(), "reason": words}, optional={"hours": spans})
codes = ["ho-tich", "dat-dai", "cu-tru"]


@st.composite
def halls(draw):
    count = draw(st.integers(0, 3))
    services = [
        draw(
            st.fixed_dictionaries(
                {"code": st.just(codes[i]), "letter": st.just("ABC"[i]), "names": words},
                optional={
                    "typical_minutes": minutes,
                    "limit_minutes": minutes,
                    "daily_cap": st.integers(1, 300),
                    "tint": st.sampled_from(["red", "teal"]),
                    "fields": st.sampled_from([[], ["HT"], ["HT", "LT"]]),
                    "papers": st.fixed_dictionaries({"vi": lines}, optional={"km": lines}),
                },
            )
        )
        for i in range(count)
    ]
    used = codes[:count]
    counters = [
        {"number": str(i + 1), "services": [[code] for code in draw(st.permutations(used))]}
        for i in range(draw(st.integers(1, 2)) if used else 0)
    ]
    office = draw(
        st.fixed_dictionaries(
            {"slug": st.just("xa"), "names": words, "hours": hours},
            optional={
                "organisation": words,
                "closure": st.lists(closures, max_size=3),
                "logo": st.sampled_from(logos),
                "brand": st.sampled_from(["#000000", "#9b1b1e"]),
                "issuing": st.fixed_dictionaries(
                    {},
                    optional={
                        "before_minutes": minutes,
                        "windows": st.fixed_dictionaries({"mon": spans}),
                    },
                ),
                "rules": st.fixed_dictionaries(
                    {},
                    optional={
                        "priority": st.sampled_from(["strict", "none", "3:2"]),
                        "stop_when_full": st.booleans(),
                        "overdue_after_minutes": minutes,
                    },
                ),
                "ticker": st.lists(words, max_size=2),
                "park": st.lists(words, max_size=2),
            },
        )
    )
    person = {"name": "lan", "role": "clerk", "display_name": draw(texts)}
    return {"office": [office | {"service": services, "counter": counters, "person": [person]}]}


@settings(max_examples=60)
@given(halls())
def test_any_hall_survives_writing_and_reading(raw):
    hall = HallFile.model_validate(raw)
    text = written(hall)
    again = HallFile.model_validate(tomllib.loads(text))
    assert again == hall
    assert written(again) == text


@settings(max_examples=20)
@given(halls())
def test_any_hall_survives_loading_and_export(database, raw):
    text = written(HallFile.model_validate(raw))
    load(database, text)
    assert export(database) == text
    assert load(database, text)[0].outcome == "unchanged"
    assert load(database, export(database))[0].outcome == "unchanged"
