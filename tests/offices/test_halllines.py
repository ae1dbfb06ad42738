"""On which line of a TOML text does a value stand?"""

import tomllib

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from server.offices import sample
from server.offices.halllines import line_of, lines_of

GNARLY = '''# "a comment = [that] { looks like more"
title = "a # no comment"   # a comment
"quoted key".'single.dotted' = 1
text = """
first ] line
\\"""still inside" "" = [
"""   # after
literal = \'\'\'
a = "b"
[not.a.table]\'\'\'
quotes = """"two at the end"""""
raw = \'C:\\dir\\\'
list = [ # comment in a list ]
  1, "two, [2]", # two
  [3, 4],

  { five = 5, six.seven = [6,
    7] },
]
when = 1979-05-27 07:32:00
empty = []
none = {}

[office] # header
  [office.names]
vi = "x"
[[office.service]]
code = "a"
[office.service.papers]
vi = ["p",
 "q"]
[[ office . "service" ]]
code = "b"
[[office.service.deep]]
n = 1
[[office.service.deep]]
n = 2
[other]
office.code = 3
'''


def paths(data, path=()):
    """Every path into the data ``tomllib`` read."""
    if path:
        yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from paths(value, (*path, index))


def test_each_value_of_a_difficult_text_is_on_its_line():
    lines = lines_of(GNARLY)
    assert set(lines) == set(paths(tomllib.loads(GNARLY)))
    written = GNARLY.split("\n")

    def line(*path):
        return written[lines[path] - 1]

    assert line("title").startswith("title")
    assert line("quoted key", "single.dotted").startswith('"quoted key"')
    assert line("raw").startswith("raw")
    assert line("list", 0) == '  1, "two, [2]", # two'
    assert line("list", 2, 1) == "  [3, 4],"
    assert line("list", 3, "six", "seven", 1) == "    7] },"
    assert line("office", "names") == "  [office.names]"
    assert line("office", "service", 0, "papers", "vi", 1) == ' "q"]'
    assert line("office", "service", 1) == '[[ office . "service" ]]'
    assert written[lines["office", "service", 1, "code"] - 1] == 'code = "b"'
    assert written[lines["office", "service", 1, "deep", 1, "n"] - 1] == "n = 2"
    assert line("other", "office", "code") == "office.code = 3"


def test_windows_line_ends_count_once():
    assert lines_of("a = 1\r\n\r\n[b]\r\nc = [\r\n 1,\r\n 2]\r\n")["b", "c", 1] == 6


def test_what_is_not_there_is_looked_for_where_it_belongs():
    lines = lines_of("a = 1\n\n[[b]]\nc = 2\n")
    assert line_of(lines, ("b", 0, "names", "vi")) == 3
    assert line_of(lines, ("nowhere",)) == 1


def test_the_sample_is_read_whole():
    text = sample.hall_text()
    assert set(lines_of(text)) == set(paths(tomllib.loads(text)))


keys = st.text(min_size=1, max_size=4)
leaves = st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=8), st.floats(-1e6, 1e6))
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=4))
def test_any_text_gives_the_paths_that_tomllib_gives(data):
    text = tomlkit.dumps(data)
    assert set(lines_of(text)) == set(paths(tomllib.loads(text)))


@given(st.lists(st.text(alphabet="a#[]{}\"'\\,=\n", max_size=6), max_size=6))
def test_strings_that_look_like_toml_are_skipped_over(strings):
    text = "".join(f"k{i} = {tomlkit.string(s).as_string()}\n" for i, s in enumerate(strings))
    text += "end = 1"
    assert lines_of(text)["end",] == len(strings) + 1
