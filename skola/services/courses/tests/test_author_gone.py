"""A course outlives its author where the policy says so (``authored``, ilearn-20.a)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from skola.ground.files.api import StoredFile, store
from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.ground.tenants.api import Tenant
from skola.promises.retention.api import sweep
from skola.services.courses import authoring, uploads
from skola.services.courses.models import Course, Lesson
from skola.services.courses.tests import make

TWO_YEARS = timedelta(days=800)
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n"


@pytest.mark.tenant("ilearn")
def test_a_course_stays_without_its_author(tenant: Tenant, client: Client) -> None:
    author = person(given_name="Anna", family_name="Autore", created_at=make.NOW)
    course = make.course(author=author)
    upload = SimpleUploadedFile("words.vtt", CAPTIONS)
    kept = store(
        upload, kind=uploads.LESSON_CAPTIONS, person_id=author.pk, by="system", now=make.NOW
    )
    Lesson.objects.filter(pk=course.lessons.all()[0].pk).update(captions=kept)

    for days in (0, 1, 2):
        sweep(now=make.NOW + TWO_YEARS + timedelta(days=days))

    course.refresh_from_db()
    assert course.author is None
    assert (course.state, course.lessons.count()) == (Course.State.PUBLISHED, 3)
    assert course.lessons.get(captions__isnull=False).captions_id == kept.pk
    assert StoredFile.objects.get(pk=kept.pk).person is None
    assert StoredFile.objects.get(pk=kept.pk).object_key is not None


@pytest.mark.tenant("ilearn")
def test_pages_of_a_course_without_author(tenant: Tenant, client: Client) -> None:
    course = make.course()
    Course.objects.update(author=None)

    for address in ("/courses/", f"/courses/{course.slug}/"):
        page = client.get(address)
        assert page.status_code == 200
        assert course.title in page.content.decode()
        assert "Autore" not in page.content.decode()


def test_the_course_stays_when_the_person_is_deleted(tenant: Tenant) -> None:
    course = make.course()
    assert course.author is not None
    gone = Person.objects.filter(pk=course.author.pk)
    assert gone._raw_delete(gone.db) == 1  # the database follows its keys, whatever Django thinks

    course.refresh_from_db()
    assert course.author is None
    authoring.archive(course, by="system", now=make.NOW)
    assert course.state == Course.State.ARCHIVED
