"""The sweep erases what is due, says under which clause, and nothing else."""

from datetime import datetime, timedelta

import pytest

from skola.ground.audit.models import Entry, SubjectKey
from skola.ground.people.models import Account, Person, Preferences, SecurityEvent
from skola.ground.tenants.api import Tenant, inside
from skola.promises.retention.actions.clocks import as_engine
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.models import Sweep
from skola.promises.retention.rules import ANONYMOUS, GONE
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.tests.make import A_SECOND, at

THIRTY_DAYS = {"period": "30 days", "after": "record.created"}
GOES = at("2026-04-02")
"""The midnight after thirty days from 2 March, in Riga."""


def _preferences(now: datetime) -> Preferences:
    return Preferences.objects.create(person=make.person(now), created_at=now)


def test_a_row_stays_to_the_last_second_and_goes_then(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most=THIRTY_DAYS))
    _preferences(now)

    sweep(now=GOES - A_SECOND)
    assert Preferences.objects.count() == 1
    assert Preferences.objects.get().due_at == GOES

    report = sweep(now=GOES)
    assert Preferences.objects.count() == 0
    assert [(line.table, line.rule, line.clauses, line.count) for line in report.lines] == [
        ("people_preferences", "rule", ("test-1",), 1)
    ]


def test_one_audit_entry_tells_of_a_batch_without_saying_whose(
    terms: SetTerms, now: datetime
) -> None:
    terms(make.rule(at_most=THIRTY_DAYS))
    for _ in range(3):
        _preferences(now)

    sweep(now=GOES)

    entry = Entry.objects.get(kind="retention.swept")
    assert (entry.at, entry.by, entry.clause) == (GOES, "system", "rule: test-1")
    assert entry.detail["count"] == 3
    assert entry.detail["table"] == "people_preferences"
    assert len(entry.detail["digest"]) == 64
    assert entry.subject == ""


def test_batches_add_up(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most=THIRTY_DAYS))
    for _ in range(7):
        _preferences(now)

    report = sweep(now=GOES, batch=3)

    assert report.erased == 7
    assert Entry.objects.filter(kind="retention.swept").count() == 3


def test_another_tenants_rows_are_not_touched(
    terms: SetTerms, now: datetime, tenant: Tenant, other_tenant: Tenant
) -> None:
    terms(make.rule(at_most=THIRTY_DAYS))
    _preferences(now)
    with inside(other_tenant.pk):
        _preferences(now)

    assert sweep(now=GOES).erased == 1

    with inside(other_tenant.pk):
        assert Preferences.objects.count() == 1


def test_sweeping_twice_is_sweeping_once(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most=THIRTY_DAYS))
    _preferences(now)

    assert sweep(now=GOES).erased == 1
    assert sweep(now=GOES).erased == 0
    assert Entry.objects.filter(kind="retention.swept").count() == 1


def test_a_person_stays_nameless_while_needed_and_goes_with_the_last_row(
    terms: SetTerms, now: datetime
) -> None:
    terms(
        make.rule(id="people", categories=["identity", "contact"], at_most=THIRTY_DAYS),
        make.rule(id="later", at_most={"period": "60 days", "after": "record.created"}),
    )
    kept = _preferences(now)
    lone = make.person(now, email="lone@example.org")
    SubjectKey.objects.create(person_ref=kept.person_id, key=b"k" * 32)
    SubjectKey.objects.create(person_ref=lone.pk, key=b"k" * 32)

    report = sweep(now=GOES)

    assert {(one.category, one.count) for one in report.lines} == {("identity", 2), ("contact", 2)}
    nameless = Person.objects.get()
    assert nameless.pk == kept.person_id
    assert (nameless.name, nameless.email, nameless.birth_on) == ("", "", None)
    assert nameless.due_identity_at == nameless.due_contact_at == GONE
    assert [key.person_ref for key in SubjectKey.objects.all()] == [kept.person_id]

    sweep(now=at("2026-05-02"))

    assert Person.objects.count() == 0
    assert SubjectKey.objects.count() == 0


def test_parts_of_one_row_go_each_at_their_time(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(id="who", categories=["identity"], at_most={**THIRTY_DAYS, "period": "9 days"}),
        make.rule(id="where", categories=["contact"], at_most=THIRTY_DAYS),
    )
    made = make.person(now, email="ilze@example.org")

    sweep(now=at("2026-03-12"))
    made.refresh_from_db()
    assert (made.name, made.email) == ("", "ilze@example.org")

    sweep(now=GOES)
    assert Person.objects.count() == 0


def test_a_stored_date_is_never_believed(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most=THIRTY_DAYS))
    kept = _preferences(now)
    sweep(now=now)
    _falsify(kept, now)

    report = sweep(now=now + timedelta(days=1))

    kept.refresh_from_db()
    assert report.erased == 0
    assert kept.due_at == GOES


def _falsify(row: Preferences, due: datetime) -> None:
    with as_engine(due):
        Preferences.objects.filter(pk=row.pk).update(due_at=due)


def test_a_run_is_written_down(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most=THIRTY_DAYS))
    _preferences(now)

    sweep(now=GOES)

    run = Sweep.objects.get()
    assert (run.swept_at, run.erased) == (GOES, 1)
    assert run.counts == [
        {"rule": "rule", "table": "people_preferences", "category": "preferences", "count": 1}
    ]


def test_an_account_that_goes_ends_what_was_kept_for_it(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(id="sign-in", categories=["credentials"], at_most=THIRTY_DAYS),
        make.rule(id="rest", keep_while=["account.open"]),
    )
    kept = _preferences(now)
    Account.objects.create_account(kept.person, email="i@example.org", password=None, now=now)

    sweep(now=GOES)
    assert Account.objects.count() == 0
    assert Preferences.objects.count() == 1

    sweep(now=at("2026-04-03"))
    assert Preferences.objects.get().due_at == at("2026-04-04")
    sweep(now=at("2026-04-04"))
    assert Preferences.objects.count() == 0


def test_due_audit_entries_go_and_no_others(terms: SetTerms, now: datetime) -> None:
    terms(
        make.rule(categories=["audit"], at_most={"period": "30 days", "after": "audit.performed"})
    )
    Entry.objects.create(at=now, kind="old", by="system")
    Entry.objects.create(at=now + timedelta(days=2), kind="young", by="system")

    sweep(now=GOES)

    assert {entry.kind for entry in Entry.objects.all()} == {"young", "retention.swept"}


@pytest.mark.parametrize("period", ["12 hours", "20 working days", "2 weeks", "1 month", "1 year"])
def test_a_dry_run_says_what_the_sweep_does(terms: SetTerms, now: datetime, period: str) -> None:
    terms(
        make.rule(at_most={"period": period, "after": "record.created"}),
        make.rule(id="who", categories=["identity", "contact"], at_most=THIRTY_DAYS),
    )
    for days in (0, 10, 20, 30):
        _preferences(now - timedelta(days=days))
    as_of = now + timedelta(days=12)

    before = list(Preferences.objects.order_by("pk").values())
    said = sweep(now=as_of, dry_run=True)
    assert list(Preferences.objects.order_by("pk").values()) == before
    assert Entry.objects.count() == 0

    assert sweep(now=as_of).lines == said.lines


def test_an_anonymised_row_stays_and_leads_to_nobody(terms: SetTerms, now: datetime) -> None:
    anonymise = {**THIRTY_DAYS, "action": "anonymise"}
    terms(
        make.rule(id="security", categories=["security_log"], at_most=anonymise),
        make.rule(categories=["identity", "contact"], at_most=THIRTY_DAYS),
    )
    SecurityEvent.objects.create(person=make.person(now), kind="signed-in", at=now)

    assert sweep(now=GOES, dry_run=True).lines == sweep(now=GOES).lines

    kept = SecurityEvent.objects.get()
    assert (kept.person, kept.kind, kept.due_at) == (None, "signed-in", ANONYMOUS)
    assert sweep(now=GOES + timedelta(days=400)).erased == 0
    assert SecurityEvent.objects.count() == 1


def test_where_a_row_cannot_stay_without_its_person_it_goes(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(at_most={**THIRTY_DAYS, "action": "anonymise"}))
    _preferences(now)

    sweep(now=GOES)

    assert Preferences.objects.count() == 0


def test_a_dry_run_knows_what_a_removed_account_ends(terms: SetTerms, now: datetime) -> None:
    terms(make.rule(keep_while=["account.open"]))
    kept = _preferences(now)
    account = Account.objects.create_account(
        kept.person, email="i@example.org", password=None, now=now
    )
    sweep(now=now)
    with as_engine(now):
        account.delete()

    said = sweep(now=GOES, dry_run=True)

    assert said.erased == 1
    assert sweep(now=GOES).lines == said.lines
