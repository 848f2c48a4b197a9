"""Tables of surveys. What joins an invitation with its answer is nowhere."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}
_GONE = Q(course=None, run=None)
_ONE = Q(course__isnull=False, run=None) | Q(course=None, run__isnull=False)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations to say how it was."""

    def standing(self) -> "InvitationQuerySet":
        """Those of which what they ask about is still there."""
        return self.exclude(_GONE)


class Invitation(TenantModel):
    """Somebody is asked how a course or a group was, and whether they have answered.

    It keeps neither: when what it asks about is gone, there is nothing to ask.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    run = models.ForeignKey("groups.Run", on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "course", "run", "asked_at", "answered"), "survey")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "asked_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "course", "run"],
                name="asked_once",
                nulls_distinct=False,
                condition=~_GONE,
            ),
            models.CheckConstraint(name="asked_about_one", condition=_ONE | _GONE),
        ]

    def __str__(self) -> str:
        return f"survey invitation {self.pk}"


class Answer(TenantModel):
    """What somebody thought, without who and when: its key is drawn, and tells no moment."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    course = models.ForeignKey(
        "courses.Course", on_delete=models.CASCADE, null=True, related_name="+"
    )
    run = models.ForeignKey("groups.Run", on_delete=models.CASCADE, null=True, related_name="+")
    score = models.PositiveSmallIntegerField(_("how it was"))
    trainer_score = models.PositiveSmallIntegerField(_("how the trainer was"), null=True)

    app_may = "select, insert, delete"
    """An answer is not changed; it goes with the course or group that it is about."""

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "course": "what is judged",
            "run": "what is judged",
            "score": "an answer without a person",
            "trainer_score": "an answer without a person",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "run"], name="answers_by_run")]
        constraints = [
            models.CheckConstraint(name="answer_about_one", condition=_ONE),
            models.CheckConstraint(
                name="scores_from_one_to_five",
                condition=Q(score__range=(1, 5))
                & (Q(trainer_score=None) | Q(trainer_score__range=(1, 5))),
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class FollowUp(TenantModel):
    """What somebody thought who left an address beside it, to be contacted about this answer.

    It rests on their consent, given by leaving the address and limited to this row; it goes as
    soon as somebody of the staff closes it (ilearn-36). The answer itself is kept besides, without
    a name, as everybody's.
    """

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    run = models.ForeignKey("groups.Run", on_delete=models.SET_NULL, null=True, related_name="+")
    score = models.PositiveSmallIntegerField(_("how it was"))
    words = models.TextField(_("what was said"), max_length=2_000, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    told_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)
    """When the last mail about it was written; None while none was."""
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "course",
                "run",
                "score",
                "words",
                "email",
                "phone",
                "told_at",
                "written_at",
            ),
            "survey",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "told_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="followups_of_person")]
        constraints = [
            models.CheckConstraint(
                name="followup_has_an_address", condition=~Q(email="") | ~Q(phone="")
            ),
            models.CheckConstraint(name="followup_score", condition=Q(score__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class RiskSurvey(TenantModel):
    """Customers are asked about one risk of the register, until a day (ilearn-9.g)."""

    risk = models.ForeignKey("incidents.Risk", on_delete=models.CASCADE, related_name="+")
    question = models.CharField(_("question"), max_length=300)
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """Nobody answers from then on; earlier where somebody of the staff ended it."""

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "risk": "a risk",
            "question": "the same for everybody who is asked",
            "asked_at": "moment of an act",
            "ends_at": "moment of an act",
        }

    class Meta:
        ordering = ("-asked_at",)
        indexes = [models.Index(fields=["tenant", "risk"], name="surveys_by_risk")]

    def __str__(self) -> str:
        return f"risk survey {self.pk}"


class RiskAnswer(TenantModel):
    """What a customer said about a risk: of a category of its own, which one purpose reads."""

    survey = models.ForeignKey(RiskSurvey, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("how it is"))
    words = models.TextField(_("what was said"), max_length=2_000, blank=True)
    answered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("survey", "person", "score", "words", "answered_at"), "risk_survey")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "answered_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="riskanswers_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "survey", "person"], name="risk_told_once"),
            models.CheckConstraint(name="risk_score", condition=Q(score__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"answer about a risk {self.pk}"


class Improvement(TenantModel):
    """Something that is to become better because of the answers, and by when."""

    text = models.CharField(_("what becomes better"), max_length=300)
    due_on = models.DateField(_("by when"))
    noted_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "text": "about a service",
            "due_on": "about a service",
            "noted_at": "about a service",
            "done_at": "about a service",
        }

    class Meta:
        ordering = ("due_on",)

    def __str__(self) -> str:
        return f"improvement {self.pk}"
