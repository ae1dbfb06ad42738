"""Is the sample hall what the demo promises, and do its defaults agree with the rules?"""

import tomllib
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from sqlalchemy import select

from server.offices import hallfile, sample
from server.offices.hallschema import HallFile, IssuingPart, OfficePart, Priority, RulesPart, Week
from server.offices.hallvalues import contrast_with_white
from server.offices.hallwriting import written
from server.offices.hours import WEEKDAYS, Issuing, issuing_of, opening_of
from server.offices.models import Office
from server.queueing.rules import Rules
from server.queueing.steps import PRIORITIES

TEXT = sample.hall_text()


def test_the_sample_is_in_the_form_that_export_writes():
    assert written(HallFile.model_validate(tomllib.loads(TEXT))) == TEXT


def test_the_sample_has_what_the_demo_promises():
    hall = HallFile.model_validate(tomllib.loads(TEXT)).office[1]
    assert (hall.slug, hall.parent, len(hall.service), len(hall.counter)) == (
        sample.SLUG,
        "kien-giang",
        9,
        6,
    )
    roles = [person.role for person in hall.person]
    assert (roles.count("clerk"), roles.count("manager")) == (4, 1)
    assert [person.name for person in sample.PEOPLE] == [person.name for person in hall.person]
    for service in hall.service:
        assert service.names.en and service.names.km
        assert service.papers and service.papers.en
        assert service.typical_minutes and service.limit_minutes
    assert len({service.tint for service in hall.service}) == 9
    assert len({service.icon for service in hall.service}) == 9
    assert hall.rules.priority == "2:1"
    assert all(line.en for line in [*hall.ticker, *hall.park])


def test_the_sample_names_nothing_like_a_password():
    assert "password" not in TEXT.lower() and "mật khẩu" not in TEXT.lower()


def test_the_demo_is_open_at_every_hour_of_every_day_and_says_so(database):
    text = sample.hall_text(always_open=True)
    with database.transaction() as session:
        hallfile.load(session, text, file="hall.toml", now=datetime(2026, 3, 2, tzinfo=UTC))
        assert hallfile.export(session) == text
        office = session.scalars(select(Office).where(Office.slug == sample.SLUG)).one()
        for hour in range(0, 24 * 366, 7):
            now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
            assert opening_of(office, now).open and issuing_of(office, now).open
        assert "suốt ngày đêm" in office.words["ticker"][0]["vi"]


def test_defaults_of_the_schema_are_those_of_the_rules():
    assert Rules.of(RulesPart().model_dump()) == Rules.of({})
    assert Issuing.of(IssuingPart().model_dump()) == Issuing.of({})


def test_every_weekday_and_every_priority_the_product_knows_can_be_written():
    assert tuple(Week.model_fields) == WEEKDAYS
    assert ("none", *get_args(Priority)) == PRIORITIES


def test_contrast_is_that_of_wcag():
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#FFFFFF") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)


def test_an_office_part_needs_only_a_slug_and_a_name():
    assert OfficePart(slug="a", names={"vi": "A"}).timezone == "Asia/Ho_Chi_Minh"
