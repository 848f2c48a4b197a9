"""A copy of one's data, from outside: everything is in it, and nobody else is."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from skola.ground import clock
from skola.ground.files.api import erase_objects
from skola.ground.files.storage import names_of
from skola.ground.people.models import Person
from skola.ground.people.tests import make
from skola.ground.tenants.api import inside
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import Hold
from skola.promises.rights.access.archive import write_archive
from skola.promises.rights.access.pages import LONGEST
from skola.services.desk.models import Message
from skola.services.hiring.actions import withdraw
from skola.services.hiring.models import Application
from tests.promises.keeping import keeps
from tests.promises.marking import (
    AT,
    Marked,
    everywhere,
    mark,
    owed_to,
    rows_of,
    written_by,
)


@pytest.fixture(autouse=True)
def standing() -> Iterator[None]:
    with clock.standing_at(AT):
        yield


@pytest.fixture
def elsewhere(tenant: Tenant, now: datetime) -> Tenant:
    """Another controller with a policy of its own."""
    from conftest import make_tenant

    return make_tenant("ilearn" if tenant.slug != "ilearn" else "ema", now)


def copy_of(person: Person, **options: Any) -> dict[str, bytes]:
    """Everything in a person's archive, by name."""
    out = io.BytesIO()
    write_archive(person.pk, out, language="en", now=AT, **options)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(copy: dict[str, bytes]) -> str:
    return b"\n".join(copy.values()).decode("utf-8", "replace")


def tokens_in(copy: dict[str, bytes], marks: set[Marked]) -> set[str]:
    text = text_of(copy)
    return {each.token for each in marks if each.token in text}


@keeps("ilearn-23.a", "kic-rights-access")
@pytest.mark.parametrize(
    "tenant",
    [
        pytest.param("ilearn", marks=pytest.mark.tenant("ilearn")),
        pytest.param("kic", marks=pytest.mark.tenant("kic")),
        pytest.param("ema", marks=pytest.mark.tenant("ema")),
        pytest.param("learnifier", marks=pytest.mark.tenant("learnifier")),
        pytest.param("ekool", marks=pytest.mark.tenant("ekool")),
    ],
    indirect=True,
)
def test_a_copy_holds_every_marker_of_its_person_and_nobody_elses(
    tenant: Tenant, elsewhere: Tenant
) -> None:
    agent, neighbour = make.person(given_name="Agent"), make.person(given_name="Neighbour")
    person = everywhere(agent)
    marks = mark(person) | mark(agent) | mark(neighbour)
    with inside(elsewhere.pk):
        helper = make.person()
        stranger = everywhere(helper)
        marks |= mark(stranger)
    owed = owed_to(person, marks)
    assert {one.table for one, keys in rows_of(person) if not keys} == set()

    copy = copy_of(person)

    assert tokens_in(copy, marks) == owed
    assert len(owed) > 100
    others = (agent, neighbour, stranger, helper)
    assert [each for each in others if str(each.pk) in text_of(copy)] == []


@pytest.mark.tenant("ilearn")
def test_who_handles_others_gets_what_they_wrote_and_nothing_of_whom_they_handled(
    tenant: Tenant,
) -> None:
    agent = make.person(given_name="Agent")
    person = everywhere(agent)
    marks = mark(person) | mark(agent)
    written = written_by(agent, marks)

    copy = copy_of(agent)

    assert tokens_in(copy, marks) == owed_to(agent, marks) | written
    assert {each.column for each in marks if each.token in written} >= {"body", "text", "powers"}
    calls = [json.loads(line) for line in copy["data/call_log.jsonl"].splitlines()]
    assert [(one["you_are"], one["agent_id"], one["number"]) for one in calls] == [
        ("staff", str(agent.pk), None)
    ]
    assert str(person.pk) not in text_of(copy)


@pytest.mark.tenant("ilearn")
def test_what_may_be_taken_along_is_structured_and_provided_by_the_person(tenant: Tenant) -> None:
    person = everywhere(make.person())
    marks = mark(person)

    copy = copy_of(person, portability=True)

    parts = {"data", "learning", "profile.json", "README.txt", "manifest.json"}
    assert {name.partition("/")[0] for name in copy} == parts
    kinds = {name.removeprefix("data/").partition(".")[0] for name in copy if name[:5] == "data/"}
    assert {"identity", "contact", "learning", "contract"} <= kinds
    assert not kinds & {"audit", "security_log", "call_recording"}
    assert tokens_in(copy, marks) < owed_to(person, marks)
    assert json.loads(copy["manifest.json"])["kind"] == "portability"


@pytest.mark.tenant("ilearn")
def test_every_line_is_what_its_schema_says(tenant: Tenant) -> None:
    person = everywhere(make.person())

    copy = copy_of(person)

    for name in [each for each in copy if each.endswith(".jsonl")]:
        schema = json.loads(copy[name.replace(".jsonl", ".schema.json")])
        check = jsonschema.Draft202012Validator(schema)
        for line in copy[name].splitlines():
            assert list(check.iter_errors(json.loads(line))) == []


@pytest.mark.tenant("ilearn")
def test_originals_are_in_the_copy_as_they_were_stored(tenant: Tenant) -> None:
    person = everywhere(make.person())

    copy = copy_of(person)

    originals = {name.rpartition("-")[2]: data for name, data in copy.items() if "files/" in name}
    assert set(originals) == {"own.txt", "call.wav", "cv.pdf", "camera.webm"}
    assert originals["own.txt"] == b"What I wrote myself."


@pytest.mark.tenant("ilearn")
def test_the_pages_say_when_things_go_and_what_goes_along(tenant: Tenant) -> None:
    person = everywhere(make.person())
    Hold.objects.filter(person=person).delete()

    page = copy_of(person)["index.html"].decode()

    assert "It goes with the record that it belongs to: Invoice." in page
    assert "3 March 2031" in page
    assert "Data State Inspectorate" in page


@keeps("ema-3.1.9")
@pytest.mark.tenant("ema")
def test_files_and_notes_of_an_application_are_in_the_copy_and_gone_with_it(
    tenant: Tenant,
) -> None:
    person = everywhere(make.person())
    application = Application.objects.get(person=person)
    names = set(names_of(str(tenant.pk)))
    before = copy_of(person)
    cv = [data for name, data in before.items() if name.endswith("-cv.pdf")]
    assert len(cv) == 1
    assert cv[0].startswith(b"%PDF")
    assert "Good" in before["data/candidate.jsonl"].decode()
    held = application.documents.get().file.stored_as

    withdraw(application, by="test", now=AT)
    erase_objects(now=AT)

    assert set(names_of(str(tenant.pk))) == names - {held}
    assert not [name for name in copy_of(person) if name.endswith("-cv.pdf")]
    assert "Good" not in text_of(copy_of(person))


@pytest.mark.tenant("ilearn")
def test_a_huge_value_is_whole_in_the_data_and_short_on_the_page(tenant: Tenant) -> None:
    person = everywhere(make.person())
    huge = "ķ" * 3_000_000
    Message.objects.filter(enquiry__person=person, author=None).update(body=huge)
    Message.objects.filter(enquiry__person=person, author=person).update(body=huge)

    copy = copy_of(person)

    bodies = [json.loads(line).get("body") for line in copy["data/enquiry.jsonl"].splitlines()]
    assert huge in bodies
    page = copy["index.html"].decode()
    assert "ķ" * LONGEST + "…" in page
    assert "ķ" * (LONGEST + 1) not in page
