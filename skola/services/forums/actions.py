"""Everything that changes forums, one function each."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.ids import uuid7
from skola.ground.people.api import Person, language_of
from skola.ground.people.api import post as send_mail
from skola.promises.policy.api import in_force
from skola.services.courses import api as courses
from skola.services.forums.models import Byline, Forum, Post, Report
from skola.services.forums.rules import Reads

TWICE = timedelta(minutes=2)
"""The same words at the same place within this time are one post: a button pressed twice."""


class TakenError(Exception):
    """The name is somebody else's, or another forum's."""


class WiderError(Exception):
    """What is written would get more readers than it was written for."""


# ---- forums --------------------------------------------------------------------------------------


@transaction.atomic
def open_forum(
    *,
    kind: str,
    name: str,
    about: str,
    rules: str,
    reads: str,
    course: courses.Course | None = None,
    by: str,
    now: datetime,
) -> Forum:
    """Open a place to write in; one with a course is for its people. Raises TakenError."""
    forum = Forum(kind=kind, name=name, about=about, rules=rules, opened_at=now)
    forum.course, forum.reads = course, Reads.COURSE if course is not None else reads
    _save(forum)
    audit.record("forums.forum.opened", target=forum, clause="learnifier-6.a", by=by, at=now)
    return forum


def _save(forum: Forum) -> None:
    try:
        with transaction.atomic():
            forum.save()
    except IntegrityError as problem:
        raise TakenError(_("There is a forum of this name already.")) from problem


@transaction.atomic
def change_forum(
    forum: Forum, *, name: str, about: str, rules: str, reads: str, by: str, now: datetime
) -> None:
    """Change name, rules and readers. One of a course keeps its readers. Raises TakenError.

    Nothing that was written for fewer becomes readable by more: then there have to be no posts.
    """
    forum.name, forum.about, forum.rules = name, about, rules
    if forum.course_id is None:
        if _is_wider(reads, forum.reads) and forum.posts.exists():
            raise WiderError(
                _("People wrote here for fewer readers. Open another forum for more of them.")
            )
        forum.reads = reads
    _save(forum)
    detail = {"reads": forum.reads}
    audit.record("forums.forum.changed", target=forum, by=by, at=now, detail=detail)


def _is_wider(new: str, old: str) -> bool:
    order = list(Reads)
    return order.index(Reads(new)) < order.index(Reads(old))


@transaction.atomic
def close_forum(forum: Forum, *, is_closed: bool, by: str, now: datetime) -> None:
    """Let nobody write here from now on, or let them again; what is written stays."""
    forum.closed_at = now if is_closed else None
    forum.save(update_fields=["closed_at"])
    kind = "forums.forum.closed" if is_closed else "forums.forum.reopened"
    audit.record(kind, target=forum, by=by, at=now)


# ---- posts ---------------------------------------------------------------------------------------


@transaction.atomic
def choose_name(person: Person, name: str, *, by: str, now: datetime) -> None:
    """Choose the name under one's posts, the earlier ones too (learnifier-6.b). Raises TakenError.

    It is nobody else's, so that nobody writes in another's name.
    """
    try:
        with transaction.atomic():
            one, _made = Byline.objects.update_or_create(
                person=person, defaults={"name": name, "chosen_at": now}
            )
    except IntegrityError as problem:
        raise TakenError(_("Somebody else writes under this name. Choose another.")) from problem
    audit.record("forums.name.chosen", target=one, subject=person.pk, by=by, at=now)


@transaction.atomic
def write(
    forum: Forum,
    author: Person,
    *,
    title: str = "",
    body: str,
    topic: UUID | None = None,
    by: str,
    now: datetime,
) -> Post:
    """Write a post, an answer with ``topic``; the same sent twice is one (learnifier-6.a)."""
    same = Post.objects.filter(forum=forum, author=author, title=title, body=body)
    if topic is not None:
        same = same.filter(topic=topic)
    sent = same.filter(written_at__gt=now - TWICE).first()
    if sent is not None:
        return sent
    key = uuid7()
    made = Post.objects.create(
        id=key,
        forum=forum,
        topic=topic or key,
        author=author,
        title=title,
        body=body,
        written_at=now,
    )
    audit.record("forums.post.written", target=made, subject=author.pk, by=by, at=now)
    return made


@transaction.atomic
def edit(post: Post, *, title: str, body: str, by: str, now: datetime) -> None:
    """The author changes what they wrote; readers see that it was changed."""
    post.title, post.body, post.edited_at = title, body, now
    post.save(update_fields=["title", "body", "edited_at"])
    audit.record("forums.post.edited", target=post, subject=post.author_id, by=by, at=now)


@transaction.atomic
def remove(post: Post, *, by: str, now: datetime) -> None:
    """The author takes a post away for good; answers to it stay."""
    audit.record("forums.post.removed", target=post, subject=post.author_id, by=by, at=now)
    post.delete()


# ---- moderation ----------------------------------------------------------------------------------


@transaction.atomic
def report(
    post: Post, reporter: Person, *, reason: str, words: str, by: str, now: datetime
) -> Report:
    """Somebody reports a post; a second time changes nothing."""
    told: dict[str, Any] = {"reason": reason, "words": words, "sent_at": now}
    one, made = Report.objects.get_or_create(post=post, reporter=reporter, defaults=told)
    if made:
        detail = {"reason": reason}
        audit.record(
            "forums.post.reported",
            target=post,
            subject=reporter.pk,
            by=by,
            at=now,
            detail=detail,
        )
    return one


@transaction.atomic
def hide(post: Post, *, because: str, link: str, by: str, now: datetime) -> None:
    """Hide a post from all but its author and who moderates; the author is told why."""
    if post.hidden_at is not None:
        return
    post.hidden_at, post.hidden_because = now, because
    post.save(update_fields=["hidden_at", "hidden_because"])
    _decide(post, Report.Outcome.HIDDEN, now)
    audit.record("forums.post.hidden", target=post, subject=post.author_id, by=by, at=now)
    with translation.override(language_of(post.author)):
        subject = _("A post of yours was hidden")
        text = _("A post of yours was hidden by the moderators. Why: %(because)s") % {
            "because": because
        }
        more = _("You see it here, and what you can do:")
        _tell(post.author, subject, f"{text}\n\n{more}\n{link}\n", now)


@transaction.atomic
def restore(post: Post, *, link: str, by: str, now: datetime) -> None:
    """Show a hidden post again; the author is told."""
    if post.hidden_at is None:
        return
    post.hidden_at, post.hidden_because = None, ""
    post.save(update_fields=["hidden_at", "hidden_because"])
    audit.record("forums.post.restored", target=post, subject=post.author_id, by=by, at=now)
    with translation.override(language_of(post.author)):
        subject = _("A post of yours is shown again")
        text = _("The moderators show a post of yours again that was hidden:")
        _tell(post.author, subject, f"{text}\n{link}\n", now)


@transaction.atomic
def leave(post: Post, *, by: str, now: datetime) -> None:
    """Leave a reported post as it is; its reports are decided."""
    _decide(post, Report.Outcome.LEFT, now)
    audit.record("forums.post.left", target=post, subject=post.author_id, by=by, at=now)


def _decide(post: Post, outcome: str, now: datetime) -> None:
    post.reports.filter(decided_at=None).update(decided_at=now, outcome=outcome)


def _tell(author: Person, subject: str, text: str, now: datetime) -> None:
    if not author.email:
        return
    service = in_force(now).policy.service.name
    send_mail(
        person_id=author.pk,
        address=author.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=text,
        now=now,
    )
