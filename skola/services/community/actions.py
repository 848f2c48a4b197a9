"""Everything that changes posts, one function each."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.services.community import rules
from skola.services.community.models import Feed, Post
from skola.services.school import api as school


class TwiceError(Exception):
    """There is a place of this name already."""


@transaction.atomic
def open_feed(
    where: school.School,
    *,
    school_class: school.SchoolClass | None = None,
    group: school.Group | None = None,
    name: str,
    readers: Iterable[str],
    writers: Iterable[str],
    by: str,
    now: datetime,
) -> Feed:
    """Open a place for posts with the audience that the school sets. Raises TwiceError."""
    try:
        with transaction.atomic():
            feed = Feed.objects.create(
                school=where,
                school_class=group.school_class if group is not None else school_class,
                group=group,
                name=name,
                readers=rules.ordered(readers),
                writers=rules.ordered(writers),
                created_at=now,
            )
    except IntegrityError as problem:
        raise TwiceError(_("There is a place of this name already.")) from problem
    audit.record("community.feed.opened", target=feed, clause="ekool-8.5-posts", by=by, at=now)
    return feed


@transaction.atomic
def set_audience(
    feed: Feed, *, readers: Iterable[str], writers: Iterable[str], by: str, now: datetime
) -> None:
    """Set who reads and who writes from now on; earlier posts keep the readers they had."""
    feed.readers, feed.writers = rules.ordered(readers), rules.ordered(writers)
    feed.save(update_fields=["readers", "writers"])
    audit.record(
        "community.audience.set",
        target=feed,
        clause="ekool-8.5-posts",
        by=by,
        at=now,
        detail={"readers": feed.readers, "writers": feed.writers},
    )


@transaction.atomic
def write_post(
    feed: Feed, *, author: Person, title: str, body: str, by: str, now: datetime
) -> Post:
    """Post for the readers whom the school has designated now (ekool-8.5-posts)."""
    post = Post.objects.create(
        feed=feed, author=author, title=title, body=body, readers=feed.readers, created_at=now
    )
    audit.record("community.post.written", target=post, subject=author.pk, by=by, at=now)
    return post


@transaction.atomic
def remove_post(post: Post, *, by: str, now: datetime) -> None:
    """Take a post away for everybody: its author, or who administers the school."""
    audit.record("community.post.removed", target=post, subject=post.author_id, by=by, at=now)
    post.delete()
