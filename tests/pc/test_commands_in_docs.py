"""Every `motcua` command that a document tells somebody to type exists, with its options."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from server.cli import motcua
from tests.pc.conftest import ROOT

TYPED = re.compile(r"(?:^|`|/bin/|Scripts\\)motcua ((?:[a-z-]+ ?)+[^`\n|>]*)", re.MULTILINE)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> list[tuple[str, str]]:
    return [
        (page.name, found.strip())
        for page in PAGES
        for found in TYPED.findall(page.read_text("utf-8"))
    ]


def test_commands_are_found() -> None:
    assert len(commands()) > 25


@pytest.mark.parametrize(("page", "typed"), commands())
def test_the_command_exists(page: str, typed: str) -> None:
    command: click.Command = motcua
    words = shlex.split(typed.replace("…", ""), comments=True)
    while isinstance(command, click.Group) and words:
        assert words[0] in command.commands, f"{page}: motcua {typed}"
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    unknown = [word for word in words if word.startswith("--") and word not in known]
    assert unknown == [], f"{page}: motcua {typed}"
