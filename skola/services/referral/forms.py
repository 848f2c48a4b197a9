"""The form that invites a friend."""

import re
import secrets
from typing import Any

from django import forms
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

NAME = re.compile(r"[^\W\d_]+(?:[ '’\-][^\W\d_]+)*\.?")
"""Letters, and what joins names: no address and no message fits in, so nobody can advertise."""
LASTS = 2 * 60 * 60
"""Seconds for which a form can be sent."""
_SALT = "referral.once"


def _name(written: str) -> str:
    if written and not NAME.fullmatch(written):
        raise ValidationError(_("Write a name: letters, spaces and hyphens."))
    return written


class InviteForm(forms.Form):
    """A friend's name and address; a visitor without an account also tells their own name."""

    friend = forms.CharField(label=_("Your friend's first name"), max_length=40)
    email = forms.EmailField(label=_("Your friend's e-mail address"))
    sender = forms.CharField(label=_("Your name"), max_length=60)
    once = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["once"] = signing.dumps(secrets.token_hex(8), salt=_SALT)
        for name in ("friend", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if known:
            del self.fields["sender"]

    def clean_friend(self) -> str:
        return _name(self.cleaned_data["friend"])

    def clean_sender(self) -> str:
        return _name(self.cleaned_data["sender"])

    def clean(self) -> dict[str, Any]:
        """Put the number of this form in place; refuse one that we did not make, or long ago."""
        told = super().clean() or {}
        try:
            told["once"] = signing.loads(told.get("once", ""), salt=_SALT, max_age=LASTS)
        except signing.BadSignature:
            anew = QueryDict(mutable=True)
            anew.update({**dict(self.data.items()), "once": self.initial["once"]})
            self.data = anew
            self.add_error(
                None, _("The form was open for too long. Nothing is lost: send it again.")
            )
        return told

    def is_first(self) -> bool:
        """Whether this form comes for the first time; a double click sends one mail."""
        return bool(cache.add(f"referral:{self.cleaned_data['once']}", 1, LASTS))
