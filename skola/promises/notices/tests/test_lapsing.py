"""Consents end when a version changes what they were given to, at the moment it takes effect."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant
from skola.promises.cookies.queries import register_of
from skola.promises.notices.lapsing import LAPSED, lapse_consents
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_state
from skola.promises.retention.models import StateFact
from tests.promises.editing import Folder

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EFFECTIVE = NOW + timedelta(days=10)
PURPOSE = ('granularity = "this text only"', 'granularity = "this text and its author"')


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, tenant: Tenant) -> Folder:
    found = Folder(tmp_path, tenant.slug)
    settings.POLICIES = found.published
    return found


def publish(folder: Folder, *edits: tuple[str, str]) -> None:
    draft = folder.version("next", *edits, effective=EFFECTIVE, published=NOW)
    folder.publish(draft, now=NOW)


def open_consents() -> set[tuple[object, str]]:
    return {(one.person_id, one.state) for one in StateFact.objects.filter(is_open=True)}


def test_only_the_consents_whose_purpose_changed_end_and_not_before(folder: Folder) -> None:
    author, reader = make.person(), make.person()
    text, own = "consent:publication.consented", "consent:marketing.own"
    for person in (author, reader):
        record_state(person.pk, own, is_open=True, at=NOW - timedelta(days=30))
    record_state(author.pk, text, is_open=True, at=NOW - timedelta(days=30))
    publish(folder, PURPOSE)
    before = open_consents()

    assert lapse_consents(EFFECTIVE - timedelta(seconds=1)) == 0
    assert open_consents() == before
    assert lapse_consents(EFFECTIVE) == 1
    assert open_consents() == before - {(author.pk, text)}
    assert StateFact.objects.get(person=author, state=text).ended_at == EFFECTIVE
    entry = Entry.objects.get(kind=LAPSED)
    assert (entry.subject, entry.detail["purpose"]) == (
        pseudonym(author.pk),
        "publication.consented",
    )


def test_a_consent_given_anew_stands(folder: Folder) -> None:
    author = make.person()
    state = "consent:publication.consented"
    record_state(author.pk, state, is_open=True, at=NOW)
    publish(folder, PURPOSE)
    lapse_consents(EFFECTIVE + timedelta(minutes=5))
    record_state(author.pk, state, is_open=True, at=EFFECTIVE + timedelta(hours=1))

    assert lapse_consents(EFFECTIVE + timedelta(hours=2)) == 0
    assert open_consents() == {(author.pk, state)}


def test_a_new_controller_ends_every_consent(folder: Folder) -> None:
    author = make.person()
    for purpose in ("publication.consented", "marketing.own", "ads.personal"):
        record_state(author.pk, f"consent:{purpose}", is_open=True, at=NOW)
    publish(folder, ('reg_no = "42103109986"', 'reg_no = "40003000000"'))

    assert lapse_consents(EFFECTIVE) == 3
    assert open_consents() == set()


@pytest.mark.tenant("kic")
def test_a_choice_about_cookies_is_asked_anew_when_its_purpose_has_another_controller(
    folder: Folder,
) -> None:
    register = register_of(in_force(NOW).policy)
    publish(folder, ('reg_no = "LV-00000000000"', 'reg_no = "LV-40003000000"'))

    assert register_of(in_force(EFFECTIVE - timedelta(seconds=1)).policy).version == (
        register.version
    )
    assert register_of(in_force(EFFECTIVE).policy).version != register.version
