"""A longer promise reaches old data where its person agrees, or was told and did not object."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import Settings

from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people import mail
from skola.ground.people.models import Account, Mail
from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant
from skola.promises.notices.actions import tell_of_changes
from skola.promises.notices.reaching import release_who_did_not_object
from skola.promises.policy.load import load
from skola.promises.retention.actions.releases import object_again
from skola.promises.retention.api import (
    Release,
    clock_of,
    clockworks,
    promises_after,
    promises_in_force,
    sweep,
)
from skola.services.desk.actions import close
from skola.services.desk.models import Enquiry
from skola.services.desk.tests.make import enquiry
from tests.promises.editing import Folder

TALLINN = ZoneInfo("Europe/Tallinn")
PUBLISHED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EFFECTIVE = datetime(2026, 5, 1, 0, 0, tzinfo=TALLINN)
A_DAY = timedelta(days=1)
TERM = (
    'keep_while = ["enquiry.open", "contact.ongoing"]\n'
    'then = {{ action = "erase", within = "{}" }}\nclaimed = "As long as needed (7.5)'
)
LONGER = (TERM.format("6 months"), TERM.format("2 years"))
MAIL = ('publish_in = ["site"]', 'publish_in = ["site"]\nalso_notify = ["email"]')

pytestmark = pytest.mark.tenant("ekool")


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, tenant: Tenant) -> Folder:
    found = Folder(tmp_path, tenant.slug)
    settings.POLICIES = found.published
    return found


@pytest.fixture
def account(tenant: Tenant) -> Account:
    found = make.account()
    Account.objects.filter(pk=found.pk).update(created_at=PUBLISHED - 90 * A_DAY)
    type(found.person).objects.filter(pk=found.person_id).update(created_at=PUBLISHED - 90 * A_DAY)
    found.person.refresh_from_db()
    return found


def publish(folder: Folder, *edits: tuple[str, str]) -> None:
    draft = folder.version("longer", *edits, effective=EFFECTIVE, published=PUBLISHED)
    folder.publish(draft, now=PUBLISHED)


def asked(account: Account, at: datetime) -> Enquiry:
    found = enquiry(at=at)
    Enquiry.objects.filter(pk=found.pk).update(person=account.person)
    found.refresh_from_db()
    close(found, ending=Enquiry.Ending.choices[0][0], by="test", now=at)
    found.refresh_from_db()
    return found


def end(row: Enquiry, now: datetime) -> datetime:
    found = clock_of(row, now=now)
    assert found is not None
    return found.at


def decide(client: Client, said: str, at: datetime) -> int:
    with clock.standing_at(at):
        answer = client.post("/privacy/changes/answers/", {"version": "longer", "answer": said})
    return answer.status_code


def test_who_accepts_is_kept_longer_from_then_on_and_who_objects_is_not(
    client: Client, folder: Folder, account: Account, sign_in: Callable[[Account], Account]
) -> None:
    row = asked(account, PUBLISHED - 30 * A_DAY)
    publish(folder, LONGER)
    later = EFFECTIVE + A_DAY
    old = end(row, PUBLISHED)
    assert end(row, later) == old
    sign_in(account)
    with clock.standing_at(later):
        page = client.get("/privacy/changes/", headers={"Accept-Language": "en"})
    assert "kept for a longer time, 2 years instead of 6 months" in page.content.decode()

    assert decide(client, "accepted", later) == 302
    assert end(row, later) > old + 150 * A_DAY
    entry = Entry.objects.get(kind="retention.promise.accepted")
    assert (entry.subject, entry.detail["version"]) == (pseudonym(account.person_id), "longer")

    assert decide(client, "objected", later + A_DAY) == 302
    assert end(row, later + A_DAY) == old
    sweep(now=old + timedelta(seconds=1))
    assert not Enquiry.objects.filter(pk=row.pk).exists()


def test_an_answer_to_what_was_not_asked_is_not_found(
    client: Client, folder: Folder, account: Account, sign_in: Callable[[Account], Account]
) -> None:
    sign_in(account)
    assert decide(client, "accepted", PUBLISHED) == 404
    publish(folder, LONGER)
    assert decide(client, "not-objected", EFFECTIVE) == 404
    assert not Release.objects.exists()


def test_the_page_is_for_who_is_signed_in_and_asks_on_every_page_until_answered(
    client: Client, folder: Folder, account: Account, sign_in: Callable[[Account], Account]
) -> None:
    publish(folder, LONGER)
    later = EFFECTIVE + A_DAY
    question = "now keeps some data longer"
    with clock.standing_at(later):
        assert client.get("/privacy/changes/").status_code == 302
        assert question not in client.get("/privacy/").content.decode()
    sign_in(account)
    with clock.standing_at(later):
        assert question in client.get("/privacy/").content.decode()
    decide(client, "objected", later)
    with clock.standing_at(later):
        assert question not in client.get("/privacy/").content.decode()


def test_who_was_told_by_a_mail_that_arrived_and_did_not_object_in_a_month_is_reached(
    folder: Folder, account: Account
) -> None:
    row = asked(account, PUBLISHED - 30 * A_DAY)
    silent = make.account(email="nobody@example.org")
    Account.objects.filter(pk=silent.pk).update(created_at=PUBLISHED - 90 * A_DAY)
    publish(folder, LONGER, MAIL)
    old = end(row, PUBLISHED)
    assert tell_of_changes(PUBLISHED) == 2
    # one mail reaches the server in May only, the other never
    arrived = EFFECTIVE + 9 * A_DAY
    letter = Mail.objects.get(person=account.person)
    assert "kept for a longer time" in letter.text
    assert mail.send(letter.pk, about="policy longer", now=arrived)

    for day in (EFFECTIVE, arrived, arrived + 30 * A_DAY):
        assert release_who_did_not_object(day) == 0
        assert end(row, day) == old
    after = arrived + 32 * A_DAY
    assert release_who_did_not_object(after) == 1
    assert release_who_did_not_object(after) == 0
    assert end(row, after) > old + 150 * A_DAY
    release = Release.objects.get()
    assert (release.person_id, release.how) == (account.person_id, "not-objected")


def test_who_objected_in_time_stays_under_the_old_promise(
    client: Client, folder: Folder, account: Account, sign_in: Callable[[Account], Account]
) -> None:
    row = asked(account, PUBLISHED - 30 * A_DAY)
    publish(folder, LONGER)
    sign_in(account)
    with clock.standing_at(PUBLISHED + A_DAY):
        client.get("/privacy/changes/")
    decide(client, "objected", PUBLISHED + 2 * A_DAY)

    later = EFFECTIVE + 60 * A_DAY
    assert release_who_did_not_object(later) == 0
    assert end(row, later) == end(row, PUBLISHED)


def test_a_page_that_was_read_tells_a_person_once(
    client: Client, folder: Folder, account: Account, sign_in: Callable[[Account], Account]
) -> None:
    publish(folder, LONGER)
    sign_in(account)
    for hours in (1, 2):
        with clock.standing_at(PUBLISHED + timedelta(hours=hours)):
            assert client.get("/privacy/changes/").status_code == 200
    shown = Entry.objects.filter(kind="notices.change.shown")
    assert [entry.at.hour - PUBLISHED.hour for entry in shown] == [1]
    assert release_who_did_not_object(EFFECTIVE) == 1


def test_an_objection_survives_a_restore(folder: Folder, account: Account) -> None:
    publish(folder, LONGER)
    through = {"version": "longer", "through": EFFECTIVE.isoformat()}
    for _ in range(2):
        object_again(account.person_id, EFFECTIVE + A_DAY, through)
    object_again(account.person_id, EFFECTIVE + A_DAY, {"enquiry": "of another room"})

    release = Release.objects.get()
    assert (release.how, release.is_free, release.through) == ("objected", False, EFFECTIVE)


def test_what_would_be_promised_after_a_change_is_what_is_promised_after_it(
    folder: Folder, account: Account
) -> None:
    row = asked(account, PUBLISHED - 30 * A_DAY)
    draft = folder.version("longer", LONGER, effective=EFFECTIVE, published=PUBLISHED)
    foreseen = promises_after(load(draft), PUBLISHED)
    folder.publish(draft, now=PUBLISHED)
    executed = promises_in_force(EFFECTIVE)

    assert [one.version for one in foreseen.every] == ["2019-09-01", "longer"]
    for mine, other in zip(clockworks(foreseen), clockworks(executed), strict=True):
        assert mine.digest == other.digest
    assert end(row, EFFECTIVE) == end(row, PUBLISHED)
