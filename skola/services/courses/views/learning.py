"""Finding courses, and taking them."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.api import guarded_by
from skola.ground.people.http import signed_in
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE, render_block
from skola.promises.cookies import api as cookies
from skola.promises.policy.api import has, needs
from skola.services.courses import actions, queries
from skola.services.courses.access import is_author, is_taking, may_author, may_read, may_see
from skola.services.courses.beside import said_beside
from skola.services.courses.forms import AnswersForm, CompletionForm, PlaceForm, SearchForm
from skola.services.courses.models import Attempt, Lesson
from skola.services.courses.queries import Contents, Page
from skola.services.courses.rules import LONGEST_TAG, Step, blocks_of, player_of, tags_in
from skola.services.visits import api as visits

CARDS_A_PAGE = 24
LOOKED_LATELY = timedelta(minutes=5)
"""A lesson opened again within this time is no new look at it."""

TAKING = ("courses.catalogue", "courses.take")


@needs(*TAKING)
@require_safe
def catalogue(request: TenantRequest) -> HttpResponse:
    """Somebody looks for a course; where there is no public catalogue, only those signed in."""
    now = clock.now()
    if not request.person and not has("courses.catalogue", now=now):
        return redirect_to_login(request.get_full_path())
    form = SearchForm(request.GET, languages=queries.languages_in_catalogue())
    asked = form.cleaned_data if form.is_valid() else {}
    tag = _tag_asked(request, now)
    found = queries.catalogue(words=asked.get("q", ""), language=asked.get("language", ""), tag=tag)
    looked = [] if tag or any(asked.values()) else visits.looked_at(request, now=now)
    first = visits.suited(looked, queries.offered()) if looked else []
    page = Paginator(queries.with_first(found, first), CARDS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "courses/catalogue.html",
        {
            "form": form,
            "page": page,
            "asked": bool(tag) or any(asked.values()),
            "tag": tag,
            "languages": dict(settings.LANGUAGES),
            "may_author": may_author(request, now=now),
            "first": first,
            "looked": looked,
        },
    )


def _tag_asked(request: TenantRequest, now: datetime) -> str:
    """Return the tag by which somebody looks for courses, and count that it was used."""
    asked = tags_in(request.GET.get("tag", "")[:LONGEST_TAG])
    if not asked or not has(visits.TAGS, now=now):
        return ""
    if not queries.catalogue(tag=asked[0]).exists():
        return asked[0]
    visits.tally(visits.Tally.Kind.TAG, asked[0], now=now)
    return asked[0]


def _found(request: TenantRequest, slug: str, *, text_of: str = "") -> Contents:
    person = request.person or None
    if person is None and not has("courses.catalogue", now=clock.now()):
        raise Http404
    found = queries.contents(slug, person=person, text_of=text_of)
    if found is None or not may_see(found, person):
        raise Http404
    return found


@needs(*TAKING)
@require_safe
def course(request: TenantRequest, slug: str) -> HttpResponse:
    """Somebody reads what a course is about, and what is in it."""
    found, now = _found(request, slug), clock.now()
    here = reverse("courses:course", args=[slug])
    answer = render(
        request,
        "courses/course.html",
        {
            "found": found,
            "course": found.course,
            "languages": dict(settings.LANGUAGES),
            "is_author": is_author(found, request.person),
            "can_enrol": has("courses.take", now=now)
            and found.course.state == "published"
            and not found.course.needs_seat,
            "is_open": is_author(found, request.person) or is_taking(found, now),
            "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': here})}",
            "sign_up_url": _sign_up(here),
            "sold_at": _sold_at(found.course, now),
            "tags": found.course.tag_words if has(visits.TAGS, now=now) else [],
            "answers": _may_feel(request, found, now),
            "beside": said_beside(found.course, request.person or None, now),
        },
    )
    if found.course.state == "published":
        visits.note_look(request, answer, visits.Looked(slug, found.course.title))
    return answer


FELT = "felt"
"""In the session: of which courses its owner said already whether they are useful."""


def _may_feel(request: TenantRequest, found: Contents, now: datetime) -> dict[str, str] | None:
    """What the visitor may say of a course they take; empty once said; None where not asked."""
    if not found.enrolment or not has(visits.TAGS, now=now):
        return None
    return {} if found.course.slug in request.session.get(FELT, []) else visits.answers()


@needs(visits.TAGS)
@require_POST
@signed_in
def feel(request: TenantRequest, slug: str) -> HttpResponse:
    """A learner says whether a course is useful: it is counted, without them (learnifier-5.n)."""
    found, now, answer = _found(request, slug), clock.now(), request.POST.get("answer", "")
    allowed = _may_feel(request, found, now)
    if allowed is None:
        raise Http404
    if answer in allowed:
        visits.tally(visits.Tally.Kind.FEEDBACK, found.course.title, answer, now=now)
        request.session[FELT] = [*request.session.get(FELT, []), slug]
    return redirect("courses:course", slug)


def _sold_at(course: Any, now: datetime) -> str:
    """Where a course with a price is ordered; the shop knows whether it has one."""
    if not course.needs_seat or not has("shop.orders", now=now):
        return ""
    return f"{reverse('shop:shop')}?{urlencode({'course': course.slug})}"


def _sign_up(here: str) -> str:
    if not has("account.sign_up", now=clock.now()):
        return ""
    return f"{reverse('account_signup')}?{urlencode({'next': here})}"


@needs("courses.take")
@require_POST
@signed_in
def enrol(request: TenantRequest, slug: str) -> HttpResponse:
    """A person begins a course and is led to its first lesson."""
    found = _found(request, slug)
    person = request.person
    assert person is not None
    try:
        actions.enrol(found.course, person, by=by(request), now=clock.now())
    except actions.NotOpenError:
        raise Http404 from None
    return _onward(found)


def _onward(found: Contents) -> HttpResponse:
    if found.next is None:
        return redirect("courses:course", found.course.slug)
    return redirect("courses:lesson", found.course.slug, found.next.lesson.slug)


@needs("courses.take")
@require_safe
@signed_in
def go_on(request: TenantRequest, slug: str) -> HttpResponse:
    """A learner comes back: on to the lesson where they stopped."""
    found = _found(request, slug)
    if not is_taking(found, clock.now()):
        return redirect("courses:course", slug)
    return _onward(found)


@needs(*TAKING)
@require_safe
def lesson(request: TenantRequest, slug: str, lesson: str) -> HttpResponse:
    """Somebody reads a lesson. Without an enrolment it is refused, unless it is a preview."""
    found = _found(request, slug, text_of=lesson)
    page = found.page(lesson)
    if page is None:
        raise Http404
    if not may_read(found, lesson, request.person, clock.now()):
        context = {"found": found, "course": found.course, "page": page}
        return render(request, "courses/refused.html", context, status=403)
    _note_look(found, page)
    return render(request, "courses/lesson.html", _lesson_context(request, found, page))


def _lesson_context(request: TenantRequest, found: Contents, page: Page) -> dict[str, object]:
    before, after = found.neighbours(page)
    now, exercise = clock.now(), {}
    if page.lesson.kind == Lesson.Kind.EXERCISE and found.enrolment is not None:
        exercise = _exercise(page.lesson, queries.latest_attempt(found.enrolment, page.lesson))
    return {
        "found": found,
        "course": found.course,
        "page": page,
        "lesson": page.lesson,
        "taking": is_taking(found, now),
        "parts": _parts(request, getattr(page.lesson, "body", "")),
        **exercise,
        "before": before,
        "after": after,
    }


def _parts(request: TenantRequest, text: str) -> list[tuple[str, cookies.Embed | None, str]]:
    """Return a text in parts: words, or content of another site and where a click loads it."""
    found: list[tuple[str, cookies.Embed | None, str]] = []
    for number, (words, is_address) in enumerate(blocks_of(text), 1):
        place = f"?{cookies.LOAD}={number}#part-{number}"
        clicked = request.GET.get(cookies.LOAD) == str(number)
        address = player_of(words) if is_address else ""
        shown = cookies.embed(request, address, clicked=clicked) if address else None
        found.append((words, shown, place))
    return found


def _exercise(lesson: Lesson, last: Attempt | None) -> dict[str, object]:
    """Return the form of an exercise, and how it was answered the last time, question by question.

    Answers to questions that were changed since are not shown.
    """
    asked = lesson.asked
    fits = last is not None and len(last.answers) == len(asked)
    shown = []
    for place, one in enumerate(asked):
        chosen = last.answers[place] if last is not None and fits else None
        told = one.options[chosen] if chosen is not None and chosen < len(one.options) else ""
        shown.append((one, told, chosen == one.right))
    return {"form": AnswersForm(questions=asked), "last": last if fits else None, "told": shown}


@needs("courses.take")
@require_POST
@signed_in
def attempt(request: TenantRequest, slug: str, lesson: str) -> HttpResponse:
    """A learner does an exercise, and sees at once what was right (ema-1.1.4)."""
    found, now = _found(request, slug, text_of=lesson), clock.now()
    page = found.page(lesson)
    if page is None or found.enrolment is None or not is_taking(found, now):
        raise Http404
    form = AnswersForm(request.POST, questions=page.lesson.asked)
    if page.lesson.kind != Lesson.Kind.EXERCISE or not form.is_valid():
        return HttpResponseBadRequest()
    actions.answer(found.enrolment, page.lesson, form.answers, by=by(request), now=now)
    return redirect(f"{reverse('courses:lesson', args=[slug, lesson])}#answers")


@needs("courses.take")
@require_safe
@signed_in
def history(request: TenantRequest) -> HttpResponse:
    """A learner sees every exercise they did, when and how (ema-1.1.4)."""
    person = request.person
    assert person is not None
    found = Paginator(queries.attempts_of(person), ROWS_A_PAGE)
    page = found.get_page(request.GET.get("page"))
    return render(request, "courses/history.html", {"page": page})


@needs("courses.take")
@require_safe
@signed_in
def child(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A proven guardian sees what a child takes, and every result, while the link runs.

    Who is none, or not proven yet, or no more, finds nothing there (ilearn-11.d).
    """
    assert request.person is not None
    links = guarded_by(request.person, now=clock.now())
    link = next((one for one in links if one.child_id == pk and "see" in one.powers), None)
    if link is None:
        raise Http404
    found = Paginator(queries.attempts_of(link.child), ROWS_A_PAGE)
    context = {
        "child": link.child,
        "taken": queries.taken_by(link.child),
        "page": found.get_page(request.GET.get("page")),
    }
    return render(request, "courses/child.html", context)


def _note_look(found: Contents, page: Page) -> None:
    now = clock.now()
    if found.enrolment is None or found.enrolment.is_locked(now):
        return
    known = found.seen.get(page.lesson.pk)
    last = max((one.last_at for one in found.seen.values()), default=None)
    if known is None or known.last_at != last or now - known.last_at > LOOKED_LATELY:
        actions.look_at(found.enrolment, page.lesson, now=now)
        if page.step is Step.AHEAD:
            page.step = Step.BEGUN


@needs("courses.take")
@require_POST
@signed_in
def complete(request: TenantRequest, slug: str, lesson: str) -> HttpResponse:
    """A learner marks a lesson as done, or as not done after all."""
    form = CompletionForm(request.POST)
    found = _found(request, slug, text_of=lesson)
    page = found.page(lesson)
    now = clock.now()
    if page is None or found.enrolment is None or not is_taking(found, now):
        raise Http404
    if not form.is_valid():
        return HttpResponseBadRequest()
    done = form.cleaned_data["done"]
    if done and page.lesson.kind == Lesson.Kind.EXERCISE:
        return HttpResponseBadRequest()
    actions.complete(found.enrolment, page.lesson, done=done, by=by(request), now=now)
    page.step, page.done_at = (Step.DONE, now) if done else (Step.BEGUN, None)
    if getattr(request, "htmx", False):
        context = _lesson_context(request, found, page)
        return HttpResponse(render_block("courses/lesson.html", "state", context, request))
    _before, after = found.neighbours(page)
    if done and form.cleaned_data["onward"]:
        if after is not None:
            return redirect("courses:lesson", slug, after.lesson.slug)
        return redirect("courses:course", slug)
    return redirect("courses:lesson", slug, lesson)


@needs("courses.take")
@require_POST
@signed_in
def remember_place(request: TenantRequest, slug: str, lesson: str) -> HttpResponse:
    """The player tells where a video was stopped."""
    form = PlaceForm(request.POST)
    found = _found(request, slug)
    page = found.page(lesson)
    if page is None or found.enrolment is None or not is_taking(found, clock.now()):
        raise Http404
    if not form.is_valid():
        return HttpResponseBadRequest()
    actions.remember_place(
        found.enrolment, page.lesson.pk, seconds=form.cleaned_data["seconds"], now=clock.now()
    )
    return HttpResponse(status=204)


@needs("courses.take")
@require_safe
@signed_in
def mine(request: TenantRequest) -> HttpResponse:
    """A learner sees what to go on with, and what is done."""
    person = request.person
    assert person is not None
    taken, now = queries.taken_by(person), clock.now()
    under_way = [one for one in taken if one.enrolment.finished_at is None and one.is_open(now)]
    over = [one for one in taken if one not in under_way]
    return render(
        request,
        "courses/mine.html",
        {
            "now_what": under_way[0] if under_way else None,
            "under_way": under_way[1:],
            "over": over,
            "wards": [one.child for one in guarded_by(person, now=now) if "see" in one.powers],
            "clock": taken[0].enrolment if taken else None,
        },
    )


@needs("courses.take")
@signed_in
def leave(request: TenantRequest, slug: str) -> HttpResponse:
    """A learner gives a course up: asked once, then the enrolment and its progress are deleted."""
    found = _found(request, slug)
    if found.enrolment is None or found.enrolment.until_at is not None:
        raise Http404
    if request.method == "POST":
        actions.leave(found.enrolment, by=by(request), now=clock.now())
        return redirect("courses:mine")
    return render(request, "courses/leave.html", {"found": found, "course": found.course})
