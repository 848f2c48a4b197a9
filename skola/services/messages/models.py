"""Tables of private messages. A conversation is nobody's; a message is its author's."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

if TYPE_CHECKING:
    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Conversation(TenantModel):
    """What holds the messages of two people together; it says nothing by itself."""

    opened_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {**_KEY, "opened_at": "a moment"}

    def __str__(self) -> str:
        return f"conversation {self.pk}"


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages as their readers need them."""

    def between(self, one: "Person", other: "Person") -> Self:
        """What two people wrote to each other."""
        return self.filter(Q(author=one, recipient=other) | Q(author=other, recipient=one))

    def of(self, person: "Person") -> Self:
        """What somebody wrote or was written; to everybody else it does not exist."""
        return self.filter(Q(author=person) | Q(recipient=person))

    def unread_by(self, person: "Person") -> Self:
        """What somebody has not opened."""
        return self.filter(recipient=person, read_at=None)


class Message(TenantModel):
    """What one person wrote to another. It goes by its own term, whatever becomes of the answer."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    author = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="wrote")
    recipient = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="was_written"
    )
    title = models.CharField(_("subject"), max_length=120, blank=True)
    """What a conversation begins with; answers have none."""
    body = models.TextField(_("message"), max_length=5_000)
    attachment = models.ForeignKey(
        "files.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class PersonalData:
        subject = "author_id"
        relations = {"recipient_id": "counterpart"}
        fields = dict.fromkeys(
            (
                "conversation",
                "author",
                "recipient",
                "title",
                "body",
                "attachment",
                "sent_at",
                "read_at",
            ),
            "correspondence",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "sent_at", "message.sent": "sent_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "author", "-sent_at"], name="message_by_author"),
            models.Index(fields=["tenant", "recipient", "-sent_at"], name="message_to_recipient"),
        ]
        constraints = [
            models.CheckConstraint(
                name="message_to_somebody_else",
                condition=Q(recipient=None) | ~Q(author=F("recipient")),
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
