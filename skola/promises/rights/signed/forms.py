"""What somebody tells beside the file that they signed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.signatures.api import LARGEST
from skola.promises.policy.api import InForce
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.actions import Asked, Asker
from skola.promises.rights.requests.forms import WhatForm

Reply = RightsRequest.Reply


class FileForm(forms.Form):
    """The signed file."""

    file = forms.FileField(
        label=gettext_lazy("Signed file"),
        help_text=gettext_lazy("A container (.asice, .edoc) or a signed PDF, at most 25 MB."),
    )

    def clean_file(self) -> Any:
        told = self.cleaned_data["file"]
        if told.size > LARGEST:
            raise ValidationError(
                _("The file is larger than 25 MB. Sign the request alone, without what proves it.")
            )
        return told


class SignedForm(WhatForm, FileForm):
    """A request of somebody without an account: what they ask, where they are known, the file."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail under which you are known here"),
        help_text=gettext_lazy("The receipt and the answer go there, and nowhere else."),
    )
    field_order = ["kind", "words", "email", "file"]

    def __init__(self, *args: Any, found: InForce, **kwargs: Any) -> None:
        super().__init__(*args, found=found, **kwargs)
        self.ways = terms.replies(found.policy)
        self.letter = terms.letter(found.policy)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def asked(self, language: str) -> Asked:
        """Return what is asked, once the form is valid; the answer goes by mail where it can."""
        told = self.cleaned_data
        by_mail = Reply.EMAIL in self.ways
        return Asked(
            kind=told["kind"],
            channel=RightsRequest.Channel.SIGNED_FILE,
            reply_by=Reply.EMAIL if by_mail else self.letter,
            words=told["words"],
            language=language,
        )

    def asker(self) -> Asker:
        """Return where the answer goes."""
        return Asker(email=self.cleaned_data["email"])
