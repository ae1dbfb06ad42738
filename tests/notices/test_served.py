"""Notices of the served product: real processes, power cuts, a gateway that comes and goes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from server.cli import motcua as command
from server.database import Database
from server.dossiers.numbering import set_pattern
from server.notices import outbox
from server.notices.outbox import send_mail
from server.notices.signing import new_secret
from server.notices.webhooks import add_webhook
from server.offices import hallfile, sample
from server.offices.procedures import load_procedures
from server.people.accounts import add_token
from server.web import office_or_404
from tests.notices.standins import Receiver, mail_server, receiver, soon
from tests.product import Product, free_port, served

OFFICE = sample.SLUG
QUIET_S = 2.5
"""Longer than the worker waits between two looks: what would be sent twice is sent by then."""
ROOT = Path(__file__).parents[2]
MAU = {"name": "NGUYỄN VĂN MẪU", "phone": "0912345678", "email": "mau@example.vn"}


def furnish_dossiers(url: str, hook: str = "") -> str:
    """An office that receives dossiers, as commands would set it up; a token for it."""
    database, now = Database(url), datetime.now(UTC)
    with database.transaction() as session:
        text = sample.hall_text(always_open=True)
        hallfile.load(session, text, file=sample.HALL_FILE, now=now)
        load_procedures(session, sample.procedures_text(), file=sample.PROCEDURES_FILE)
        office = office_or_404(session, OFFICE)
        set_pattern(session, office, "H33.14", now=now, actor="admin")
        if hook:
            add_webhook(session, hook, new_secret(), now, office=office)
        token = add_token(session, "desks", scope="counter", office=office, now=now)
    database.close()
    return token


@pytest.fixture
def data(tmp_path: Path, sqlite_url: str) -> Path:
    """A data folder with an empty database."""
    assert sqlite_url.endswith(f"{tmp_path}/motcua.db")
    return tmp_path


def ask(product: Product, token: str, path: str, body: dict[str, Any]) -> Any:
    """POST to the API."""
    answer = requests.post(
        f"{product.url}/api/v1{path}",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=20,
    )
    assert answer.ok, answer.text
    return answer.json()


def receive(product: Product, token: str, *channels: str) -> str:
    """Receive a dossier; its code."""
    body = {"procedure": "1.004873", "applicant": MAU, "notices": list(channels)}
    code: str = ask(product, token, f"/offices/{OFFICE}/dossiers", body)["code"]
    return code


def finish(product: Product, token: str, code: str) -> None:
    """Its result is ready."""
    ask(product, token, f"/dossiers/{code}/steps", {"step": "finish"})


def test_a_power_cut_between_the_commit_and_the_sending_loses_nothing(
    data: Path, sqlite_url: str
) -> None:
    token = furnish_dossiers(sqlite_url)
    port = free_port()
    environment = {"MOTCUA_SMTP_URL": f"smtp://127.0.0.1:{port}?from=motcua@example.vn"}
    with mail_server(port, silent=True) as dumb, served(data, **environment) as product:
        code = receive(product, token, "email")
        finish(product, token, code)
        soon(lambda: dumb.connections == 1)
        product.kill()
    with mail_server(port) as awake, served(data, **environment) as product:
        soon(lambda: len(awake.mails) == 1)
        shown = requests.get(
            f"{product.url}/api/v1/dossiers/{code}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        )
        soon(lambda: "1 sent" in run("notices", "--all", data=data).stderr)
        time.sleep(QUIET_S)
        assert len(awake.mails) == 1
        assert code in awake.mails[0]["Subject"]
    assert shown.json()["notices"]["channels"] == ["email"]
    assert [one["kind"] for one in shown.json()["notices"]["told"]] == ["result-ready"]


@pytest.fixture
def two(tmp_path: Path, fresh_postgresql_url: str) -> Iterator[tuple[list[Product], str, Receiver]]:
    """Two processes that serve one office from one PostgreSQL, and a program that is told."""
    with ExitStack() as stack:
        gateway = stack.enter_context(receiver())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("MOTCUA_DATABASE_URL", fresh_postgresql_url)
        patch.setenv("MOTCUA_MESSAGE_URL", f"{gateway.url}/sms")
        patch.setenv("MOTCUA_MESSAGE_SECRET", new_secret())
        token = furnish_dossiers(fresh_postgresql_url, f"{gateway.url}/hook")
        both = [stack.enter_context(served(tmp_path / name)) for name in ("one", "two")]
        yield both, token, gateway


def test_two_processes_tell_everybody_once(two: tuple[list[Product], str, Receiver]) -> None:
    products, token, gateway = two
    codes = []
    for number in range(30):
        product = products[number % 2]
        codes.append(receive(product, token, "message"))
        finish(products[(number + 1) % 2], token, codes[-1])
    soon(lambda: len(gateway.requests) >= 90, within_s=40)
    time.sleep(QUIET_S)
    texts = [one.json["dossier"] for one in gateway.requests if one.path == "/sms"]
    events = [
        (one.json["type"], one.json["data"]["dossier"])
        for one in gateway.requests
        if one.path == "/hook"
    ]
    assert sorted(texts) == sorted(codes)
    wanted = [(event, code) for code in codes for event in ("dossier.accepted", "dossier.finished")]
    assert sorted(events) == sorted(wanted)
    assert len(set(gateway.ids())) == 90


def run(*arguments: str, data: Path, stdin: str = "") -> Result:
    """A command, in this process."""
    done = CliRunner().invoke(command, [*arguments, "--data", str(data)], input=stdin)
    assert done.exit_code == 0, done.output
    return done


def test_a_program_is_added_tried_and_removed_by_commands(data: Path) -> None:
    with receiver() as program:
        added = run("webhook", "add", program.url, "--events", "dossier.finished", data=data)
        (secret,) = re.findall(r"whsec_\S+", added.stderr)
        which = added.stdout.strip()
        assert re.fullmatch(r"\d+", which)
        assert run("webhook", "test", which, data=data).stdout == "taken\n"
        (got,) = program.requests
        assert got.json["type"] == "motcua.test"
        assert example()(secret, got.headers, got.body), "the documents' example believes it"
        assert not example()(new_secret(), got.headers, got.body)
        listed = run("webhook", "list", data=data).stdout
        assert listed == f"{which} {program.url} (all offices) dossier.finished waiting=0\n"
        program.answers[:] = [401]
        refused = CliRunner().invoke(command, ["webhook", "test", which, "--data", str(data)])
        assert refused.exit_code == 1
        assert "The receiver does not let us in. HTTP 401" in refused.output
        assert run("webhook", "remove", which, data=data).stdout == f"{which}\n"
        assert run("webhook", "list", data=data).stdout == ""


def test_a_program_keeps_the_secret_it_is_given(data: Path) -> None:
    secret = new_secret()
    with receiver() as program:
        added = run("webhook", "add", program.url, "--secret-stdin", data=data, stdin=f"{secret}\n")
        assert secret not in added.output
        run("webhook", "test", added.stdout.strip(), data=data)
        assert example()(secret, program.requests[0].headers, program.requests[0].body)


def test_what_was_given_up_is_listed_and_tried_again_by_command(
    data: Path, sqlite_url: str
) -> None:
    database, now = Database(sqlite_url), datetime.now(UTC)
    with database.transaction() as session:
        row = send_mail(session, "head@example.vn", "Nhắc việc", "…", key="a", now=now)
        outbox.claim(session, "email", now)
        failure = outbox.Failure("The mail server does not take this address.", "550", final=True)
        outbox.settle(session, row.id, 1, now, failure=failure)
    listed = run("notices", data=data)
    why = "The mail server does not take this address. 550"
    assert listed.stdout == f"{row.id} given-up email mail attempts=1 {why}\n"
    assert listed.stderr == "1 given-up\n"
    assert run("notices", "retry", str(row.id), data=data).stdout == f"{row.id}\n"
    with database.read() as session:
        assert outbox.due_lanes(session, datetime.now(UTC)) == ["email"]
    database.close()


def example() -> Any:
    """The function by which docs/notices.md tells programs to check a request."""
    page = (ROOT / "docs" / "notices.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # what the document says must run as it stands
    return names["is_genuine"]
