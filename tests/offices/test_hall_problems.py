"""Does each mistake in a hall file name its line, its field and what is allowed?"""

import re
from datetime import UTC, datetime

import pytest

from server.database import Database
from server.errors import Refused
from server.offices import hallfile, sample
from server.offices.models import Office

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TEXT = sample.hall_text()


@pytest.fixture
def database(sqlite_url):
    """One kind of database will do: the messages come from the file."""
    opened = Database(sqlite_url)
    yield opened
    opened.close()


def problems_of(database, text):
    with pytest.raises(hallfile.HallFileError) as refusal, database.transaction() as session:
        hallfile.load(session, text, file="hall.toml", now=NOW)
    with database.read() as session:
        assert session.query(Office).count() == 0
    return refusal.value.problems


# (what is replaced in the sample, by what, the field named, words of the message)
MISTAKES = [
    # a wrong word
    ('tint = "green"', 'tint = "gren"', "office.service.tint", 'Did you mean “green”.*"brown"'),
    ('kind = "results"', 'kind = "result"', "office.service.kind", '"service", "results"'),
    ('icon = "stamp"', 'icon = "stampp"', "office.service.icon", "Did you mean “stamp”.*tractor"),
    ('role = "manager"', 'role = "admin"', "office.person.role", 'Allowed: "clerk", "manager"'),
    ('paper_mm = 80', 'paper_mm = 72', "office.printer.paper_mm", "Allowed: 58, 80"),
    ('letter = "C"', 'letter = "c"', "office.service.letter", 'one capital letter, "A" to "Z"'),
    ('letter = "C"', 'letter = "CC"', "office.service.letter", 'one capital letter, "A" to "Z"'),
    ('number = "3"', 'number = "03"', "office.counter.number", 'allowed are "1" to "999"'),
    ('slug = "kien-giang"', 'slug = "kien\\ngiang"', "office.slug", r'"kien\\ngiang" will not do'),
    ('slug = "kien-giang"', 'slug = "Kiên Giang"', "office.slug", "small letters a–z"),
    ('name = "clerk1"', 'name = "Lan!"', "office.person.name", "small letters a–z"),
    ('fields = ["CU"]', 'fields = ["cu"]', "office.service.fields", "capital letters"),
    ('uri = "virtual:slips"', 'uri = "bluetooth:x"', "office.printer.uri", "network://HOST"),
    ('uri = "virtual:slips"', 'uri = "virtual:"', "office.printer.uri", "virtual:FOLDER"),
    ('uri = "virtual:slips"', 'uri = "file:///dev/lp0\\n"', "office.printer.uri", "file:///dev"),
    # a wrong kind
    ("typical_minutes = 9", 'typical_minutes = "9"', "office.service.typical_minutes", "a number"),
    ("show_left_below = 20", "show_left_below = 2.5", "office.rules.show_left_below", "a whole"),
    ("stop_when_full = true", "stop_when_full = 1", "office.rules.stop_when_full", "true or false"),
    ('number = "3"', "number = 3", "office.counter.number", "must be text in quotes"),
    ("from = 2026-04-27", 'from = "27/4"', "office.closure.from", "a date .* like 2026-02-16"),
    ("from = 2026-04-27", "from = 2026-04-27T07:00:00", "office.closure.from", "must be a date"),
    ('fields = ["CU"]', 'fields = "CU"', "office.service.fields", "a list, written in brackets"),
    # out of bounds
    ("before_minutes = 30", "before_minutes = 721", "office.issuing.before_minutes", "720 or less"),
    ("stop_minutes = 15", "stop_minutes = -1", "office.issuing.stop_minutes", "is 0 or more"),
    ("typical_minutes = 9", "typical_minutes = 0", "office.service.typical_minutes", "more than 0"),
    ('vi = "Đất đai"', f'vi = "{"Đ" * 301}"', "office.service.names.vi", "300 characters"),
    ('vi = "Đất đai"', 'vi = "Đất\\nđai"', "office.service.names.vi", "one line of words"),
    ('vi = "Đất đai"', 'vi = "  "', "office.service.names.vi", "is empty"),
    # missing or unknown
    ('letter = "C"\n', "", "office.service.letter", "is missing; needed: the letter that begins"),
    ('vi = "Tỉnh Kiên Giang"\n', "", "office.names.vi", "is missing; needed: the words in"),
    ("idle_seconds", "idle_second", "office.rules.idle_second", "Did you mean “idle_seconds”"),
    ('km = "ដីធ្លី"', 'kh = "ដីធ្លី"', "office.service.names.kh", "Allowed here: vi, en, km"),
    ('link = "lẻ"', 'link = "le"', "office.voice.link", '"lẻ", "linh"'),
    ("times = 2", "times = 3", "office.voice.times", "1, 2"),
    ("[office.voice]", "[office.voices]", "office.voices", "Did you mean “voice”"),
    # hours
    ('mon = [["07:00"', 'mon = [["7:00"', "office.hours.mon", 'like "07:30"'),
    ('mon = [["07:00"', 'mon = [["07:60"', "office.hours.mon", 'like "07:30"'),
    ('mon = [["07:00"', 'mon = [["11:30"', "office.hours.mon", "11:30–11:00 ends before it begins"),
    (
        'mon = [["07:00", "11:00"], ["13:00"',
        'mon = [["07:00", "11:00"], ["10:30"',
        "office.hours.mon",
        "07:00–11:00 and 10:30–17:00 overlap",
    ),
    ('mon = [["07:00", "11:00"]', 'mon = [["07:00"]', "office.hours.mon", "must be two times"),
    ("mon = [[", "monday = [[", "office.hours.monday", "Did you mean “mon”.*sun"),
    ("to = 2026-02-20", "to = 2026-02-10", "office.closure.to", "2026-02-10 is before 2026-02-16"),
    (
        "stop_minutes = 15\n",
        'stop_minutes = 15\n\n[office.issuing.windows]\nsat = [["06:15", "11:15"]]\n',
        "office.issuing.windows.sat",
        "closed on sat.*mon, tue, wed, thu, fri",
    ),
    # the office
    (
        'timezone = "Asia/Ho_Chi_Minh"',
        'timezone = "Asia/Ho_Chi_Min"',
        "office.timezone",
        "Did you mean “Asia/Ho_Chi_Minh”",
    ),
    ('brand = "#9B1B1E"', 'brand = "red"', "office.brand", 'six digits like "#9B1B1E"'),
    ('brand = "#9B1B1E"', 'brand = "#F4B400"', "office.brand", "1.8:1; needed is at least 4.5:1"),
    ('languages = ["vi", "en", "km"]', 'languages = ["en"]', "office.languages", '"vi" is missing'),
    ('languages = ["vi", "en", "km"]', 'languages = ["vi", "vi"]', "office.languages", "twice"),
    (
        'languages = ["vi", "en", "km"]',
        'languages = ["vi", "fr"]',
        "office.languages",
        '"fr" will not do.*"vi", "en", "km"',
    ),
    ('priority = "2:1"', 'priority = "2-1"', "office.rules.priority", '"2:1".*"strict" and "none"'),
    ('priority = "2:1"', 'priority = "0:1"', "office.rules.priority", '"2:1".*"strict" and "none"'),
    ('"merit"]', '"veteran"]', "office.rules.priorities", '"elderly", "disability"'),
    (
        'parent = "kien-giang"',
        'parent = "kien-gian"',
        "office.parent",
        "neither an office of this file nor loaded before. Did you mean “kien-giang”",
    ),
    ('slug = "kien-giang"', 'slug = "kien-giang"\nparent = "vinh-thuan"', "office.parent", "circl"),
    # named twice, or named but not there
    ('code = "cu-tru"', 'code = "dat-dai"', "office.service.code", "taken by another service"),
    ('letter = "C"', 'letter = "B"', "office.service.letter", '"B" is taken by another service'),
    ('number = "3"', 'number = "2"', "office.counter.number", '"2" is taken by another counter'),
    ('name = "clerk2"', 'name = "clerk1"', "office.person.name", "taken by another person"),
    (
        '["chung-thuc", "ho-tich"]',
        '["chung-thuc", "ho-tch"]',
        "office.counter.services",
        '"ho-tch" is no service of this office. Did you mean “ho-tich”.*"tra-ket-qua"',
    ),
    (
        'printer = "kiosk"',
        'printer = "kisk"',
        "office.counter.printer",
        '"kisk" is no printer of this office. Did you mean “kiosk”',
    ),
    ('[["cu-tru"], ["chung-thuc",', '[["cu-tru"], ["cu-tru",', "office.counter.services", "twice"),
    (
        'services = [["dat-dai"], ["xay-dung", "kinh-doanh"]]',
        "services = []",
        "office.counter.services",
        "is empty; needed: codes of its services",
    ),
    (
        'services = [["tra-ket-qua"], ["xa-hoi", "nong-nghiep"]]',
        'services = [["xa-hoi", "nong-nghiep"]]',
        "office.service.code",
        'no counter serves "tra-ket-qua"',
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("correct", "wrong", "field", "words"),
    MISTAKES,
    ids=[f"{field}-{number}" for number, (_, _, field, _) in enumerate(MISTAKES)],
)
def test_a_mistake_is_named_with_its_line_its_field_and_what_is_allowed(
    database, correct, wrong, field, words
):
    at = TEXT.rindex(correct) if field == "office.service.code" else TEXT.index(correct)
    text = TEXT[:at] + wrong + TEXT[at + len(correct) :]
    problems = problems_of(database, text)
    named = [p for p in problems if re.match(rf"hall\.toml:\d+: {re.escape(field)}: .", p)]
    assert named, problems
    found = re.fullmatch(rf"hall\.toml:(\d+): {re.escape(field)}: (.*)", named[0])
    assert re.search(words, found[2]), named[0]
    line = text.split("\n")[int(found[1]) - 1]
    last = field.rsplit(".", 1)[1]
    # The line of the field itself; of its table where the field is missing.
    assert re.search(rf"\b{last}\b", line) or ("missing" in named[0] and line.startswith("["))


def test_a_table_that_is_missing_is_named_at_the_table_around_it(database):
    text = re.sub(r"\[office\.names\]\n(\w+ = .*\n)+", "", TEXT, count=1)
    assert problems_of(database, text) == [
        "hall.toml:1: office.names: is missing; needed: its name"
    ]


def test_all_problems_come_at_once_in_the_order_of_the_lines(database):
    text = (
        TEXT.replace('brand = "#9B1B1E"', 'brand = "red"', 1)
        .replace('letter = "C"', 'letter = "B"')
        .replace("idle_seconds", "idle_sec")
        .replace('["chung-thuc", "ho-tich"]', '["chung-thuc", "ho-tch"]')
    )
    problems = problems_of(database, text)
    assert [problem.split(": ")[1] for problem in problems] == [
        "office.brand",
        "office.rules.idle_sec",
        "office.service.letter",
        "office.counter.services",
    ]
    lines = [int(problem.split(":")[1]) for problem in problems]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[office]]\nslug = "a\n', r"hall\.toml:2: syntax: .*\(column \d+\)"),
        ("[[office]]\nslug = 'a'\nslug = 'b'\n", r"hall\.toml:3: syntax: .*"),
        ("[[office]]\nhours = [\n\n", r"hall\.toml:2: syntax: .*end of the file.*"),
        ("", r"hall\.toml:1: office: is missing; needed: the offices of this file"),
        ("office = []", r"hall\.toml:1: office: is empty; needed: the offices of this file"),
        ("office = 3", r"hall\.toml:1: office: 3 must be tables, each begun with \[\[office\]\]"),
        (
            "[office]\nslug = 'a'",
            r"hall\.toml:1: office: a table must be tables, each begun with.*",
        ),
        ("office = [3]", r"hall\.toml:1: office: 3 must be a table with slug, parent, .*"),
        ("[[ofice]]", r"hall\.toml:1: ofice: there is no such field. Did you mean “office”.*"),
    ],
)
def test_what_is_no_hall_file_at_all_is_said_plainly(database, text, expected):
    assert any(re.fullmatch(expected, problem) for problem in problems_of(database, text))


def test_services_need_hours_and_a_closed_day_needs_a_reason(database):
    text = re.sub(r"\[office\.hours\]\n(\w+ = .*\n)+", "", TEXT)
    text = text.replace(
        '\n[office.closure.reason]\nvi = "Nghỉ Tết Dương lịch"\nen = "New Year"\n', ""
    )
    fields = {problem.split(": ")[1] for problem in problems_of(database, text)}
    assert fields == {"office.hours", "office.closure.reason"}


def test_a_language_nobody_reads_here_is_not_spoken(database):
    text = TEXT.replace('languages = ["vi", "en", "km"]', 'languages = ["vi", "en"]').replace(
        '[office.voice]\nlanguages = ["vi"]', '[office.voice]\nlanguages = ["vi", "km"]'
    )
    assert any(
        re.fullmatch(r'.*:\d+: office\.voice\.languages: "km" is not .* allowed: "vi", "en"', p)
        for p in problems_of(database, text)
    )


def test_no_message_is_left_to_the_library(database):
    """Whatever stands in a field, the technician reads our words and not the library's."""
    one_line = TEXT.replace("[\n", "[").replace(",\n", ",")
    for junk in ("3", "-1.5", "true", '"?"', "[]", "[[]]", "{}", "{a = 1}", "2026-01-01", "['x']"):
        text = re.sub(r"^(\w+) = .*$", rf"\1 = {junk}", one_line, flags=re.MULTILINE)
        for problem in problems_of(database, text):
            assert "Input should" not in problem and "validation" not in problem.lower(), problem


def test_the_refusal_is_one_of_the_products_own():
    assert issubclass(hallfile.HallFileError, Refused)
