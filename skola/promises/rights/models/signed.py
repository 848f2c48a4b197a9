"""A file that somebody signed to show who they are."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.signatures.api import Verdict
from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class SignedFile(TenantModel):
    """What became of one file that came with a request; the file itself where it holds a signature.

    A file without one is not kept: it can be a copy of an identity document.
    """

    class Found(models.TextChoices):
        VALID = Verdict.VALID, _("The signature is good.")
        UNSIGNED = Verdict.UNSIGNED, _("There is no electronic signature in the file.")
        BROKEN = (
            Verdict.BROKEN,
            _("The signature does not fit the file: something was changed after it was signed."),
        )
        EXPIRED = Verdict.EXPIRED, _("The certificate was not valid when the file was signed.")
        REVOKED = Verdict.REVOKED, _("The certificate of the signature was revoked.")
        FOREIGN = Verdict.FOREIGN, _("The certificate is of an authority that is not trusted here.")
        UNFIT = Verdict.UNFIT, _("It is not the qualified signature of a person.")
        UNCERTAIN = (
            Verdict.UNCERTAIN,
            _("The file does not say whether the certificate was revoked, and nobody else does."),
        )
        UNREADABLE = Verdict.UNREADABLE, _("The file cannot be read.")
        HARMFUL = (
            Verdict.HARMFUL,
            _("The file unpacks to far more than we open, or it wants to read other files."),
        )

    request = models.ForeignKey(
        "rights.RightsRequest", on_delete=models.CASCADE, related_name="signed_files"
    )
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    found = models.CharField(max_length=10, choices=Found.choices)
    signer = models.CharField(max_length=161, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField(null=True)
    """The moment that a trusted time stamp proves."""
    code_digest = models.CharField(max_length=64, blank=True)
    """By which the same signer is known again; the personal code itself is kept nowhere else."""
    is_matched = models.BooleanField(default=False)
    """Whether the signer is a person who is known here, and whose request it is."""
    checked_at = models.DateTimeField()

    class PersonalData:
        subject = "request__person_id"
        fields = dict.fromkeys(
            (
                "request",
                "file",
                "found",
                "signer",
                "issuer",
                "signed_at",
                "code_digest",
                "is_matched",
                "checked_at",
            ),
            "support",
        )
        not_personal = _KEY
        anchors = {"record.created": "checked_at"}
        goes_with = "request"

    class Meta:
        indexes = [models.Index(fields=["tenant", "request"], name="signed_files_of_request")]
        constraints = [
            models.CheckConstraint(
                name="signed_file_matched_when_valid",
                condition=Q(is_matched=False) | Q(found="valid"),
            )
        ]

    def __str__(self) -> str:
        return f"signed file {self.pk}"
