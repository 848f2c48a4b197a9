"""Certificates of courses: given by a rule, checked by everybody, made anew in a corrected name."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Mail
from skola.ground.tenants.models import Tenant
from skola.promises.disclosures.models import Telling
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.documents.models import Document
from skola.services.exams.tests import make as exams
from tests.promises.asking import ask, decide, text
from tests.promises.disclosing import Office
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, signed_in, staff

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.tenant("ilearn"),
    pytest.mark.usefixtures("standing"),
]


def said(tenant: Tenant, document: Document) -> str:
    """What the check page says to whoever asks, without its form."""
    told = {"number": document.label, "code": document.code}
    page = browser(tenant).get(reverse("documents:check"), told).content.decode()
    notice = page.partition("<main")[2].partition("</header>")[2].partition("<form")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", notice).split())


def finish(who: Client, course: Course) -> None:
    """Take a course and mark all its lessons as done."""
    who.post(reverse("courses:enrol", args=[course.slug]))
    for lesson in courses.lessons_of(course):
        place = reverse("courses:complete", args=[course.slug, lesson.slug])
        assert who.post(place, {"done": "yes"}).status_code == 302


def offer(author: Client, course: Course, **more: object) -> int:
    """The author says that the course gives certificates; the status."""
    terms = {"hours": 8, "signatory": "Anna Autore", "valid_months": "", "exam": "", **more}
    return author.post(reverse("certificates:rule", args=[course.slug]), terms).status_code


@keeps("ilearn-23.b")
def test_a_corrected_name_offers_the_certificate_anew_and_is_told_to_earlier_recipients(
    tenant: Tenant,
) -> None:
    """Who was given the name is told old and new; who was given nothing learns nothing."""
    author, ilze = customer("anna@example.org"), customer().person
    course = courses.course(author=author.person)
    mine = signed_in(tenant, "ilze@example.org")
    assert offer(signed_in(tenant, author.email), course) == 302
    finish(mine, course)
    old = Document.objects.get(person=ilze)
    assert "Valid" in said(tenant, old)
    other = courses.course(author=author.person, title="Knots")
    offer(signed_in(tenant, author.email), other)
    neighbour = signed_in(tenant, customer("jana@example.org").email)
    finish(neighbour, other)
    officer = staff("officer")
    office = Office(signed_in(tenant, officer.email))
    parties = {
        name: office.party("recipient.by-consent", f"SIA {name}", email=f"{name}@recipient.example")
        for name in ("first", "second", "other")
    }
    for name in ("first", "second"):
        place = f"/account/privacy/sharing/{parties[name].pk}/consents/"
        assert mine.post(place).status_code == 302
        assert office.pass_on(parties[name], ilze, ground="consent").status_code == 200
    assert mine.post(reverse("documents:own-reissues", args=[old.pk])).status_code == 404

    asked = ask(mine, "rectification", words="I am Kalniņa-Ozola since I married.")
    assert decide(office.who, asked, "granted", family_name="Kalniņa-Ozola") == 302

    told = Telling.objects.filter(case=asked.pk).values_list("party__name", "what")
    assert set(told) == {("SIA first", "rectification"), ("SIA second", "rectification")}
    for name in ("first", "second"):
        letter = Mail.objects.get(address=f"{name}@recipient.example").text
        assert re.findall("[„“]([^”“]+)[”“]", letter)[:2] == ["Kalniņa", "Kalniņa-Ozola"]
    assert not Mail.objects.filter(address="other@recipient.example").exists()
    assert "in the old name" in text(mine, reverse("documents:own"))
    assert "in the old name" not in text(neighbour, reverse("documents:own"))
    again = reverse("documents:own-reissues", args=[old.pk])
    assert neighbour.post(again).status_code == 404
    assert mine.post(again).status_code == 302
    assert mine.post(again).status_code == 404  # twice makes no second one
    made = Document.objects.get(person=ilze, annulled_at=None)
    assert (made.holder, made.replaces, made.title) == ("Ilze Kalniņa-Ozola", old, course.title)
    assert "Annulled" in said(tenant, old)
    assert "Valid" in said(tenant, made)
    assert "in the old name" not in text(mine, reverse("documents:own"))
    assert Entry.objects.filter(kind="documents.reissue.offered").count() == 1


def test_a_certificate_asks_for_lessons_and_exam_expires_and_comes_anew(tenant: Tenant) -> None:
    """Neither alone gives it; the check page says how it stands and nothing about whose it is."""
    author, ilze = customer("anna@example.org"), customer().person
    course, exam = courses.course(author=author.person), exams.exam(at=AT)
    makes, mine = signed_in(tenant, author.email), signed_in(tenant, "ilze@example.org")
    stranger = signed_in(tenant, customer("jana@example.org").email)
    place = reverse("certificates:rule", args=[course.slug])
    assert "Certificate of the course" in text(makes, reverse("courses:edit", args=[course.slug]))
    assert offer(makes, course, hours=0) == 422
    assert offer(makes, course, exam=str(exam.pk), valid_months=12) == 302
    assert stranger.get(place).status_code == 404
    assert "ends with a certificate" in text(
        stranger, reverse("courses:course", args=[course.slug])
    )

    finish(mine, course)
    asks = reverse("certificates:course", args=[course.slug])
    assert asks in text(mine, reverse("courses:course", args=[course.slug]))
    page = text(mine, asks)
    assert "The exam “Beekeeping”" in page
    assert "not yet" in page
    assert not Document.objects.exists()
    exams.marked(exams.finished(ilze, on=exams.date(exam, starts_at=AT), at=AT), at=AT)
    made = Document.objects.get()
    assert (made.person, made.title, made.hours) == (ilze, course.title, 8)
    assert said(tenant, made) == "Done: Valid This document was issued here, and is valid."
    own = reverse("certificates:certificate", args=[made.pk])
    assert mine.get(asks)["Location"] == own
    assert made.code in text(mine, own)
    assert stranger.get(own).status_code == 404
    file = mine.get(reverse("documents:own-file", args=[made.pk]))
    assert file.content.startswith(b"%PDF")

    with clock.standing_at(AT.replace(year=AT.year + 1)):
        assert "Valid" in said(tenant, made)
    with clock.standing_at(AT.replace(year=AT.year + 1) + timedelta(days=1)):
        assert "Expired" in said(tenant, made)
    offer(makes, course, exam=str(exam.pk), valid_months=12)  # saved again: all hold theirs
    assert Document.objects.count() == 1
    makes.post(reverse("certificates:removals", args=[course.slug]))
    assert mine.get(asks).status_code == 404
    assert "Valid" in said(tenant, made)
