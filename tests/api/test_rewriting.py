"""Whatever is done over HTTP later, no figure of the past changes without a recorded correction.

The calls are derived from the app itself: a route that changes things and is not known here fails
the first test, and so does a kind of step that has no example.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any, get_args

import pytest
from sqlalchemy import select

from server.api.dossier_bodies import AnyStep
from server.dossiers.agencies import set_agency
from server.dossiers.calendar import Day
from server.dossiers.daysoff import set_day
from server.dossiers.models import Dossier, DossierStep
from server.dossiers.numbering import set_pattern
from server.journal import JournalEntry
from server.offices import hallfile, sample
from server.offices.models import Office, Procedure
from server.offices.procedures import load_procedures
from server.people.accounts import add_person
from server.reports.agencies import agency_report
from server.reports.causes import causes
from server.reports.course import course
from server.reports.processing import processing
from server.reports.settlement import Period, settlement
from server.web import office_or_404
from tests.api.conftest import House

SLUG = sample.SLUG
COPY, LAND = "1.004873", "1.012812"
PASTS = (
    Period(date(2026, 9, 1), date(2026, 9, 30)),
    Period(date(2026, 9, 1), date(2026, 10, 15)),
)
BEFORE = datetime(2026, 9, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 12, 2, 2, tzinfo=UTC)
"""A Wednesday, 9:00 in the hall, long after those periods."""

RECORDS = {"dossier.corrected", "dossiers.imported"}
"""What the journal says when the past is told otherwise than before."""

STEPS: dict[str, dict[str, Any]] = {
    **{
        step: {}
        for step in "accept supplement ask-payment pay process continue finish withdraw".split()
    },
    "ask-supplement": {"missing": ["Ảnh"]},
    "refuse": {"reason": "Sai nơi"},
    "stop": {"reason": "Chờ"},
    "apologise": {"promised_on": "2026-12-22", "reason": "Chờ đo đạc"},
    "return": {},
    "hand-over": {"agency": "tnmt"},
    "take-over": {"agency": "tnmt"},
    "part-done": {"agency": "tnmt"},
    "note": {"note": "đã gọi"},
    "correct-time": {},
    "take-back": {},
}
"""An example of each kind of step; the corrections are filled in for the step they are about."""

CORRECTIONS = ("correct-time", "take-back")


@dataclass
class World:
    """An office with a past, and everybody who may do anything in it."""

    house: House
    codes: list[str] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    """Rules of the routes that were called with success."""

    @property
    def staff(self) -> Any:
        return self.house.client("staff")

    def figures(self, known: datetime | None = None) -> list[Any]:
        """Every figure of the past periods, as plain data."""
        found: list[Any] = []
        with self.house.parts.database.read() as session:
            office = office_or_404(session, SLUG)
            for past in PASTS:
                period = Period(past.begin, past.end, known)
                for report in (settlement, processing, agency_report):
                    figures = report(session, office, period, children=True)
                    found.append(json.loads(json.dumps(figures)))
                found.append([asdict(one) for one in course(session, [office.id], period, "week")])
                found.append([asdict(one) for one in causes(session, [office.id], period)])
        return numbers(found)

    def step(self, code: str, step: str, *, who: str = "staff", **more: Any) -> int:
        """Take a step; the status of the answer."""
        body = {"step": step} | STEPS[step] | more
        return int(self.house.client(who).post(f"/dossiers/{code}/steps", body).status_code)

    def receive(self, procedure: str = COPY, **more: Any) -> str:
        body = {"procedure": procedure, "applicant": {"name": "Ông Mẫu", "phone": "0912345678"}}
        answer = self.staff.post(f"/offices/{SLUG}/dossiers", body | {"shares": []} | more)
        assert answer.status_code == 201, answer.text
        return str(answer.json["code"])

    def at(self, day: int, month: int = 9) -> World:
        self.house.clock.now = datetime(2026, month, day, 2, tzinfo=UTC)
        return self

    def records(self) -> int:
        """How often the past was told otherwise, by the journal."""
        with self.house.parts.database.read() as session:
            entries = session.scalars(select(JournalEntry.event)).all()
        return sum(one in RECORDS for one in entries)

    def rows(self, code: str) -> list[DossierStep]:
        with self.house.parts.database.read() as session:
            mine = select(DossierStep).join(Dossier).where(Dossier.code == code)
            return list(session.scalars(mine.order_by(DossierStep.id)))


def numbers(found: Any) -> Any:
    """The figures without the names that stand beside them: a name may be spelled better later."""
    if isinstance(found, dict):
        return {
            key: numbers(value) for key, value in found.items() if key not in ("names", "words")
        }
    if isinstance(found, list | tuple):
        return [numbers(one) for one in found]
    if isinstance(found, frozenset):
        return sorted(found)
    return found if isinstance(found, int | float | None) else str(found)


def play(world: World) -> None:
    """September and October: a dossier in every state that one can be in at the end of a period."""
    with world.house.parts.database.transaction() as session:
        office = office_or_404(session, SLUG)
        set_pattern(session, office, "H33.14", now=BEFORE, actor="admin")
        for agency in ("tnmt", "thue"):
            set_agency(session, office, agency, {"vi": agency}, now=BEFORE, actor="admin")
    shares = [{"agency": "tnmt", "share": 2}, {"agency": "thue", "share": 2, "position": 2}]
    world.at(3)
    made = {name: world.receive() for name in ("done", "late", "open", "paid", "sorry", "gone")}
    made |= {name: world.receive(LAND, shares=shares) for name in ("within", "beyond", "held")}
    made["registered"] = world.receive(outcome="register")
    made["asked"] = world.receive(outcome="ask-supplement", missing=["Ảnh"])
    made["refused"] = world.receive(outcome="refuse", reason="Sai nơi")
    for name in ("within", "beyond", "held"):
        assert world.step(made[name], "hand-over") == 200
        assert world.step(made[name], "take-over") == 200
    plan = [
        (4, "done", "finish"), (4, "within", "part-done"), (7, "paid", "ask-payment"),
        (8, "open", "ask-supplement"), (9, "paid", "pay"), (14, "gone", "withdraw"),
        (14, "beyond", "ask-supplement"), (15, "beyond", "supplement"), (15, "beyond", "part-done"),
        (16, "late", "finish"), (21, "late", "return"), (25, "sorry", "apologise"),
    ]  # fmt: skip
    for day, name, step in plan:
        more = {"promised_on": "2026-10-05"} if step == "apologise" else {}
        assert world.at(day).step(made[name], step, **more) == 200, (name, step)
    made["october"] = world.at(8, 10).receive()
    world.codes = list(made.values())


@pytest.fixture
def world(house: House) -> World:
    made = World(house)
    play(made)
    house.clock.now = NOW
    return made


# ── what every route that changes things does here ─────────────────────────────


ORDER = (
    "note apologise ask-payment pay stop continue ask-supplement supplement process accept "
    "hand-over take-over part-done finish return withdraw refuse"
).split()


def steps(world: World) -> None:
    """Every kind of step but corrections, on every dossier that may take it."""
    taken = set()
    for number, code in enumerate(world.codes):
        first = {0: ["refuse", "process"], 1: [*ORDER[:10], "withdraw"], 2: []}[number % 3]
        for step in [*first, *ORDER]:
            for agency in ("tnmt", "thue") if "agency" in STEPS[step] else ("",):
                world.house.clock.forward(minutes=1)
                if world.step(code, step, **({"agency": agency} if agency else {})) == 200:
                    taken.add(step)
    assert taken == set(STEPS) - set(CORRECTIONS), "each step was possible for some dossier"


def edit(world: World) -> None:
    for code in world.codes:
        changes = {"name": "Bà Khác", "sets": 3, "papers": [{"name": "Đơn"}], "phone": "0987654321"}
        assert world.staff.patch(f"/dossiers/{code}", changes).status_code == 200


def receive(world: World) -> None:
    for outcome in ("accept", "register"):
        world.codes.append(world.receive(outcome=outcome))


def find(world: World) -> None:
    assert world.staff.post(f"/offices/{SLUG}/dossiers/find", {"text": "Mẫu"}).status_code < 500


def undo(world: World) -> None:
    code = world.receive()
    world.step(code, "finish")
    assert world.staff.post(f"/dossiers/{code}/undo", {}).status_code == 200


def visits(*verbs: str, **body: Any) -> Callable[[World], None]:
    """A citizen comes, and these presses follow; the last one must be possible."""

    def act(world: World) -> None:
        counter = world.staff.get(f"/offices/{SLUG}").json["counters"][0]["id"]
        world.staff.post(f"/counters/{counter}/open")
        ticket = world.house.client("kiosk").take()["id"]
        for verb in verbs:
            said = {"counter": counter} if verb == "call" else body if verb == verbs[-1] else {}
            answer = world.staff.post(f"/tickets/{ticket}/{verb}", said)
        assert answer.status_code == 200, answer.text
        for verb in ("finish", "no-show", "cancel"):
            world.staff.post(f"/tickets/{ticket}/{verb}", {})

    return act


def counters(verb: str) -> Callable[[World], None]:
    def act(world: World) -> None:
        counter = world.staff.get(f"/offices/{SLUG}").json["counters"][0]["id"]
        world.staff.post(f"/counters/{counter}/open")
        ticket = world.house.client("kiosk").take()["id"]
        answer = world.staff.post(f"/counters/{counter}/{verb}")
        assert answer.status_code < 300 or verb == "undo", answer.text
        for step in ("no-show", "cancel"):
            world.staff.post(f"/tickets/{ticket}/{step}", {})

    return act


def holder(world: World) -> None:
    token = world.house.client("kiosk").take()["token"]
    assert world.house.client().delete(f"/tickets/{token}").status_code == 204


def import_again(world: World) -> None:
    """Another system tells the past of our own dossiers otherwise: every row is refused."""
    rows = [
        {
            "code": code,
            "office": SLUG,
            "procedure": COPY,
            "steps": [
                {"kind": "accept", "at": "2026-09-02T08:30:00+07:00"},
                {"kind": "finish", "at": "2026-09-03T08:30:00+07:00"},
            ],
        }
        for code in world.codes
    ]
    send(world, rows)


def send(world: World, rows: list[dict[str, Any]]) -> Any:
    body = "\n".join(json.dumps(one) for one in rows)
    headers = world.house.client("dossiers").headers | {"Content-Type": "application/x-ndjson"}
    answer = world.house.app.test_client().post(
        "/api/v1/dossiers/import", data=body, headers=headers
    )
    assert answer.status_code == 200, answer.text
    return answer.json


class Fields(HTMLParser):
    """What a form would send if one only pressed its button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.area = ""
        self.choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in ("checkbox", "radio"):
            self.values[name] = given.get("value") or ""
        elif tag == "input" and name and "checked" in given:
            self.values[name] = given.get("value") or "on"
        elif tag == "textarea":
            self.area = name
            self.values[name] = ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and self.choice and "selected" in given:
            self.values[self.choice] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area
        self.choice = "" if tag == "select" else self.choice


def pressed(path: str, **changed: str) -> Callable[[World], None]:
    """A form of the administration is filled in and sent by a manager."""

    def act(world: World) -> None:
        browser = world.house.app.test_client()
        form = Fields(browser.get("/counter/").text).values
        signed = browser.post(
            "/counter/sign-in", data=form | {"name": "thu", "password": "correct horse"}
        )
        assert signed.status_code == 303
        page = browser.get(path)
        assert page.status_code == 200, page.status
        sent = browser.post(path, data=Fields(page.text).values | changed)
        assert sent.status_code == 303, re.sub("<[^>]+>", " ", sent.text)

    return act


def anybody(method: str, path: str, body: Any = None, scope: str = "") -> Callable[[World], None]:
    """Somebody asks; whatever the answer, it is an answer."""

    def act(world: World) -> None:
        headers = world.house.client(scope).headers
        answer = world.house.app.test_client().open(
            path.format(code=world.codes[0]), method=method, json=body, headers=headers
        )
        assert answer.status_code < 500, answer.text

    return act


def new_terms(world: World) -> None:
    """A program lets another time and another fee begin tomorrow."""
    asking = world.house.client("staff")
    known = asking.get(f"/procedures/{COPY}").json
    body = {
        "seen": known["seen"],
        "valid_from": (NOW + timedelta(days=1)).date().isoformat(),
        "source": "NQ 05/2026/NQ-HĐND",
        "names": {"vi": "Tên khác"},
        "field": known["terms"][0]["field_code"],
        "unit": "working_day",
        "days": 1,
        "fee_vnd": 1,
    }
    answer = asking.post(f"/procedures/{COPY}/terms", body)
    assert answer.status_code == 201, answer.text


def last_day(world: World) -> None:
    """A program lets the procedure of the dossiers end."""
    asking = world.house.client("staff")
    seen = asking.get(f"/procedures/{COPY}").json["seen"]
    body = {"seen": seen, "last_day": (NOW + timedelta(days=9)).date().isoformat()}
    answer = asking.post(f"/procedures/{COPY}/last-day", body)
    assert answer.status_code == 200, answer.text


def day_off(world: World) -> None:
    """A program enters a day off that lies in the past, for dossiers received from today on."""
    body = {
        "day": "2026-09-10",
        "kind": "off",
        "names": {"vi": "Nghỉ bão"},
        "source": "Công văn 13/UBND",
        "valid_from": NOW.date().isoformat(),
    }
    answer = world.house.client("staff").post(f"/offices/{SLUG}/calendar", body)
    assert answer.status_code == 201, answer.text


V1 = "/api/v1"
ROUTES: dict[str, Callable[[World], None]] = {
    # dossiers
    "POST /api/v1/dossiers/<code>/steps": steps,
    "PATCH /api/v1/dossiers/<code>": edit,
    "POST /api/v1/offices/<office>/dossiers": receive,
    "POST /api/v1/offices/<office>/dossiers/find": find,
    "POST /api/v1/offices/<office>/dossiers/preview": anybody(
        "POST", f"{V1}/offices/{SLUG}/dossiers/preview", {"procedure": COPY}, "staff"
    ),
    "POST /api/v1/dossiers/<code>/undo": undo,
    "POST /api/v1/dossiers/<code>/forms/<kind>/print": anybody(
        "POST", f"{V1}/dossiers/{{code}}/forms/receipt/print", {"counter": 1}, "staff"
    ),
    "POST /api/v1/dossiers/import": import_again,
    "POST /lookup": anybody("POST", "/lookup", {}),
    # the catalogue and the calendar
    "POST /api/v1/procedures/<code>/terms": new_terms,
    "POST /api/v1/procedures/<code>/last-day": last_day,
    "POST /api/v1/offices/<office>/calendar": day_off,
    "POST /admin/procedures/<code>": pressed(f"/admin/procedures/{COPY}", days="1"),
    "POST /admin/procedures/new": anybody("POST", "/admin/procedures/new", {}, "staff"),
    "POST /admin/calendar/<office>": pressed(
        f"/admin/calendar/{SLUG}?year=2026",
        day="2026-09-09",
        name_vi="Nghỉ lụt",
        name="Nghỉ lụt",
        source="Công văn 12/UBND",
        kind="off",
        working="",
    ),
    # the queue
    "POST /api/v1/offices/<office>/tickets": lambda world: world.house.client("kiosk").take(),
    "POST /api/v1/tickets/<int:ticket_id>/call": visits("call"),
    "POST /api/v1/tickets/<int:ticket_id>/recall": visits("call", "recall"),
    "POST /api/v1/tickets/<int:ticket_id>/serve": visits("call", "serve"),
    "POST /api/v1/tickets/<int:ticket_id>/finish": visits("call", "serve", "finish"),
    "POST /api/v1/tickets/<int:ticket_id>/no-show": visits("call", "no-show"),
    "POST /api/v1/tickets/<int:ticket_id>/park": visits("call", "serve", "park"),
    "POST /api/v1/tickets/<int:ticket_id>/resume": visits("call", "serve", "park", "resume"),
    "POST /api/v1/tickets/<int:ticket_id>/transfer": visits("call", "transfer", service="dat-dai"),
    "POST /api/v1/tickets/<int:ticket_id>/cancel": visits("cancel"),
    "POST /api/v1/tickets/<int:ticket_id>/dossier": visits(
        "dossier", dossier_code="H33.14-260903-0001"
    ),
    "DELETE /api/v1/tickets/<token>": holder,
    "POST /t/<token>/cancel": anybody("POST", "/t/nothing/cancel"),
    "POST /api/v1/tickets/<token>/push": anybody("POST", f"{V1}/tickets/nothing/push", {}),
    "DELETE /api/v1/tickets/<token>/push": anybody("DELETE", f"{V1}/tickets/nothing/push"),
    "POST /api/v1/offices/<office>/check-in": anybody(
        "POST", f"{V1}/offices/{SLUG}/check-in", {"token": "x"}, "staff"
    ),
    "POST /api/v1/offices/<office>/scan": anybody(
        "POST", f"{V1}/offices/{SLUG}/scan", {"text": "H33.14-260903-0001"}, "staff"
    ),
    "POST /api/v1/offices/<office>/services/<service>/pause": anybody(
        "POST", f"{V1}/offices/{SLUG}/services/ho-tich/pause", {}, "staff"
    ),
    "POST /api/v1/offices/<office>/services/<service>/resume": anybody(
        "POST", f"{V1}/offices/{SLUG}/services/ho-tich/resume", {}, "staff"
    ),
    **{
        f"POST /api/v1/counters/<int:counter_id>/{verb}": counters(verb)
        for verb in ("open", "call-next", "pause", "close", "undo")
    },
    # printing, devices and signing in
    "POST /api/v1/print-jobs/lease": anybody("POST", f"{V1}/print-jobs/lease", {}, "agent"),
    **{
        f"POST /api/v1/print-jobs/<int:job_id>/{verb}": anybody(
            "POST", f"{V1}/print-jobs/1/{verb}", {}, "staff"
        )
        for verb in ("cancel", "confirm", "outcome", "reprint")
    },
    "POST /api/v1/printers/<int:printer_id>/test": anybody(
        "POST", f"{V1}/printers/1/test", {}, "staff"
    ),
    "POST /api/v1/devices/heartbeat": anybody("POST", f"{V1}/devices/heartbeat", {}, "kiosk"),
    "POST /counter/<int:counter_id>": anybody("POST", "/counter/1", {}, "staff"),
    "POST /counter/sign-in": anybody("POST", "/counter/sign-in", {}),
    "POST /counter/sign-out": anybody("POST", "/counter/sign-out", {}, "staff"),
    "POST /display/<office>/device": anybody("POST", f"/display/{SLUG}/device", {}),
    "POST /kiosk/<office>/device": anybody("POST", f"/kiosk/{SLUG}/device", {}),
}


def changing(house: House) -> Iterator[str]:
    """The routes that may change something, as the app has them."""
    for rule in house.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            yield f"{method} {rule.rule}"


def test_every_route_that_changes_things_is_known_here(house: House) -> None:
    assert sorted(set(changing(house)) - set(ROUTES)) == [], "say above what it does to the past"


def test_every_kind_of_step_has_an_example() -> None:
    fields = [body.model_fields["step"] for body in get_args(AnyStep)]
    kinds = {kind for one in fields for kind in get_args(one.annotation)}
    assert kinds == set(STEPS)


def test_whatever_is_done_later_the_past_stays(world: World) -> None:
    with world.house.parts.database.transaction() as session:
        office = office_or_404(session, SLUG)
        add_person(session, "thu", "correct horse", role="manager", office=office, now=NOW)
    before = world.figures()
    assert sum(before[0]["share"].values()) == pytest.approx(100.0, abs=0.2)
    assert before[2]["agencies"], "agencies have figures too"
    assert before[4] == [] or before[9], "and so have apologies"
    # The steps come last, so that each is taken also after all the others have happened.
    for rule in sorted(changing(world.house), key=lambda one: (one.endswith("/steps"), one)):
        ROUTES[rule](world)
        assert world.figures() == before, f"{rule} changed a figure of the past"


def test_catalogues_calendars_and_agencies_that_come_late_change_nothing(world: World) -> None:
    before = world.figures()
    with world.house.parts.database.transaction() as session:
        office = office_or_404(session, SLUG)
        flood = Day(date(2026, 9, 9), False, {"vi": "Nghỉ lụt"}, "Công văn 12", "verified")
        for everywhere in (True, False):
            set_day(session, office, flood, everywhere=everywhere, now=NOW, actor="admin")
        for agency in ("tnmt", "thue"):
            ended = {"valid_to": date(2026, 9, 2), "now": NOW, "actor": "admin"}
            set_agency(session, office, agency, {"vi": "Tên mới"}, **ended)
        set_pattern(session, office, "H01.5", now=NOW, actor="admin")
        text = sample.procedures_text().replace(",5,working_day,", ",1,working_day,")
        load_procedures(session, text, file=sample.PROCEDURES_FILE)
        for procedure in session.scalars(select(Procedure)):
            procedure.days, procedure.unit = 1, "calendar_day"
            procedure.field_code, procedure.names = "XX", {"vi": "Khác"}
        hall = sample.hall_text(always_open=True)
        hallfile.load(session, hall, file=sample.HALL_FILE, now=NOW)
    assert world.figures() == before
    steps(world)  # whatever is reckoned anew is reckoned with the new calendar
    assert world.figures() == before


def test_a_correction_changes_the_past_on_record_and_known_shows_the_old_figure(
    world: World,
) -> None:
    changed = taken = 0
    before = world.figures()
    for code in world.codes:
        for number, row in enumerate(world.rows(code)):
            asked, records = world.house.clock.now, world.records()
            world.house.clock.forward(hours=1)
            named: dict[str, Any] = {"corrects": row.id, "reason": "ghi nhầm"}
            assert world.step(code, "take-back", who="counter", **named) == 403
            moments = [row.at + timedelta(days=days) for days in (30, 5, 1, -1)]
            tries = [("correct-time", {"at": moment.isoformat()}) for moment in moments]
            tries.insert(0 if number % 2 else len(tries), ("take-back", {}))
            done = any(world.step(code, step, **named, **more) == 200 for step, more in tries)
            after = world.figures()
            assert world.records() == records + done, (code, row.kind)
            assert done or after == before
            assert world.figures(known=asked) == before, (code, row.kind)
            changed, taken, before = changed + (after != before), taken + done, after
    assert changed > 3, "corrections that change nothing prove nothing"
    assert taken > 12


def test_a_late_message_of_another_system_is_on_record_too(world: World) -> None:
    before, asked, records = world.figures(), world.house.clock.now, world.records()
    world.house.clock.forward(hours=1)
    accepted = {"kind": "accept", "at": "2026-09-07T08:30:00+07:00"}
    row = {"code": "H33.14-260907-9001", "office": SLUG, "procedure": COPY, "steps": [accepted]}
    assert send(world, [row])["outcomes"][0]["outcome"] == "created"
    assert world.figures() != before
    assert world.figures(known=asked) == before
    assert world.records() == records + 1
    with world.house.parts.database.read() as session:
        (step,) = session.scalars(
            select(DossierStep).join(Dossier).where(Dossier.code == row["code"])
        )
        assert step.data, "the step says which message brought it"
        assert session.get_one(Office, step.office_id).slug == SLUG
