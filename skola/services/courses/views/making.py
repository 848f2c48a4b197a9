"""Making courses: every page here is for the course's author only."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import render_block
from skola.promises.policy.api import has
from skola.services.courses import authoring, queries
from skola.services.courses.access import authors
from skola.services.courses.authoring import BadUploadError, NotReadyError
from skola.services.courses.forms import (
    CourseForm,
    LessonForm,
    MoveForm,
    NewLessonForm,
    TitleForm,
)
from skola.services.courses.models import Course, Lesson, Section
from skola.services.courses.queries import Contents
from skola.services.courses.questions import written
from skola.services.courses.wording import gap_words
from skola.services.visits.api import TAGS

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@authors
def made(request: TenantRequest) -> HttpResponse:
    """An author sees the courses they make, and how many learn from them."""
    person = request.person
    assert person is not None
    courses = list(queries.made_by(person).select_related("picture"))
    return render(request, "courses/made.html", {"courses": courses})


@read_or_write
@authors
def new(request: TenantRequest) -> HttpResponse:
    """An author begins a course with one form."""
    person = request.person
    assert person is not None
    initial = {"language": translation.get_language()}
    form = CourseForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        sells_seats=_sells_seats(),
        has_tags=has(TAGS, now=clock.now()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            course = authoring.make_course(person, form.about(), by=by(request), now=clock.now())
        except BadUploadError as refused:
            form.add_error(refused.field, str(refused))
        else:
            return redirect("courses:edit", course.slug)
    status = 422 if form.errors else 200
    return render(request, "courses/new.html", {"form": form}, status=status)


def _sells_seats() -> bool:
    return has("shop.orders", now=clock.now()) and has("workforce.briefings", now=clock.now())


def _own(request: TenantRequest, slug: str, *, text_of: str = "") -> Contents:
    person = request.person
    found = queries.made_course(slug, person, text_of=text_of) if person else None
    if found is None:
        raise Http404
    return found


def _edit_page(
    request: TenantRequest,
    found: Contents,
    *,
    status: int = 200,
    wrong: UUID | str | None = None,
    wrong_form: TitleForm | NewLessonForm | None = None,
) -> HttpResponse:
    """The page of a course in the making, or only its outline for a request by htmx.

    ``wrong`` is where a form was filled wrongly: the id of a section, or ``section`` for a new one.
    """
    context = {
        "found": found,
        "course": found.course,
        "gaps": gap_words(found),
        "wrong": wrong,
        "wrong_form": wrong_form,
        "kinds": Lesson.Kind.choices,
        "certifies": has("documents.education", now=clock.now()),
    }
    if getattr(request, "htmx", False):
        html = render_block("courses/edit.html", "outline", context, request)
        return HttpResponse(html, status=status)
    return render(request, "courses/edit.html", context, status=status)


@require_safe
@authors
def edit(request: TenantRequest, slug: str) -> HttpResponse:
    """An author sees a course with its parts and lessons, and what is missing."""
    return _edit_page(request, _own(request, slug))


@read_or_write
@authors
def describe(request: TenantRequest, slug: str) -> HttpResponse:
    """An author changes title, summary, language or picture."""
    course = _own(request, slug).course
    initial = {
        "title": course.title,
        "summary": course.summary,
        "language": course.language,
        "needs_seat": course.needs_seat,
        "is_shared": course.is_shared,
        "tags": ", ".join(course.tag_words),
    }
    form = CourseForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        has_picture=course.picture_id is not None,
        sells_seats=_sells_seats(),
        has_tags=has(TAGS, now=clock.now()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            authoring.describe_course(course, form.about(), by=by(request), now=clock.now())
        except BadUploadError as refused:
            form.add_error(refused.field, str(refused))
        else:
            return redirect("courses:edit", slug)
    context = {"form": form, "course": course}
    status = 422 if form.errors else 200
    return render(request, "courses/describe.html", context, status=status)


@require_POST
@authors
def add_section(request: TenantRequest, slug: str) -> HttpResponse:
    """An author adds a part."""
    found = _own(request, slug)
    form = TitleForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, found, status=422, wrong="section", wrong_form=form)
    authoring.add_section(found.course, form.cleaned_data["title"], by=by(request), now=clock.now())
    return _done(request, slug)


def _done(request: TenantRequest, slug: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return _edit_page(request, _own(request, slug))
    return redirect("courses:edit", slug)


def _section(found: Contents, pk: UUID) -> Section:
    for section, _ in found.sections:
        if section.pk == pk:
            section.course = found.course
            return section
    raise Http404


@read_or_write
@authors
def rename_section(request: TenantRequest, slug: str, pk: UUID) -> HttpResponse:
    """An author gives a part another title."""
    found = _own(request, slug)
    section = _section(found, pk)
    form = TitleForm(request.POST or None, initial={"title": section.title})
    if request.method == "POST" and form.is_valid():
        authoring.rename_section(
            section, form.cleaned_data["title"], by=by(request), now=clock.now()
        )
        return redirect("courses:edit", slug)
    context = {"form": form, "course": found.course, "section": section}
    status = 422 if form.errors else 200
    return render(request, "courses/section.html", context, status=status)


@require_POST
@authors
def move_section(request: TenantRequest, slug: str, pk: UUID) -> HttpResponse:
    """An author moves a part by one place."""
    section = _section(_own(request, slug), pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    authoring.move_section(section, form.direction_asked(), by=by(request), now=clock.now())
    return _done(request, slug)


@read_or_write
@authors
def remove_section(request: TenantRequest, slug: str, pk: UUID) -> HttpResponse:
    """An author removes a part with its lessons, after being asked."""
    found = _own(request, slug)
    section = _section(found, pk)
    if request.method == "POST":
        authoring.remove_section(section, by=by(request), now=clock.now())
        return redirect("courses:edit", slug)
    pages = next(pages for one, pages in found.sections if one.pk == pk)
    context = {"course": found.course, "section": section, "pages": pages}
    return render(request, "courses/remove.html", context)


@require_POST
@authors
def add_lesson(request: TenantRequest, slug: str, pk: UUID) -> HttpResponse:
    """An author adds a lesson and is led to its page."""
    found = _own(request, slug)
    section = _section(found, pk)
    form = NewLessonForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, found, status=422, wrong=section.pk, wrong_form=form)
    lesson = authoring.add_lesson(section, form.filling(), by=by(request), now=clock.now())
    return redirect("courses:edit_lesson", slug, lesson.slug)


def _lesson(found: Contents, slug: str) -> Lesson:
    page = found.page(slug)
    if page is None:
        raise Http404
    page.lesson.course = found.course
    return page.lesson


@read_or_write
@authors
def edit_lesson(request: TenantRequest, slug: str, lesson: str) -> HttpResponse:
    """An author writes a lesson."""
    found = _own(request, slug, text_of=lesson)
    it = _lesson(found, lesson)
    initial = {
        "title": it.title,
        "text": getattr(it, "body", ""),
        "description": it.description,
        "is_preview": it.is_preview,
        "questions": written(it.asked),
    }
    form = LessonForm(request.POST or None, request.FILES or None, initial=initial, lesson=it)
    if request.method == "POST" and form.is_valid():
        try:
            authoring.change_lesson(it, form.filling(), by=by(request), now=clock.now())
        except BadUploadError as refused:
            form.add_error(refused.field, str(refused))
        else:
            if "look" in request.POST:
                return redirect("courses:lesson", slug, lesson)
            return redirect("courses:edit", slug)
    context = {"form": form, "course": found.course, "lesson": it}
    status = 422 if form.errors else 200
    return render(request, "courses/edit_lesson.html", context, status=status)


@require_POST
@authors
def move_lesson(request: TenantRequest, slug: str, lesson: str) -> HttpResponse:
    """An author moves a lesson by one place, over to the next part where its own ends."""
    it = _lesson(_own(request, slug), lesson)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    authoring.move_lesson(it, form.direction_asked(), by=by(request), now=clock.now())
    return _done(request, slug)


@read_or_write
@authors
def remove_lesson(request: TenantRequest, slug: str, lesson: str) -> HttpResponse:
    """An author removes a lesson, after being asked."""
    found = _own(request, slug)
    it = _lesson(found, lesson)
    if request.method == "POST":
        authoring.remove_lesson(it, by=by(request), now=clock.now())
        return redirect("courses:edit", slug)
    return render(request, "courses/remove.html", {"course": found.course, "lesson": it})


@require_POST
@authors
def publish(request: TenantRequest, slug: str) -> HttpResponse:
    """An author puts the course into the catalogue; the page says what is missing."""
    found = _own(request, slug)
    try:
        authoring.publish(found.course, by=by(request), now=clock.now())
    except NotReadyError:
        return _edit_page(request, found, status=422)
    return redirect("courses:edit", slug)


@require_POST
@authors
def unpublish(request: TenantRequest, slug: str) -> HttpResponse:
    """An author makes the course a draft again."""
    authoring.unpublish(_own(request, slug).course, by=by(request), now=clock.now())
    return redirect("courses:edit", slug)


@require_POST
@authors
def archive(request: TenantRequest, slug: str) -> HttpResponse:
    """An author takes the course out of the catalogue; its learners can go on."""
    found = _own(request, slug)
    if found.course.state != Course.State.PUBLISHED:
        return HttpResponseBadRequest()
    authoring.archive(found.course, by=by(request), now=clock.now())
    return redirect("courses:edit", slug)


@read_or_write
@authors
def delete(request: TenantRequest, slug: str) -> HttpResponse:
    """An author deletes the course, after being asked."""
    found = _own(request, slug)
    if request.method == "POST":
        authoring.delete_course(found.course, by=by(request), now=clock.now())
        return redirect("courses:made")
    return render(request, "courses/remove.html", {"course": found.course})
