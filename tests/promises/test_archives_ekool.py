"""A school year goes to the archive service sealed, comes back the same, and ends with its term."""

import hashlib
import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.files.api import erase_objects, object_names, sealed_object
from skola.ground.people.models import Account
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.models import Disclosure
from skola.promises.retention.api import clock_missing, sweep
from skola.services.archives.actions import settle
from skola.services.archives.models import Package
from skola.services.archives.packing import TABLES
from skola.services.archives.tests.make import OVER
from skola.services.diary import actions as diary_actions
from skola.services.diary.models import Absence, AbsenceNote, Assessment, Lesson
from skola.services.diary.tests import make as diary
from skola.services.school import actions as school_actions
from skola.services.school.models import Pupil
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY
from tests.promises.disclosing import Office
from tests.promises.keeping import keeps
from tests.promises.people import customer, signed_in, staff

pytestmark = [pytest.mark.django_db, pytest.mark.tenant("ekool")]
PAPERS = ("agreement", "rules", "organisational", "physical", "technical")


def a_year() -> diary.World:
    """Two pupils with marks, one of them changed, an absence, a note, and a lesson."""
    world = diary.world()
    lesson = diary.lesson(world)
    first, second = world.pupils
    test = diary.assessment(world)
    diary.mark(world, first, "4", of=test)
    diary_actions.give_mark(
        test, first, "5", reason="Counted anew", author=world.teacher, by="teacher", now=A_DAY
    )
    diary.mark(world, second, "3", of=test)
    diary_actions.note_absences(world.slot, lesson.on, {second.pk: ("late", 7)}, by="t", now=A_DAY)
    diary.note(first, schools.guardian(first.person))
    return world


def rows() -> dict[str, list[Any]]:
    """Everything of the year, as the database has it."""
    found = {}
    with connection.cursor() as cursor:
        for model, _way in TABLES:
            table = model._meta.db_table
            cursor.execute(f"select to_jsonb(one) - 'due_at' from \"{table}\" one order by id")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def shown(tenant: Tenant, world: diary.World) -> str:
    """The journal as its teacher sees it."""
    who = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    who.force_login(Account.objects.get(person=world.teacher))
    page = who.get(reverse("diary:journal", args=[world.group.pk])).content.decode()
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def send(who: Client, package: Package, sealed: bytes) -> str:
    """Send a package back; what the page says."""
    place = reverse("archives:restorations", args=[package.pk])
    upload = SimpleUploadedFile("package.sealed", sealed)
    page = who.post(place, {"package": upload}).content.decode()
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def head_of(tenant: Tenant, world: diary.World) -> Client:
    """Who runs the school, signed in."""
    head = customer("head@example.org").person
    school_actions.name_administrator(world.school, head, by="staff", now=A_DAY)
    return signed_in(tenant, "head@example.org")


@keeps("ekool-5.2.3")
def test_a_year_is_packed_with_a_checksum_restored_the_same_and_deleted_at_its_term(
    tenant: Tenant,
) -> None:
    with clock.standing_at(A_DAY):
        world = a_year()
        who = head_of(tenant, world)
        year = world.school_class.year
        refused = who.post(reverse("archives:packages", args=[year.pk]))
        assert refused.status_code == 409
        assert "still runs" in refused.content.decode()
    with clock.standing_at(OVER):
        who = signed_in(tenant, "head@example.org")
        before, journal = rows(), shown(tenant, world)
        assert "Mari 00" in journal
        assert who.post(reverse("archives:packages", args=[year.pk])).status_code == 302
        package = Package.objects.get()
        page = reverse("archives:package", args=[package.pk])
        assert package.digest in who.get(page).content.decode()

        give = reverse("archives:passings", args=[package.pk])
        office = Office(signed_in(tenant, staff("officer").email))
        party = office.party(
            "processor.archive", "OÜ Arhiiv", "agreement", "rules", country="EE", active=False
        )
        assert office.activate(party).status_code == 422  # the same checklist as of consultants
        assert "No archive service is active." in who.get(page).content.decode()
        assert who.post(give, {"party": str(party.pk)}).status_code == 422
        for kind in PAPERS[2:]:
            assert office.paper(party, kind).status_code == 302
        assert office.activate(party).status_code == 302
        answer = who.post(give, {"party": str(party.pk)})
        assert answer.status_code == 200, re.findall(
            "notice-words.*?</div>", answer.content.decode(), re.S
        )
        sealed = answer.content
        assert hashlib.sha256(sealed).hexdigest() == package.digest
        assert world.pupil.person.family_name.encode() not in sealed
        assert not sealed.startswith(b"PK")
        told = set(Disclosure.objects.values_list("person", "recipient", "digest"))
        people = {one.person_id for one in world.pupils}
        assert told == {(one, "OÜ Arhiiv", package.digest) for one in people}

        receipt = reverse("archives:receipts", args=[package.pk])
        wrong = {"receipt": "A-17", "checksum": "0" * 64}
        assert who.post(receipt, wrong).status_code == 422
        assert who.post(receipt, {**wrong, "checksum": package.digest}).status_code == 302
        assert "A-17" in who.get(page).content.decode()

        Lesson.objects.all().delete()
        Absence.objects.all().delete()
        AbsenceNote.objects.all().delete()
        Assessment.objects.all().delete()
        assert rows() != before
        assert shown(tenant, world) != journal
        torn = sealed[:-1] + bytes([sealed[-1] ^ 1])
        assert "This is not the package" in send(who, package, torn)
        assert rows() != before
        assert "records came back" in send(who, package, sealed)
        assert (rows(), shown(tenant, world)) == (before, journal)
        assert "Nothing lacked" in send(who, package, sealed)
        assert Entry.objects.filter(kind="archives.package.restored").count() == 2

        for one in world.pupils:
            school_actions.leave_class(one, on=schools.LAST, by="school", now=clock.now())
        clock_missing(now=clock.now())
        last = Pupil.objects.aggregate(last=Max("due_at"))["last"]
        assert f"{last.astimezone(schools.TALLINN):%-d %B %Y}" in who.get(page).content.decode()
    with clock.standing_at(last - timedelta(seconds=1)):
        settle(now=clock.now())
        assert Package.objects.get().file is not None
    with clock.standing_at(last + timedelta(seconds=1)):
        sweep(now=clock.now())
        settle(now=clock.now())
        erase_objects(now=clock.now())
        package.refresh_from_db()
        assert package.file is None
        assert package.deleted_at is not None
        assert package.deleted_at.date() == last.date()
        assert list(object_names(str(tenant.pk))) == []
        assert Entry.objects.filter(kind="archives.package.deleted").count() == 1
        who = signed_in(tenant, "head@example.org")
        assert "no copy of it can be read any more" in who.get(page).content.decode()
        assert "was deleted at the end of its term" in send(who, package, sealed)


def test_who_went_is_in_no_package_and_does_not_come_back(tenant: Tenant) -> None:
    with clock.standing_at(OVER):
        world = a_year()
        who = head_of(tenant, world)
        year = world.school_class.year
        who.post(reverse("archives:packages", args=[year.pk]))
        old = Package.objects.get()
        with_both = _sealed(old)

        world.pupil.delete()
        settle(now=clock.now())

        new = Package.objects.get()
        assert (old.pupils, new.pupils) == (2, 1)
        assert "This is not the package" in send(who, new, with_both)
        Assessment.objects.all().delete()
        send(who, new, _sealed(new))
        assert [len(rows()[name]) for name in ("school_pupil", "diary_mark")] == [1, 1]


def _sealed(package: Package) -> bytes:
    assert package.file is not None
    with sealed_object(package.file.stored_as) as found:
        return found.read()
