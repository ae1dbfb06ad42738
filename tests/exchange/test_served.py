"""A large file at the served product, and on the command line: real processes, a power cut."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from server.cli import motcua as cli
from server.database import Database
from server.dossiers.models import Dossier, DossierStep
from server.offices import sample
from server.settings import load_settings
from tests.exchange.conftest import lines
from tests.product import Product, motcua, served

ROWS = 2000


def row(number: int) -> dict[str, Any]:
    return {
        "code": f"H33.14-2603{1 + number % 27:02}-{number:05}",
        "office": sample.SLUG,
        "procedure": "1.004873",
        "accepted_at": f"2026-03-{1 + number % 27:02}T08:00:00+07:00",
        "applicant": {"name": "NGUYỄN VĂN MẪU", "phone": "0912345678"},
        "steps": [
            {"kind": kind, "at": f"2026-04-{day:02}T08:00:00+07:00"}
            for day, kind in enumerate(("process", "finish", "return"), start=1)
        ],
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample hall and its procedures."""
    folder = tmp_path_factory.mktemp("exchange") / "data"
    folder.mkdir()
    for name, text in (
        ("hall.toml", sample.hall_text(always_open=True)),
        ("procedures.csv", sample.procedures_text()),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    motcua(folder, "hall", "load", str(folder / "hall.toml"))
    motcua(folder, "procedures", "load", str(folder / "procedures.csv"))
    return folder


def count(data: Path, what: Any) -> int:
    database = Database(load_settings(data).sqlalchemy_url)
    try:
        with database.read() as session:
            return session.scalar(select(func.count()).select_from(what)) or 0
    finally:
        database.close()


def wait_for(done: Any, product: Product, seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < until, product.log()
        time.sleep(0.05)
    return found


def test_a_power_cut_in_the_middle_of_a_large_file_loses_and_doubles_nothing(data: Path) -> None:
    token = motcua(data, "token", "add", "igate", "--scope", "dossiers", "--office", sample.SLUG)
    content = lines(row(n) for n in range(ROWS))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    with served(data) as product:
        url = f"{product.url}/api/v1/dossiers/import"
        sent = requests.post(
            url, data=content, headers=headers | {"Prefer": "respond-async"}, timeout=60
        )
        assert sent.status_code == 202, sent.text
        where = sent.headers["Location"]
        wait_for(lambda: count(data, Dossier) > 0, product)
        product.kill()
        before = count(data, Dossier)
        assert before < ROWS
        product.start()  # goes on by itself

        def finished() -> Any:
            answer = requests.get(f"{product.url}{where}", headers=headers, timeout=30)
            return answer.json() if answer.json()["state"] == "done" else None

        told = wait_for(finished, product)
        assert told["counts"]["created"] == ROWS
        assert [one["row"] for one in told["outcomes"]] == list(range(1, ROWS + 1))
        assert (count(data, Dossier), count(data, DossierStep)) == (ROWS, 4 * ROWS)
        again = requests.post(url, data=content, headers=headers, timeout=60)
        assert (again.status_code, again.json()) == (200, told)
        # Too large is heard over a real connection, without a length as well.
        for body in (b"{}\n" * 101_000, (b"{}\n" * 1000 for _ in range(101))):
            refused = requests.post(url, data=body, headers=headers, timeout=120)
            assert refused.status_code == 413, refused.text
        export = requests.get(
            f"{product.url}/api/v1/dossiers/export?office={sample.SLUG}&limit=500",
            headers=headers,
            timeout=60,
        )
        assert len(export.text.splitlines()) == 500
        assert 'rel="next"' in export.headers["Link"]


def test_the_command_line_reads_in_and_prints(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "dossiers.jsonl"
    file.write_bytes(lines([row(9001), row(9002) | {"procedure": "9.999999"}]))

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["dossiers", *arguments, "--data", str(data)])

    done = command("import", str(file), "--source", "igate")
    assert done.exit_code == 1
    assert done.stdout.strip().isdigit()
    assert "2 rows; 1 created, 0 updated, 0 unchanged, 1 refused" in done.stderr
    assert "2: procedure: There is no such procedure in force." in done.stderr
    file.write_bytes(lines([row(9001)]))
    assert command("import", str(file)).exit_code == 0
    bad = tmp_path / "dossiers.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    assert command("import", str(bad)).exit_code == 2
    printed = command("export", "--office", sample.SLUG)
    assert printed.exit_code == 0
    codes = [json.loads(line)["code"] for line in printed.stdout.splitlines()]
    assert row(9001)["code"] in codes
    after = printed.stderr.split("--after ")[1].split()[0]
    assert command("export", "--office", sample.SLUG, "--after", after).stdout == ""
