from datetime import timedelta

import pytest

from skola.ground.audit.api import Entry
from skola.ground.people.models import Mail, Person
from skola.ground.people.tests.make import person
from skola.promises.retention.api import sweep
from skola.promises.rights.api import erase_person
from skola.services.billing.api import Contract, accept_contract
from skola.services.documents.api import Document
from skola.services.groups import actions, trainers
from skola.services.groups.models import (
    Application,
    Attendance,
    Disclosure,
    Participant,
    Run,
)
from skola.services.groups.tests import make
from skola.services.groups.tests.make import A_DAY

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("kic")]
TODAY = A_DAY.date()


def link(application: Application) -> str:
    return f"https://kic.example/{application.pk}"


def test_who_has_no_account_becomes_a_person_without_one() -> None:
    application = make.application()

    applicant = Person.objects.get(pk=application.person_id)
    assert (applicant.name, applicant.source) == ("Jānis Ozols", "application")
    assert not hasattr(applicant, "account")
    assert Entry.objects.filter(kind="groups.application.received").count() == 1


def test_nobody_applies_twice() -> None:
    run, who = make.run(), person()
    make.application(run, who)

    with pytest.raises(actions.TwiceError):
        make.application(run, who)

    assert Application.objects.count() == 1


@pytest.mark.parametrize("how", ["draft", "cancelled", "late"])
def test_a_run_that_takes_no_applications_keeps_nothing_of_the_applicant(how: str) -> None:
    run = make.run(published=how != "draft")
    at = A_DAY
    if how == "cancelled":
        actions.cancel_run(run, link=link, today=TODAY, by="office", now=A_DAY)
    if how == "late":
        at = A_DAY + timedelta(days=15)

    with pytest.raises(actions.ClosedError):
        make.application(run, at=at)

    assert not Person.objects.exists()


def test_the_last_seat_is_given_once_and_the_next_one_waits() -> None:
    run = make.run(seats=1)
    first, second = make.application(run), make.application(run, family_name="Liepa")
    assert (first.stage, second.stage) == ("received", "received")
    actions.admit(first, with_contract=False, by="office", now=A_DAY)

    with pytest.raises(actions.NoSeatError):
        actions.admit(second, with_contract=False, by="office", now=A_DAY)

    assert Participant.objects.count() == 1
    second.refresh_from_db()
    assert second.stage == "received"
    assert make.application(run, family_name="Kalns").stage == "waiting"


def test_a_seat_that_is_freed_goes_to_somebody_else() -> None:
    run = make.run(seats=1)
    seat = make.participant(run)
    waiting = make.application(run, family_name="Liepa")

    actions.leave(seat, by="office", now=A_DAY)
    actions.admit(waiting, with_contract=False, by="office", now=A_DAY)

    assert Participant.objects.filter(left_at=None).get().person == waiting.person
    assert seat.contract is not None
    seat.contract.refresh_from_db()
    assert seat.contract.ending == "withdrawn"


def test_an_application_is_decided_once() -> None:
    application = make.application()
    actions.refuse(application, by="office", now=A_DAY)

    for decide in (actions.put_off, actions.refuse):
        with pytest.raises(actions.ClosedError):
            decide(application, by="office", now=A_DAY)
    with pytest.raises(actions.ClosedError):
        actions.admit(application, with_contract=True, by="office", now=A_DAY)

    assert not Contract.objects.exists()


def test_the_contract_names_days_place_and_price_and_ends_with_the_run() -> None:
    run = make.run()

    contract = make.participant(run).contract

    assert contract is not None
    for words in ("Bookkeeping", "B-1", "40 hours", "16 March 2026", "€380.00", "Pay in 14 days."):
        assert words in contract.text
    assert (contract.starts_on, contract.ends_on) == (run.starts_on, run.ends_on)


def test_who_steps_back_gives_the_seat_and_the_contract_back() -> None:
    seat = make.participant()
    assert seat.contract is not None
    accept_contract(seat.contract, by="applicant", now=A_DAY)
    assert seat.application is not None

    actions.withdraw(seat.application, today=TODAY, by="applicant", now=A_DAY)

    seat.refresh_from_db()
    assert seat.left_at == A_DAY
    assert seat.contract is not None
    assert seat.contract.ending == "staff"
    with pytest.raises(actions.ClosedError):
        actions.withdraw(seat.application, today=TODAY, by="applicant", now=A_DAY)


def test_cancelling_ends_contracts_and_tells_everybody_who_waits_or_has_a_seat() -> None:
    run = make.run()
    seat = make.participant(run)
    make.application(run, family_name="Liepa")
    refused = make.application(run, family_name="Kalns")
    actions.refuse(refused, by="office", now=A_DAY)

    actions.cancel_run(run, link=link, today=TODAY, by="office", now=A_DAY)

    assert {one.address for one in Mail.objects.all()} == {
        "ozols@example.org",
        "liepa@example.org",
    }
    assert seat.contract is not None
    seat.contract.refresh_from_db()
    assert seat.contract.closed_at == A_DAY
    with pytest.raises(actions.ClosedError):
        actions.cancel_run(run, link=link, today=TODAY, by="office", now=A_DAY)


def test_what_is_over_is_not_cancelled() -> None:
    run = make.run()
    after = run.ends_on + timedelta(days=1)

    with pytest.raises(actions.ClosedError):
        actions.cancel_run(run, link=link, today=after, by="office", now=A_DAY)

    run.refresh_from_db()
    assert run.cancelled_at is None


def test_fewer_seats_than_people_are_refused() -> None:
    run = make.run(seats=3)
    make.participant(run)
    make.participant(run, family_name="Liepa")
    facts = actions.RunFacts("B-1", "Rīga", run.starts_on, run.ends_on, run.apply_until, 1)

    with pytest.raises(actions.NoSeatError):
        actions.change_run(run, facts, zone=make.RIGA, by="office", now=A_DAY)


def test_titles_and_codes_are_unique() -> None:
    first = make.run()
    other = make.run()
    facts = actions.RunFacts(
        first.code, "Rīga", other.starts_on, other.ends_on, other.apply_until, 5
    )
    with pytest.raises(actions.TwiceError):
        actions.change_run(other, facts, zone=make.RIGA, by="office", now=A_DAY)
    with pytest.raises(actions.TwiceError):
        actions.write_programme(
            actions.ProgrammeFacts("Bookkeeping", "x", 1, 0, "x"), by="office", now=A_DAY
        )


def test_other_days_are_told_to_who_has_a_seat() -> None:
    run = make.run()
    make.participant(run)
    make.application(run, family_name="Liepa")

    actions.tell_of_changes(run, link=link, now=A_DAY)

    assert [one.address for one in Mail.objects.all()] == ["ozols@example.org"]


def test_who_never_became_a_client_is_forgotten_with_their_application() -> None:
    """The policy: a year after the last contact."""
    make.application()
    a_year = A_DAY.replace(year=2027)

    sweep(now=a_year)
    assert Application.objects.count() == 1
    sweep(now=a_year + timedelta(days=1))

    assert (Application.objects.count(), Person.objects.count()) == (0, 0)


def test_who_took_part_is_known_for_as_long_as_the_policy_says() -> None:
    seat = make.participant()
    assert seat.contract is not None
    accept_contract(seat.contract, by="applicant", now=A_DAY)
    from skola.services.billing.contracting import end_contracts_that_are_over

    end_contracts_that_are_over(zone=make.RIGA, by="job", now=A_DAY + timedelta(days=60))
    ended = seat.run.ends_on

    sweep(now=A_DAY.replace(year=2028))
    assert Participant.objects.count() == 1
    assert ended.year == 2026
    sweep(now=A_DAY.replace(year=2028, month=ended.month, day=ended.day) + timedelta(days=1))
    assert Participant.objects.count() == 0
    assert Application.objects.count() == 1
    sweep(now=A_DAY.replace(year=2029, month=ended.month, day=ended.day) + timedelta(days=1))
    assert (Application.objects.count(), Person.objects.count()) == (0, 0)


def test_an_erasure_leaves_nothing_of_a_participant() -> None:
    seat = make.participant()
    meeting = make.meeting(seat.run)
    Attendance.objects.create(participant=seat, meeting=meeting, way="link", signed_at=A_DAY)
    trainer = person()
    make.trainer(seat.run, trainer)
    shown = trainers.disclose(
        seat.run, [seat], trainer, what="shown", today=TODAY, by="trainer", now=A_DAY
    )
    assert shown == 1
    actions.record_result(seat, "passed", by="office", now=A_DAY)
    actions.issue_documents(
        seat.run, signatory="Sanita Roze", zone=make.RIGA, by="office", now=A_DAY
    )

    erase_person(seat.person_id, reason="asked", by="officer", now=A_DAY)

    held = (Application, Participant, Attendance, Disclosure, Contract, Document)
    assert [model for model in held if model._default_manager.exists()] == []
    assert Run.objects.exists()
