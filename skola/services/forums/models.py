"""Tables of forums. A forum is nobody's; a post, a name and a report are whose they are."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.forums.rules import Kind, Reads, Setting

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_CLOCK = {"due_at": "retention clock"}


class KindChoice(models.TextChoices):
    """What a forum is, as it is said."""

    BOARD = Kind.BOARD, _("board")
    BLOG = Kind.BLOG, _("blog")
    CHAT = Kind.CHAT, _("chat room")


class ReadsChoice(models.TextChoices):
    """Who reads a forum, as it is said."""

    EVERYBODY = Reads.EVERYBODY, _("everybody, without signing in")
    SIGNED_IN = Reads.SIGNED_IN, _("whoever has an account here")
    COURSE = Reads.COURSE, _("who takes or makes a course")


class Forum(TenantModel):
    """A place to write in, with its rules and its readers."""

    kind = models.CharField(_("kind"), max_length=10, choices=KindChoice.choices)
    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("what it is for"), max_length=300, blank=True)
    rules = models.TextField(_("rules of posting"), max_length=2_000)
    reads = models.CharField(_("who reads it"), max_length=10, choices=ReadsChoice.choices)
    course = models.ForeignKey(
        "courses.Course", on_delete=models.CASCADE, null=True, related_name="+"
    )
    """The course whose people read it."""
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    """From when on nobody writes here; what is written stays."""

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "kind": "closed list",
            "name": "name of a place",
            "about": "what a place is for",
            "rules": "rules of a place",
            "reads": "kinds of people",
            "course": "a course",
            "opened_at": "a moment",
            "closed_at": "a moment",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "course", "kind", "name"],
                name="forum_name_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="forum_of_course",
                condition=Q(reads=Reads.COURSE, course__isnull=False)
                | (~Q(reads=Reads.COURSE) & Q(course=None)),
            ),
        ]

    @property
    def setting(self) -> Setting:
        """How it is set up, as the rules see it."""
        is_closed = self.closed_at is not None
        return Setting(Kind(self.kind), Reads(self.reads), self.course_id, is_closed)

    @property
    def is_public(self) -> bool:
        """Whether it may be found by search engines."""
        return self.reads == Reads.EVERYBODY

    def __str__(self) -> str:
        return f"forum {self.pk}"


class Byline(TenantModel):
    """The name under somebody's posts, as they chose it; no two people's is the same."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    chosen_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = {"person": "discussion", "name": "discussion"}
        not_personal = {**_KEY, **_CLOCK, "chosen_at": "goes with the row"}
        anchors = {"record.created": "chosen_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person"], name="byline_once_a_person"),
            models.UniqueConstraint("tenant", Lower("name"), name="byline_is_one_persons"),
        ]

    def __str__(self) -> str:
        return f"byline {self.pk}"


class WrittenQuerySet(models.QuerySet["Post"]):
    """Posts as their readers need them."""

    def for_reader(self, person: UUID | None, *, moderates: bool) -> Self:
        """What is shown: what was hidden is there for its author and who moderates alone."""
        return self if moderates else self.filter(Q(hidden_at=None) | Q(author=person))

    def named(self) -> Self:
        """Add ``byline``, the name that the author chose."""
        chosen = Byline.objects.filter(person=OuterRef("author")).values("name")
        return self.annotate(byline=Subquery(chosen[:1]))

    def reported_by(self, person: UUID | None) -> Self:
        """Add ``is_reported``: whether this reader reported it."""
        mine = Report.objects.filter(post=OuterRef("pk"), reporter=person)
        return self.annotate(is_reported=Exists(mine))


class Post(TenantModel):
    """What somebody wrote. The posts of a topic share its key: that of the first of them.

    So each goes by its own term, and answers stay when what they answer is gone.
    """

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="posts")
    topic = models.UUIDField(editable=False)
    author = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=120, blank=True)
    """What a topic begins with; answers and chat have none."""
    body = models.TextField(_("text"), max_length=5_000)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_because = models.CharField(max_length=300, blank=True)
    """What the author is told."""
    due_at = models.DateTimeField(null=True, editable=False)

    objects = WrittenQuerySet.as_manager()

    class PersonalData:
        subject = "author_id"
        fields = dict.fromkeys(
            (
                "forum",
                "topic",
                "author",
                "title",
                "body",
                "written_at",
                "edited_at",
                "hidden_at",
                "hidden_because",
            ),
            "discussion",
        )
        not_personal = {**_KEY, **_CLOCK}
        anchors = {"record.created": "written_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "forum", "-written_at"], name="forum_posts_latest"),
            models.Index(fields=["tenant", "topic", "written_at"], name="forum_posts_of_topic"),
            models.Index(fields=["tenant", "author", "-written_at"], name="forum_posts_of_author"),
        ]
        constraints = [
            models.CheckConstraint(
                name="forum_post_hidden_with_reason",
                condition=Q(hidden_at=None, hidden_because="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_because="")),
            )
        ]

    @property
    def is_first(self) -> bool:
        """Whether the topic began with it."""
        return self.topic == self.pk

    def __str__(self) -> str:
        return f"post {self.pk}"


class Report(TenantModel):
    """Somebody says that a post should not be there. It stays when the post is gone."""

    class Reason(models.TextChoices):
        PRIVATE = "private", _("It tells something private of somebody.")
        INSULT = "insult", _("It insults or threatens somebody.")
        ADVERT = "advert", _("It is an advertisement.")
        UNLAWFUL = "unlawful", _("It is against the law.")
        RULES = "rules", _("It is against the rules of this place.")

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("the post was hidden")
        LEFT = "left", _("the post was left")

    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, related_name="reports")
    reporter = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("why"), max_length=10, choices=Reason.choices)
    words = models.CharField(_("in your words"), max_length=300, blank=True)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "reporter_id"
        fields = dict.fromkeys(
            ("post", "reporter", "reason", "words", "sent_at", "decided_at", "outcome"), "support"
        )
        not_personal = {**_KEY, **_CLOCK}
        anchors = {"record.created": "sent_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "post", "reporter"], name="post_report_once"),
            models.CheckConstraint(
                name="post_report_decided",
                condition=Q(decided_at=None, outcome="")
                | (Q(decided_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "post"],
                name="post_reports_open",
                condition=Q(decided_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
