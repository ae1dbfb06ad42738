"""A bare PC becomes a kiosk, a display, an agent's PC or the server."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.pc.conftest import AGENT, ROOT, SCREEN, SECRET, SERVER, URL, Write, program

KIOSK = ("--server", URL, "--office", "vinh-thuan")
SCRIPTS = [SCREEN, AGENT, SERVER]
SHELL = [*SCRIPTS, SCREEN.with_name("placing.sh"), SERVER.with_name("motcua.sh")]
DOCUMENT = {
    SCREEN: "set-up-a-kiosk.md",
    AGENT: "agent.md",
    SERVER: "set-up-a-server.md",
}
UNITS = "/etc/systemd/system"


def by_name(path: Path) -> str:
    return path.name


@pytest.fixture
def options(token_file: Path) -> dict[Path, tuple[object, ...]]:
    """Options with which each script writes everything it can."""
    return {
        SCREEN: (*KIOSK, "--token-file", token_file),
        AGENT: ("--server", URL, "--token-file", token_file, "--printer", "usb://04b8:0e15"),
        SERVER: ("--public-url", URL),
    }


def test_a_kiosk_gets_exactly_these_files(write: Write, token_file: Path) -> None:
    written = write(SCREEN, *KIOSK, "--token-file", token_file)
    assert (written.code, written.err) == (0, "")
    assert written.files() == {
        "/etc/X11/xorg.conf.d/90-motcua-screen.conf": 0o644,
        "/etc/apt/apt.conf.d/90-motcua-screen": 0o644,
        "/etc/chromium/policies/managed/motcua-screen.json": 0o644,
        "/etc/default/grub.d/90-motcua-screen.cfg": 0o644,
        "/etc/motcua-screen/screen.conf": 0o644,
        "/etc/motcua-screen/token": 0o640,
        "/etc/pam.d/motcua-screen": 0o644,
        "/etc/sysctl.d/90-motcua-screen.conf": 0o644,
        "/etc/systemd/journald.conf.d/90-motcua-screen.conf": 0o644,
        "/etc/systemd/logind.conf.d/90-motcua-screen.conf": 0o644,
        "/etc/systemd/system.conf.d/90-motcua-screen.conf": 0o644,
        f"{UNITS}/apt-daily-upgrade.timer.d/90-motcua-screen.conf": 0o644,
        f"{UNITS}/ctrl-alt-del.target": 0,
        f"{UNITS}/default.target": 0,
        f"{UNITS}/hibernate.target": 0,
        f"{UNITS}/hybrid-sleep.target": 0,
        f"{UNITS}/motcua-screen-restart.service": 0o644,
        f"{UNITS}/motcua-screen-restart.timer": 0o644,
        f"{UNITS}/motcua-screen.service": 0o644,
        f"{UNITS}/multi-user.target.wants/motcua-screen.service": 0,
        f"{UNITS}/sleep.target": 0,
        f"{UNITS}/suspend.target": 0,
        f"{UNITS}/timers.target.wants/motcua-screen-restart.timer": 0,
        "/usr/local/lib/motcua-screen/openbox.xml": 0o644,
        "/usr/local/lib/motcua-screen/screen.py": 0o755,
        "/usr/local/lib/motcua-screen/waiting.html": 0o644,
    }
    assert written.text("/etc/motcua-screen/token") == SECRET


def test_an_agents_pc_and_the_server_get_exactly_these_files(write: Write, options) -> None:
    agent = write(AGENT, *options[AGENT])
    assert agent.files() == {
        "/etc/motcua-agent.env": 0o600,
        f"{UNITS}/motcua-agent.service": 0o644,
        f"{UNITS}/multi-user.target.wants/motcua-agent.service": 0,
        "/etc/udev/rules.d/60-motcua-printers.rules": 0o644,
    }
    assert f"MOTCUA_AGENT_TOKEN={SECRET}\n" in agent.text("/etc/motcua-agent.env")
    server = write(SERVER, *options[SERVER], root=agent.root / "server")
    assert server.files() == {
        "/etc/motcua.env": 0o644,
        f"{UNITS}/motcua.service": 0o644,
        f"{UNITS}/multi-user.target.wants/motcua.service": 0,
        "/etc/udev/rules.d/60-motcua-printers.rules": 0o644,
        "/usr/local/bin/motcua": 0o755,
    }


@pytest.mark.parametrize("script", SCRIPTS, ids=by_name)
def test_run_twice_nothing_changes(write: Write, options, script: Path) -> None:
    first = write(script, *options[script])
    before = {path: path.lstat().st_mtime_ns for path in first.root.rglob("*")}
    again = write(script, *options[script])
    assert (again.code, again.out) == (0, "nothing to change\n")
    assert {path: path.lstat().st_mtime_ns for path in first.root.rglob("*")} == before


def test_a_display_may_have_a_token_too(write: Write, token_file: Path) -> None:
    written = write(SCREEN, *KIOSK, "--screen", "display", "--token-file", token_file)
    assert written.text("/etc/motcua-screen/token") == SECRET


def test_other_options_change_only_what_they_concern(write: Write, token_file: Path) -> None:
    write(SCREEN, *KIOSK, "--token-file", token_file)
    turned = write(SCREEN, *KIOSK, "--rotate", "left")
    assert turned.out.splitlines() == [
        "wrote /etc/X11/xorg.conf.d/90-motcua-screen.conf",
        "wrote /etc/motcua-screen/screen.conf",
    ]
    assert turned.text("/etc/motcua-screen/token") == SECRET, "kept without the option"
    later = write(SCREEN, *KIOSK, "--rotate", "left", "--restart-at", "04:15")
    assert later.out.splitlines() == [f"wrote {UNITS}/motcua-screen-restart.timer"]
    assert "OnCalendar=*-*-* 04:15:00" in later.text(f"{UNITS}/motcua-screen-restart.timer")


@pytest.mark.parametrize("script", SCRIPTS, ids=by_name)
def test_nothing_is_left_to_fill_in_and_the_token_is_in_one_file(
    write: Write, options, script: Path
) -> None:
    written = write(script, *options[script])
    with_token = []
    for path in (name for name, mode in written.files().items() if mode):
        text = written.text(path)
        assert not re.search(r"@[A-Z_]+@", text), path
        if SECRET in text:
            with_token.append(path)
    assert len(with_token) == (0 if script == SERVER else 1)
    assert SECRET not in written.out


@pytest.mark.parametrize(
    ("script", "options", "words"),
    [
        (SCREEN, (), "--server must be like"),
        (SCREEN, ("--server", URL), "--office must be a slug"),
        (SCREEN, ("--server", URL + "/kiosk", "--office", "a"), "without anything behind it"),
        (SCREEN, ("--server", "hall:8080", "--office", "a"), "--server must be like"),
        (SCREEN, ("--server", f"{URL}\nSCREEN=x", "--office", "a"), "--server must be like"),
        (SCREEN, ("--server", URL, "--office", "Vĩnh Thuận"), "--office must be a slug"),
        (SCREEN, (*KIOSK, "--screen", "phone"), "--screen is kiosk or display"),
        (SCREEN, (*KIOSK, "--rotate", "90"), "--rotate is normal, left, right or inverted"),
        (SCREEN, (*KIOSK, "--volume", "101"), "--volume is from 0 to 100"),
        (SCREEN, (*KIOSK, "--sound", "a b"), "--sound is a part of a name"),
        (SCREEN, (*KIOSK, "--restart-at", "24:00"), "--restart-at is a time"),
        (SCREEN, (*KIOSK, "--token-file", "/nowhere"), "cannot read the file /nowhere"),
        (SCREEN, (*KIOSK, "--wifi", "x"), "there is no option --wifi"),
        (SCREEN, (*KIOSK, "--volume"), "--volume needs a value"),
        (AGENT, ("--server", URL), "--printer must be like"),
        (AGENT, ("--server", URL, "--printer", "usb://1:2"), "--token-file must name a file"),
        (SERVER, (), "--public-url must be like"),
        (SERVER, ("--public-url", URL, "--port", "80"), "--port is from 1024"),
    ],
)
def test_wrong_options_are_refused_in_a_line_and_nothing_is_written(
    write: Write, script: Path, options: tuple[str, ...], words: str
) -> None:
    refused = write(script, *options)
    assert refused.code == 2
    assert words in refused.err.splitlines()[0]
    assert not refused.root.exists()


def test_an_empty_token_is_refused(write: Write, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text(" \n")
    refused = write(SCREEN, *KIOSK, "--token-file", tmp_path / "empty")
    assert refused.code == 2
    assert "is empty" in refused.err


@pytest.mark.parametrize("script", SHELL, ids=by_name)
def test_the_scripts_are_sound_shell(script: Path) -> None:
    assert subprocess.run(["sh", "-n", script]).returncode == 0


@pytest.mark.parametrize("script", SHELL, ids=by_name)
def test_shellcheck_finds_nothing(script: Path) -> None:
    done = subprocess.run(
        [program("shellcheck"), "-x", script.name],
        cwd=script.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=by_name)
def test_systemd_understands_the_units(write: Write, options, script: Path) -> None:
    analyze = program("systemd-analyze")
    written = write(script, *options[script])
    for path, mode in written.files().items():
        if mode and path.startswith(UNITS) and path.endswith((".service", ".timer")):
            unit = written.root / path.lstrip("/")
            done = subprocess.run([analyze, "verify", unit], capture_output=True, text=True)
            # Programs that only the PC has are no fault of the unit.
            faults = [
                line
                for line in done.stderr.splitlines()
                if unit.name in line and "is not executable" not in line
            ]
            assert faults == []


def test_the_policies_open_this_server_and_nothing_else(write: Write) -> None:
    text = write(SCREEN, *KIOSK).text("/etc/chromium/policies/managed/motcua-screen.json")
    policies = json.loads(text)
    assert policies["URLBlocklist"] == ["*"]
    assert policies["URLAllowlist"] == [URL, "file:///usr/local/lib/motcua-screen/"]
    assert policies["OverrideSecurityRestrictionsOnInsecureOrigin"] == [URL]
    # With 2, Chromium would not even let screen.py ask whether its page hangs. The block list
    # above closes the developer tools to people.
    assert "DeveloperToolsAvailability" not in policies


@pytest.mark.parametrize(
    "name", json.loads(SCREEN.with_name("policies.json").read_text("utf-8")), ids=str
)
def test_chromium_knows_each_policy(name: str, chromium_binary: bytes) -> None:
    assert b"\0" + name.encode() + b"\0" in chromium_binary


@pytest.mark.parametrize(
    "switch",
    re.findall(
        r'f?"(--[a-z0-9-]+)',
        SCREEN.with_name("screen.py")
        .read_text("utf-8")
        .partition("SWITCHES = (")[2]
        .partition("\n)")[0],
    ),
)
def test_chromium_knows_each_switch(switch: str, chromium_binary: bytes) -> None:
    assert b"\0" + switch.removeprefix("--").encode() + b"\0" in chromium_binary


@pytest.fixture(scope="module")
def chromium_binary() -> bytes:
    """Debian's Chromium itself, to look for names in."""
    program("chromium")
    binary = Path("/usr/lib/chromium/chromium")
    if not binary.exists():
        pytest.skip("this chromium is not Debian's")
    return binary.read_bytes()


@pytest.mark.parametrize("script", SCRIPTS, ids=by_name)
def test_the_document_names_every_option_and_every_file(
    write: Write, options, script: Path
) -> None:
    document = (ROOT / "docs" / DOCUMENT[script]).read_text("utf-8")
    said = subprocess.run(["sh", script, "--help"], capture_output=True, text=True).stdout
    named = set(re.findall(r"^  (--[a-z-]+)", said, re.MULTILINE))
    taken = set(
        re.findall(
            r"--[a-z-]+(?=[ )|])",
            script.read_text("utf-8").partition("case $1 in")[2].partition("*) wrong")[0],
        )
    )
    assert named == taken | {"--help"}, "the help lists what the script takes"
    assert [option for option in named if f"`{option}" not in document] == []
    files = write(script, *options[script]).files()
    missing = [path for path in files if path not in document]
    if script == SCREEN:  # its links are named in one sentence
        missing = [path for path in missing if path.removeprefix(UNITS + "/") not in document]
    assert missing == []


def test_the_documents_use_only_options_that_exist() -> None:
    for page in (ROOT / "docs").glob("*.md"):
        for script in SCRIPTS:
            text = script.read_text("utf-8")
            for line in re.findall(rf"{re.escape(script.name)} (--.*)", page.read_text("utf-8")):
                for option in re.findall(r"--[a-z-]+", line):
                    assert option in text, f"{page.name}: {script.name} {option}"
