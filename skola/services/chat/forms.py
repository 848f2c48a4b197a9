"""Forms of the chat."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from skola.ground.ui.api import TimeInput
from skola.services.chat.models import Hours
from skola.services.chat.rules import Span
from skola.services.desk import api as desk

LONGEST = 2_000
_SHOWN = Signer(salt="chat.begin")
_REFUSED = {
    desk.Suspicion.TRAP: _(
        "A field was filled in that people do not see. Leave “Website” empty and send again."
    ),
    desk.Suspicion.TOO_FAST: _(
        "The form came back faster than anybody can read it. Wait three seconds and send it again."
    ),
    desk.Suspicion.STALE: _("The form was open for too long. Nothing is lost: send it again."),
}


class WordsForm(forms.Form):
    """One message of a chat."""

    body = forms.CharField(
        label=_("Message"), max_length=LONGEST, widget=forms.Textarea({"rows": 2})
    )


class BeginForm(forms.Form):
    """The first message, and what an enquirer tells about themselves if they wish.

    While nobody answers it is a message for the desk, which needs an address to answer to. The
    guard against machines is that of the contact form: it knows nothing about the sender.
    """

    body = forms.CharField(
        label=_("Your question"), max_length=LONGEST, widget=forms.Textarea({"rows": 4})
    )
    given_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    wants_transcript = forms.BooleanField(
        label=_("Send me what was said by e-mail when the chat has ended"), required=False
    )
    website = forms.CharField(
        label=_("Website: leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, now: datetime, known: bool, is_open: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.known, self.is_open = now, known, is_open
        self.initial["shown"] = _SHOWN.sign(now.isoformat())
        if known:
            del self.fields["given_name"], self.fields["email"]
        if not is_open:
            del self.fields["wants_transcript"]
        if not known:
            self.fields["email"].required = not is_open
            self.fields["email"].help_text = (
                _("For what was said, and for our answer if the chat breaks off.")
                if is_open
                else _("We answer to this address.")
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        doubt = desk.suspicion(
            trap=told.get("website", ""), shown_at=_shown_at(told.get("shown", "")), now=self.now
        )
        if doubt is desk.Suspicion.STALE:
            self.data = {**self.data, "shown": self.initial["shown"]}
        if doubt:
            raise ValidationError(_REFUSED[doubt], code=str(doubt))
        if told.get("wants_transcript") and not self.known and not told.get("email"):
            self.add_error("email", _("Tell us the address to which we send it."))
        return told

    def asked(self, *, language: str, notice_version: str) -> desk.Asked:
        """Return what is asked, once the form is valid."""
        return desk.Asked(
            desk.Enquiry.Topic.SERVICE,
            desk.Enquiry.Channel.CHAT,
            self.cleaned_data["body"],
            language,
            notice_version,
        )


def _shown_at(signed: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_SHOWN.unsign(signed))
    except (BadSignature, ValueError):
        return None


class TranscriptForm(forms.Form):
    """Where what was said is sent."""

    email = forms.EmailField(label=_("E-mail"))


class EndingForm(forms.Form):
    """Whether the enquiry is done with the chat."""

    DONE, OPEN = "done", "open"
    outcome = forms.ChoiceField(
        label=_("After the chat"),
        choices=[(DONE, _("the enquiry is answered")), (OPEN, _("it stays open at the desk"))],
        initial=DONE,
    )


class DayForm(forms.Form):
    """The hours of one day of the week; both empty where nobody answers."""

    opens = forms.TimeField(label=_("From"), required=False, widget=TimeInput())
    closes = forms.TimeField(label=_("Until"), required=False, widget=TimeInput())

    def __init__(self, *args: Any, weekday: int, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": f"day-{weekday}"})
        self.weekday = weekday
        self.day = Hours.Day(weekday).label

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        opens, closes = told.get("opens"), told.get("closes")
        if not self.errors and (opens is None) != (closes is None):
            self.add_error("closes", _("Enter both hours, or leave both empty."))
        elif opens and closes and closes <= opens:
            self.add_error("closes", _("Enter an hour after the first one."))
        return told

    def span(self) -> Span | None:
        """Return the hours, once the form is valid; None where there are none."""
        told = self.cleaned_data
        return Span(self.weekday, told["opens"], told["closes"]) if told["opens"] else None
