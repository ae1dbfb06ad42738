"""The board's pure rules are scripts; node runs their tests and each result is one test here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

RULES = Path(__file__).with_name("rules.test.mjs")
_RESULT = re.compile(r"^ *(?P<failed>not )?ok \d+ - (?P<name>.*?)(?: # .*)?$", re.MULTILINE)


def _name(written: str) -> list[str]:
    """The names under which node reports one ``test(…)`` of the file."""
    name = re.sub(r"\\(.)", r"\1", written)
    if "${status}" not in name:
        return [name]
    statuses = ("parked", "no_show", "cancelled", "waiting")
    return [name.replace("${status}", status) for status in statuses]


NAMES = [
    name
    for written in re.findall(r'test\([`"](.+?)[`"], ', RULES.read_text(encoding="utf-8"))
    for name in _name(written)
]


@cache
def results() -> dict[str, str]:
    """Every rule and what became of it: empty when it holds, else what node says."""
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None:
        pytest.skip("node is not installed")
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", str(RULES)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found = list(_RESULT.finditer(done.stdout))
    assert found, f"node ran no test:\n{done.stdout}{done.stderr}"
    return {result["name"]: done.stdout if result["failed"] else "" for result in found}


@pytest.mark.parametrize("rule", NAMES)
def test_rule_holds(rule: str) -> None:
    assert rule in results(), "node did not run it"
    assert not results()[rule], results()[rule]
