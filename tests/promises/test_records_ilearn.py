"""A learning record goes along: out of one service as a file, and into another one."""

import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Person
from skola.ground.tenants.api import inside
from skola.ground.tenants.models import Tenant
from skola.promises.rights.access.actions import write_export
from skola.promises.rights.models import Export
from skola.services.certificates.tests import make as certificates
from skola.services.courses.tests import make as courses
from skola.services.exams.tests import make as exams
from skola.services.records.models import Brought, Intake
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, signed_in
from tests.promises.test_access_pages import body, prove

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.tenant("ilearn"),
    pytest.mark.usefixtures("standing"),
]

LATER = AT + timedelta(days=40)
BRING = "/records/bring/"
Files = dict[str, bytes]


@pytest.fixture
def elsewhere(tenant: Tenant) -> Tenant:
    """Another controller with a policy of its own."""
    from conftest import make_tenant

    return make_tenant("learnifier", AT)


def learned(person: Person) -> None:
    """A course with its certificate, an exercise with one answer wrong, and an exam."""
    course = courses.course(title="Mezgli")
    taken = courses.enrolment(course, person, done=2)
    courses.attempt(taken, answers={0: 1, 1: 1}, at=AT)
    type(taken).objects.filter(pk=taken.pk).update(finished_at=AT)
    certificates.certifying(course)
    before = AT - timedelta(days=2)
    sitting = exams.date(exams.exam(at=before), starts_at=before)
    exams.marked(exams.finished(person, on=sitting, at=before), at=before)


def taken_along(who: Client) -> bytes:
    """The file as its person downloads it."""
    assert who.post("/account/copies/", {"kind": "portability"}).status_code == 302
    export = Export.objects.get(ready_at=None)
    write_export(export.pk, now=clock.now())
    there = f"/account/copies/{export.pk}/file/"
    prove(who, there)
    return body(who.get(there))


def unpacked(file: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files) -> bytes:
    """A ZIP with a manifest that fits its content."""
    manifest = json.loads(files["manifest.json"])
    rest = {name: content for name, content in files.items() if name != "manifest.json"}
    manifest["files"] = [
        {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in rest.items()
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**rest, "manifest.json": json.dumps(manifest).encode()}.items():
            archive.writestr(name, content)
    return out.getvalue()


def bring(who: Client, file: bytes, *, contacts: bool = True) -> Any:
    upload = SimpleUploadedFile("portability.zip", file, "application/zip")
    told = {"file": upload, **({"with_contacts": "on"} if contacts else {})}
    return who.post(BRING, told)


def problem(answer: Any) -> str:
    """What the page says is wrong with the file."""
    assert answer.status_code == 422
    found = re.search(r'<a href="#id_file">[^<]*</a>:(.*?)</li>', answer.content.decode())
    return html.unescape(found[1]).strip() if found else ""


def record_in(files: Files) -> list[dict[str, Any]]:
    """The statements of a file, but for who says them; each has them of one person."""
    every = json.loads(files["learning/statements.json"])["statements"]
    assert len({json.dumps(one["actor"]) for one in every}) == 1
    return [{key: value for key, value in one.items() if key != "actor"} for one in every]


def badges_in(files: Files) -> set[bytes]:
    return {content for name, content in files.items() if name.startswith("learning/badges/")}


@keeps("ilearn-23.f")
def test_profile_and_learning_record_are_equal_at_the_other_service(
    tenant: Tenant, elsewhere: Tenant
) -> None:
    """Exported by one tenant, brought to another by hand of the person, and exported there."""
    ilze = customer().person
    contacts = {"phone": "+371 20000001", "address": "Brīvības iela 1, Rīga"}
    Person.objects.filter(pk=ilze.pk).update(**contacts)
    learned(ilze)
    neighbour = customer("jana@example.org").person
    learned(neighbour)
    file = taken_along(signed_in(tenant, "ilze@example.org"))
    given = unpacked(file)
    verbs = [one["verb"]["id"].rpartition("/")[2] for one in record_in(given)]
    assert sorted(verbs) == [
        "attempted",
        "completed",
        "completed",
        "completed",
        "passed",
        "registered",
    ]
    assert len(badges_in(given)) == 1
    assert str(neighbour.pk) not in file.decode("latin-1")

    with clock.standing_at(LATER), inside(elsewhere.pk):
        customer()
        who = signed_in(elsewhere, "ilze@example.org")
        assert BRING in text(who, reverse("records:record"))
        assert bring(who, file).status_code == 302
        page = text(who, reverse("records:record"))
        there = unpacked(taken_along(who))

        profile = json.loads(there["profile.json"])
        assert profile == json.loads(given["profile.json"])
        assert profile["phone"] == contacts["phone"]
        assert record_in(there) == record_in(given)
        assert badges_in(there) == badges_in(given)
        assert "Mezgli" in page
        assert "from iLearn" in page
        made = Intake.objects.get()
        assert (made.source, made.taken_at.date()) == ("import", LATER.date())
        assert Entry.objects.filter(kind="records.intake.taken").count() == 1
        assert "Everything in this file is here already." in problem(bring(who, file))
        assert Intake.objects.count() == 1
        assert who.post(reverse("records:removals", args=[made.pk])).status_code == 302
        assert "Mezgli" not in text(who, reverse("records:record"))
    assert bring(signed_in(tenant, "ilze@example.org"), file).status_code == 422  # it is from here


def _statement(change: Callable[[dict[str, Any]], object]) -> Callable[[Files], Files]:
    def changed(files: Files) -> Files:
        told = json.loads(files["learning/statements.json"])
        change(told["statements"][0])
        return {**files, "learning/statements.json": json.dumps(told).encode()}

    return changed


def _profile(**values: object) -> Callable[[Files], Files]:
    def changed(files: Files) -> Files:
        told = {**json.loads(files["profile.json"]), **values}
        return {**files, "profile.json": json.dumps(told).encode()}

    return changed


def _manifest(**values: object) -> Callable[[Files], Files]:
    def changed(files: Files) -> Files:
        told = {**json.loads(files["manifest.json"]), **values}
        return {**files, "manifest.json": json.dumps(told).encode()}

    return changed


def _with(name: str, content: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, name: content}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_profile(email="other@example.org"), "of somebody else"),
        (_profile(family_name="Ozola"), "in another name than yours"),
        (_profile(phone="1\n2"), "does not say whose it is"),
        (_profile(role="administrator"), "does not say whose it is"),
        (_statement(lambda one: one["actor"]["account"].update(name="x")), "of somebody else"),
        (_statement(lambda one: one.update(timestamp="2099-01-01T00:00:00+00:00")), "timestamp"),
        (_manifest(kind="access"), "not a file to take along"),
        (_manifest(person="nobody"), "not a file to take along"),
        (_with("learning/statements.json", b"{"), "no JSON"),
        (_with("learning/statements.json", b"[]"), "form of xAPI"),
        (_with("learning/badges/x.jwt", b"a.b.c"), "no Open Badge"),
        (_with("profile.json", b" " * (17 * 2**20)), "larger than it may be"),
        (_with("manifest.json", b"[]"), "not a file to take along"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_refused_with_words(
    tenant: Tenant, change: Callable[[Files], Files], words: str
) -> None:
    ilze = customer().person
    learned(ilze)
    who = signed_in(tenant, "ilze@example.org")
    files = change(unpacked(taken_along(who)))
    broken = b'"kind": "access"' in files["manifest.json"] or files["manifest.json"] == b"[]"
    file = packed(files) if not broken else zipped(files)

    assert words in problem(bring(who, file))
    assert not Intake.objects.exists()
    assert not Brought.objects.exists()


def zipped(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_what_was_changed_after_it_was_made_or_is_somebody_elses_badge_is_refused(
    tenant: Tenant,
) -> None:
    ilze, jana = customer().person, customer("jana@example.org").person
    learned(ilze)
    learned(jana)
    who, other = signed_in(tenant, "ilze@example.org"), signed_in(tenant, "jana@example.org")
    files = unpacked(taken_along(who))
    Export.objects.all().delete()
    theirs = next(iter(badges_in(unpacked(taken_along(other)))))

    for file, words in (
        (zipped(_profile(phone="+371 2")(files)), "was changed after it was made"),
        (packed(_with("learning/badges/x.jwt", theirs)(files)), "of somebody else"),
        (zipped(_with("extra.json", b"{}")(files)), "other things than its list"),
        (b"PK\x03\x04 torn", "no ZIP"),
        (taken_along(other), "another e-mail address"),
    ):
        assert words in problem(bring(who, file))
    assert not Intake.objects.exists()


def test_an_address_that_is_not_confirmed_proves_nothing(tenant: Tenant, elsewhere: Tenant) -> None:
    customer()
    learned(Person.objects.get(email="ilze@example.org"))
    file = taken_along(signed_in(tenant, "ilze@example.org"))
    with inside(elsewhere.pk):
        customer()
        who = signed_in(elsewhere, "ilze@example.org")
        EmailAddress.objects.update(verified=False)

        assert "Confirm that address here first." in problem(bring(who, file))
        assert not Intake.objects.exists()
