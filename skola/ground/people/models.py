from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.ids import uuid7
from skola.ground.tenants.context import current_or_none
from skola.ground.tenants.models import Tenant, TenantModel


class Person(TenantModel):
    """A data subject: somebody about whom data are held, with an account or without.

    When every part of a person is erased the row stays, nameless, while a record still needs it.
    """

    class Status(models.TextChoices):
        LEAD = "lead", _("lead")
        ACTIVE = "active", _("active")
        FORMER = "former", _("former")

    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("postal address"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    source = models.CharField(max_length=30, default="subject")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.LEAD)
    created_at = models.DateTimeField()
    due_identity_at = models.DateTimeField(null=True, editable=False)
    due_contact_at = models.DateTimeField(null=True, editable=False)
    seal_identity_at = models.DateTimeField(null=True, editable=False)
    sealed_identity_for = models.JSONField(null=True, editable=False)
    seal_contact_at = models.DateTimeField(null=True, editable=False)
    sealed_contact_for = models.JSONField(null=True, editable=False)

    account: "Account"
    roles: "models.Manager[Role]"

    class PersonalData:
        subject = "id"
        fields = {
            "given_name": "identity",
            "family_name": "identity",
            "birth_on": "identity",
            "language": "identity",
            "source": "identity",
            "status": "identity",
            "email": "contact",
            "phone": "contact",
            "address": "contact",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "created_at": "moment without a person once the rest is gone",
            "due_identity_at": "retention clock",
            "due_contact_at": "retention clock",
            **dict.fromkeys(("seal_identity_at", "seal_contact_at"), "retention clock"),
            **dict.fromkeys(("sealed_identity_for", "sealed_contact_for"), "purposes"),
        }
        anchors = {"record.created": "created_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "family_name", "given_name"], name="people_by_name")
        ]

    @property
    def name(self) -> str:
        """The name as it is said, or an empty text when it is gone."""
        return f"{self.given_name} {self.family_name}".strip()

    def __str__(self) -> str:
        return f"person {self.pk}"


class AccountManager(BaseUserManager["Account"]):
    """Makes and finds accounts; under row-level security that is: the tenant's."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").lower())

    def create_account(
        self, person: Person, *, email: str, password: str | None, now: datetime
    ) -> "Account":
        """Make an account for ``person``; without a password it opens by code or passkey only."""
        account = self.model(person=person, email=email.lower(), created_at=now)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """A way to sign in. The same address at two tenants is two accounts of two persons."""

    class Reason(models.TextChoices):
        MISUSE = "misuse", _("The account was used against the terms.")
        SECURITY = "security", _("Somebody else may be using the account.")
        FACTS = "facts", _("What was registered has to be checked.")
        CLIENT = "client", _("The organisation that opened the account asked for it.")
        CLOSED = "closed", _("The account was closed, as was asked.")
        OTHER = "other", _("Another reason.")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, default=current_or_none, editable=False, related_name="+"
    )
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="account")
    email = models.EmailField(_("e-mail"), max_length=254)
    is_active = models.BooleanField(default=True)
    suspended_because = models.CharField(max_length=200, choices=Reason.choices, blank=True)
    suspended_words = models.CharField(max_length=300, blank=True)
    blocked_for = models.CharField(max_length=20, blank=True)
    """Why the features are closed though sign-in is not: ``minor``."""
    closes_at = models.DateTimeField(null=True, editable=False)
    """When the account closes for good, because its owner asked for it (learnifier-10.d)."""
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class PersonalData:
        subject = "person_id"
        fields = {
            "person": "credentials",
            "email": "credentials",
            "password": "credentials",
            "last_login": "credentials",
            "is_active": "credentials",
            "suspended_because": "credentials",
            "suspended_words": "credentials",
            "blocked_for": "credentials",
            "closes_at": "credentials",
        }
        secrets: ClassVar[set[str]] = {"password"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "created_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "created_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "email"], name="account_email_once"),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"


class RoleQuerySet(models.QuerySet["Role"]):
    def granted_at(self, moment: datetime) -> Self:
        """Roles that have begun and not ended at ``moment``, training or not."""
        return self.filter(starts_at__lte=moment).filter(Q(ends_at=None) | Q(ends_at__gt=moment))

    def held_at(self, moment: datetime) -> Self:
        """Roles that open something at ``moment``: granted, signed for, their training valid."""
        trained = Q(trained_until=None) | Q(trained_until__gt=moment)
        return self.granted_at(moment).filter(trained, is_unsigned=False)

    def asleep_at(self, moment: datetime) -> Self:
        """Roles that are granted and open nothing: the training or the signature lacks."""
        lacking = Q(trained_until__lte=moment) | Q(is_unsigned=True)
        return self.granted_at(moment).filter(lacking)


class Role(TenantModel):
    """What a person may do, for what, and from when to when."""

    class Kind(models.TextChoices):
        LEARNER = "learner", _("learner")
        AUTHOR = "author", _("author")
        INSTRUCTOR = "instructor", _("instructor")
        GUARDIAN = "guardian", _("guardian")
        SUPPORT = "support", _("support")
        FINANCE = "finance", _("finance")
        RECRUITER = "recruiter", _("recruiter")
        EXAMINER = "examiner", _("examiner")
        REVIEWER = "reviewer", _("recording reviewer")
        OFFICER = "officer", _("data protection officer")
        ADMINISTRATOR = "administrator", _("administrator")
        TEACHER = "teacher", _("teacher")
        SCHOOL = "school", _("school administrator")
        COORDINATOR = "coordinator", _("training coordinator")
        AUTHORITY = "authority", _("representative of an authority")
        ANALYST = "analyst", _("analyst")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    scope = models.CharField(max_length=40, blank=True)
    """What it is held for, ``courses.course``; empty for the whole tenant."""
    scope_id = models.UUIDField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    trained_until = models.DateTimeField(null=True, blank=True)
    """Until when the training that it asks for is valid; None where it asks for none."""
    is_unsigned = models.BooleanField(default=False)
    """Whether it opens nothing before its holder has signed an undertaking of confidentiality."""
    due_at = models.DateTimeField(null=True, editable=False)

    objects = RoleQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = {
            "person": "credentials",
            "kind": "credentials",
            "scope": "credentials",
            "scope_id": "credentials",
            "starts_at": "credentials",
            "ends_at": "credentials",
            "trained_until": "credentials",
            "is_unsigned": "credentials",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "starts_at"}

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "scope_id"],
                name="role_by_scope",
                condition=Q(scope_id__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="role_scope_whole",
                condition=Q(scope="", scope_id=None) | (~Q(scope="") & Q(scope_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="role_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope} {self.scope_id or ''}".strip()


class Guardianship(TenantModel):
    """Who stands for whom: a link with proof, powers and an end (ilearn-11.d, ekool-1.4-parent)."""

    class Proof(models.TextChoices):
        REGISTER = "register", _("population register")
        SCHOOL = "school", _("confirmed by the school")
        IN_PERSON = "in-person", _("document shown in person")
        SIGNATURE = "signature", _("qualified signature")

    child = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guardianships")
    guardian = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="wards")
    powers = models.JSONField(default=list)
    """What the guardian may do: ``see``, ``request``, ``consent``, ``message``.

    In a school's diary ``see`` opens the child's pages, ``marks`` the marks in them, and ``excuse``
    lets the guardian send absence notes. ``message`` lets the guardian and the teachers write to
    each other.
    """
    proof = models.CharField(max_length=20, choices=Proof.choices, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    grown_up_allows_at = models.DateTimeField(null=True, blank=True)
    """When the child, grown up, let the guardian go on (ekool-1.4-parent)."""
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "child_id"
        relations = {"guardian_id": "counterpart"}
        fields = {
            "child": "identity",
            "guardian": "identity",
            "powers": "identity",
            "proof": "identity",
            "verified_at": "identity",
            "starts_at": "identity",
            "ends_at": "identity",
            "grown_up_allows_at": "identity",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "starts_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "child", "guardian"], name="guardianship_once"
            ),
            models.CheckConstraint(name="guardian_is_another", condition=~Q(child=F("guardian"))),
            models.CheckConstraint(
                name="guardian_proof_whole",
                condition=Q(proof="", verified_at=None)
                | (~Q(proof="") & Q(verified_at__isnull=False)),
            ),
        ]

    def stands_at(self, moment: datetime) -> bool:
        """Whether the link is proven and running at ``moment``."""
        begun = self.verified_at is not None and self.starts_at <= moment
        return begun and (self.ends_at is None or moment < self.ends_at)

    def __str__(self) -> str:
        return f"guardianship {self.pk}"


class Preferences(TenantModel):
    """How a person wants the pages to look and to speak."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="preferences")
    display = models.CharField(max_length=40, blank=True)
    """The compact value of the display settings, see ``skola.ground.ui.display``."""
    language = models.CharField(max_length=5, blank=True)
    chat = models.BooleanField(default=True, db_default=True)
    """Whether pages offer to talk to somebody at once (ema-1.6.3)."""
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = {
            "person": "preferences",
            "display": "preferences",
            "language": "preferences",
            "chat": "preferences",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "created_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "created_at"}

    def __str__(self) -> str:
        return f"preferences {self.pk}"


def role_filter(kind: str, scope: str = "", scope_id: Any = None) -> Q:
    """Return the condition for holding ``kind`` for the whole tenant or for this one thing."""
    whole = Q(kind=kind, scope="")
    return whole | Q(kind=kind, scope=scope, scope_id=scope_id) if scope else whole


class SecurityEvent(TenantModel):
    """A sign-in, a failed one, or a change of somebody's access (ilearn-9.h)."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed-in", _("signed in")
        FAILED = "failed", _("sign-in failed")
        LOCKED = "locked", _("sign-in locked for a while")
        SIGNED_OUT = "signed-out", _("signed out")
        NEW_DEVICE = "new-device", _("signed in on a new device")
        SECURED = "secured", _("sign-in secured by the owner")
        SUSPENDED = "suspended", _("sign-in suspended")
        REINSTATED = "reinstated", _("sign-in open again")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="security_events"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    network = models.CharField(max_length=45, blank=True)
    """The first part of the address: /24 of IPv4, /48 of IPv6."""
    device = models.CharField(max_length=80, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = {
            "person": "security_log",
            "kind": "security_log",
            "network": "security_log",
            "device": "security_log",
        }
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person", "-at"], name="security_by_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Finding(TenantModel):
    """What was found wrong with a registration: it is false, or its person a minor on their own.

    While it is open the person's clock runs (ilearn-20.j, ilearn-20.k); it closes when the facts
    are put right or a guardian is verified.
    """

    class Kind(models.TextChoices):
        INACCURATE = "inaccurate", _("inaccurate registration")
        MINOR = "minor", _("minor without a verified guardian")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = {"person": "identity", "kind": "identity", "reason": "identity"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "found_at": "goes with the row",
            "closed_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "found_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "kind"],
                condition=Q(closed_at=None),
                name="finding_open_once",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "person"], name="finding_by_person")]

    def __str__(self) -> str:
        return f"finding {self.pk}"


class ProfileChange(TenantModel):
    """What a contact detail was before somebody changed it (ilearn-22.b, learnifier-10.a)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="profile_changes")
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=254, blank=True)
    by = models.CharField(max_length=64)
    """The pseudonym of who changed it."""
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    """Who changed it, where the person is to know."""
    source = models.CharField(max_length=20, blank=True)
    """From whom the new value is: ``subject``, ``guardian``, ``school``, ``public``, ``third``."""
    ground = models.CharField(max_length=200, blank=True)
    """Why a third party may tell it."""
    changed_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        relations = {"author_id": "author"}
        fields = dict.fromkeys(
            ("person", "field", "before", "by", "author", "source", "ground"), "contact"
        )
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "changed_at": "goes with the row",
            "taken_back_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "changed_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="profile_change_by_person")]

    def __str__(self) -> str:
        return f"change of {self.field} {self.pk}"


class Informed(TenantModel):
    """Which version of the policy a person was shown, and when. No consent (ema-intro.c)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="informed")
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=80)
    """The hash of the policy as it was in force."""
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = {"person": "preferences", "version": "preferences", "digest": "preferences"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "digest"], name="informed_once_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"informed {self.pk}"


class Mail(TenantModel):
    """A mail that waits to be sent. The queue knows only its id; the row goes when it is sent."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="mails")
    """Whom it is for; empty where the address is nobody's here."""
    address = models.EmailField(max_length=254)
    sender = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = {
            "person": "credentials",
            "address": "credentials",
            "subject": "credentials",
            "text": "credentials",
        }
        secrets: ClassVar[set[str]] = {"text"}
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "sender": "name and address of the service",
            "created_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "created_at"}
        moves = False  # the queue that sends it stays

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="mail_by_person")]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class TextMessageQuerySet(models.QuerySet["TextMessage"]):
    """Text messages as their readers need them."""

    def open(self) -> Self:
        """Those of which it is not known how they ended."""
        return self.filter(state__in=[TextMessage.State.WAITING, TextMessage.State.SENT])


class TextMessage(TenantModel):
    """A text message to somebody's phone, and how it fared.

    The words go when the gateway has them or refuses them; that it was sent, and what became of
    it, stays until the term. The number is nowhere but with its person. Source: ekool-5.2.1.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be sent")
        SENT = "sent", _("on its way")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("not delivered")
        UNKNOWN = "unknown", _("not known whether it arrived")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="text_messages")
    about = models.CharField(max_length=80)
    """What it tells of, ``diary.absence:…``: nobody is told twice of the same."""
    text = models.CharField(max_length=480, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reference = models.CharField(max_length=80, blank=True)
    """Its number at the gateway."""
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    """When the gateway said what ``state`` says."""
    due_at = models.DateTimeField(null=True, editable=False)

    objects = TextMessageQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "about", "text", "state", "reference", "told_at"), "contact"
        )
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "created_at": "goes with the row",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "created_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "about"], name="texted_once"),
            models.CheckConstraint(
                name="text_kept_while_it_waits", condition=Q(state="waiting") | Q(text="")
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "about"], name="text_by_cause"),
            models.Index(
                fields=["tenant", "created_at"],
                name="text_open",
                condition=Q(state__in=["waiting", "sent"]),
            ),
        ]

    def __str__(self) -> str:
        return f"text message {self.pk}"
