"""What a school's contract may say of its study data, and which school years it reaches."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from skola.ground.audit.api import Entry
from skola.promises.policy.api import parse_period
from skola.promises.retention.api import clock_of
from skola.services.school import actions
from skola.services.school.agreeing import (
    Agreement,
    OutOfBoundsError,
    agree_term,
    end_terms,
    term_of,
)
from skola.services.school.models import AgreedTerm, Pupil, School, Year
from skola.services.school.tests import make
from skola.services.school.tests.make import A_DAY, TALLINN

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ekool")]
CONTRACT = Agreement(uuid4(), "The diary", A_DAY)


def agree(where: School, term: str, *, later: timedelta = timedelta(0)) -> AgreedTerm:
    return agree_term(where, parse_period(term), CONTRACT, by="school", now=A_DAY + later)


def next_year(where: School, first: int = 2026) -> Year:
    return actions.begin_year(
        where,
        starts_on=date(first, 9, 1),
        ends_on=date(first + 1, 8, 31),
        zone=TALLINN,
        by="school",
        now=A_DAY,
    )


def ends(where: School) -> list[datetime | None]:
    return [one.kept_until for one in Year.objects.filter(school=where).order_by("starts_on")]


def midnight(year: int) -> datetime:
    return datetime(year, 9, 1, tzinfo=TALLINN)


@pytest.mark.parametrize("term", ["11 months", "11 years", "121 months", "364 days"])
def test_a_contract_says_nothing_beyond_the_bounds_of_the_policy(term: str) -> None:
    where = make.school()
    with pytest.raises(OutOfBoundsError):
        agree(where, term)
    assert (term_of(where), ends(where)) == (None, [None])


def test_a_shorter_term_reaches_every_year_of_this_school_and_no_other() -> None:
    where, other = make.school(), make.school("Oru Kool")
    agree(where, "24 months")
    next_year(where)
    assert ends(where) == [midnight(2028), midnight(2029)]
    assert ends(other) == [None]
    assert Entry.objects.filter(kind="school.term.agreed").count() == 1


def test_a_longer_term_reaches_only_years_that_have_not_begun() -> None:
    where = make.school()
    ahead = next_year(where)
    agree(where, "7 years")
    assert ends(where) == [None, midnight(2034)]
    agree(where, "2 years", later=timedelta(days=1))
    agree(where, "3 years", later=timedelta(days=2))
    assert ends(where) == [midnight(2028), midnight(2030)]
    ahead.refresh_from_db()
    assert ahead.agreed == term_of(where)


def test_a_contract_that_ended_says_nothing_of_later_years_and_years_begun_keep_it() -> None:
    where = make.school()
    agree(where, "2 years")
    for _twice in range(2):
        end_terms(CONTRACT.contract, by="office", now=A_DAY + timedelta(days=3))
    next_year(where)
    assert ends(where) == [midnight(2028), None]
    assert term_of(where) is None
    assert Entry.objects.filter(kind="school.term.ended").count() == 1


def test_another_contract_ends_only_its_own_term() -> None:
    where = make.school()
    agree(where, "2 years")
    end_terms(replace(CONTRACT, contract=uuid4()).contract, by="office", now=A_DAY)
    assert term_of(where) is not None


def test_nothing_goes_while_the_pupil_is_there_and_the_reason_names_the_contract() -> None:
    where = make.school()
    pupil = make.pupil(make.school_class(where))
    agree(where, "1 year")
    assert clock_of(pupil, now=A_DAY) is None
    left = datetime(2026, 8, 31, 12, 0, tzinfo=TALLINN)
    actions.leave_class(pupil, on=left.date(), by="school", now=left)
    found = clock_of(Pupil.objects.get(), now=left)
    assert found is not None
    assert found.at == midnight(2027)
    assert "as the contract of the school says" in found.because("en")
