"""With which keys the speaking tenant takes cards at a provider, on its own account."""

from typing import ClassVar

from django.db import models

from skola.ground.tenants.api import TenantModel


class CardKeys(TenantModel):
    """A tenant's own account at the provider of cards: sealed, so that a copy opens nothing."""

    key_sealed = models.BinaryField()
    """What asks for payments."""
    secret_sealed = models.BinaryField()
    """With which the provider signs its events."""
    entered_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal: ClassVar[dict[str, str]] = {
            "id": "surrogate key",
            "tenant": "organisation",
            "key_sealed": "key of the organisation",
            "secret_sealed": "key of the organisation",
            "entered_at": "about a key",
        }
        moves = False

    class Meta:
        verbose_name_plural = "card keys"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="card_keys_once")]

    def __str__(self) -> str:
        return f"card keys {self.pk}"
