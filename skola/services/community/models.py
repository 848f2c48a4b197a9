"""Tables of posts. A place is nobody's; a post is its author's."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.community.rules import Place, Side

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class SideChoice(models.TextChoices):
    """Who reads or writes, as a school ticks it."""

    PUPILS = Side.PUPILS, _("pupils")
    PARENTS = Side.PARENTS, _("parents")
    STAFF = Side.STAFF, _("teachers")


class Feed(TenantModel):
    """A place for posts with the audience that the school set (ekool-8.5-posts)."""

    school = models.ForeignKey("school.School", on_delete=models.CASCADE, related_name="feeds")
    school_class = models.ForeignKey(
        "school.SchoolClass", on_delete=models.CASCADE, null=True, related_name="feeds"
    )
    group = models.ForeignKey(
        "school.Group", on_delete=models.CASCADE, null=True, related_name="feeds"
    )
    name = models.CharField(_("name"), max_length=80)
    readers = models.JSONField(default=list)
    """Who reads what is posted from now on; a post keeps the readers it was written for."""
    writers = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "school": "an organisation",
            "school_class": "a class",
            "group": "a class in a subject",
            "name": "name of a place",
            "readers": "kinds of people",
            "writers": "kinds of people",
            "created_at": "a moment",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "school", "school_class", "group", "name"],
                name="feed_name_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="feed_group_in_class", condition=Q(group=None) | Q(school_class__isnull=False)
            ),
            models.CheckConstraint(name="feed_has_readers", condition=~Q(readers=[])),
        ]

    @property
    def place(self) -> Place:
        """What it is for, as the rules see it."""
        return Place(self.school_id, self.school_class_id, self.group_id)

    def __str__(self) -> str:
        return f"feed {self.pk}"


class Post(TenantModel):
    """What somebody wrote, for whom the school had designated when they wrote it."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="posts")
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=5_000)
    readers = models.JSONField(default=list)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "author_id"
        fields = dict.fromkeys(("feed", "author", "title", "body", "readers"), "publication")
        not_personal = {**_KEY, "created_at": "goes with the row", "due_at": "retention clock"}
        anchors = {"record.created": "created_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "feed", "-created_at"], name="post_by_feed")]
        constraints = [models.CheckConstraint(name="post_has_readers", condition=~Q(readers=[]))]

    def __str__(self) -> str:
        return f"post {self.pk}"
