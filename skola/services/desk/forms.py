"""Forms of the desk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skola.promises.policy.api import in_force
from skola.promises.policy.schema import FormField
from skola.promises.rights.api import in_language, offered
from skola.services.desk import rules
from skola.services.desk.actions import Asked, Sender
from skola.services.desk.models import Call, Enquiry, Line, Recording

if TYPE_CHECKING:
    _LineModelForm = forms.ModelForm[Line]
else:
    _LineModelForm = forms.ModelForm

_SHOWN = Signer(salt="desk.contact")
_REFUSED = {
    rules.Suspicion.TRAP: _(
        "A field was filled in that people do not see. Leave “Website” empty and send again."
    ),
    rules.Suspicion.TOO_FAST: _(
        "The form came back faster than anybody can read it. Wait three seconds and send it again."
    ),
    rules.Suspicion.STALE: _("The form was open for too long. Nothing is lost: send it again."),
}


BESIDES = "besides_"
"""What the names of the fields begin with that the policy adds."""


def asked_besides(now: datetime) -> list[FormField]:
    """Return what the policy asks for besides, each for its purpose (ilearn-9.j)."""
    return [one for one in in_force(now).policy.form_field if one.where == "enquiry"]


def _phone(written: str) -> str:
    if written and len(rules.plain_number(written)) < 5:
        raise ValidationError(_("This is no phone number. Write it like +371 29000000."))
    return written


class _PersonFields(forms.Form):
    given_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def sender(self) -> Sender:
        """Return what was told about the enquirer, once the form is valid."""
        told = self.cleaned_data
        return Sender(
            **{
                name: told.get(name, "")
                for name in ("given_name", "family_name", "email", "phone", "profile")
            }
        )


class ContactForm(_PersonFields):
    """The public contact form. Who is signed in is not asked for a name again.

    Its guard against machines knows nothing about the sender: a field that people do not see, and
    the signed moment at which the form was drawn.
    """

    topic = forms.ChoiceField(label=_("What is it about?"), choices=Enquiry.Topic.choices)
    body = forms.CharField(label=_("Your message"), max_length=10_000, widget=forms.Textarea)
    order = forms.IntegerField(
        label=_("Number of the order"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text=_("If it is about something you ordered."),
    )
    website = forms.CharField(
        label=_("Website: leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    page = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)
    news = forms.MultipleChoiceField(
        label=_("What else we may send you"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick nothing, and we write to you about this enquiry only."),
    )

    field_order = ["topic", "order", "body", "given_name", "family_name", "email", "phone", "news"]

    def __init__(
        self,
        *args: Any,
        now: datetime,
        known: bool,
        sells: bool = False,
        news: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.known = known
        self.fields["news"].choices = news  # type: ignore[attr-defined]
        if known or not news:
            del self.fields["news"]
        if not sells:
            del self.fields["order"]
        self.initial["shown"] = _SHOWN.sign(now.isoformat())
        self.asked_besides = asked_besides(now)
        for one in self.asked_besides:
            self.fields[f"{BESIDES}{one.id}"] = forms.CharField(
                label=in_language(one.label),
                help_text=in_language(one.hint) or _("Please write no more than is asked for."),
                max_length=200,
                required=one.required,
            )
        if known:
            for name in ("given_name", "family_name", "email", "phone"):
                del self.fields[name]
        else:
            self.fields["email"].help_text = _("An e-mail address or a phone number is enough.")

    def clean_phone(self) -> str:
        return "" if self.known else super().clean_phone()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        doubt = rules.suspicion(
            trap=told.get("website", ""), shown_at=_shown_at(told.get("shown", "")), now=self.now
        )
        if doubt is rules.Suspicion.STALE:
            self.data = {**self.data, "shown": self.initial["shown"]}
        if doubt:
            raise ValidationError(_REFUSED[doubt], code=str(doubt))
        if not self.known and not self.errors and not (told.get("email") or told.get("phone")):
            raise ValidationError(
                _("Tell us an e-mail address or a phone number, or we cannot answer."),
                code="silent",
            )
        return told

    def besides(self) -> list[forms.BoundField]:
        """Return the fields that the policy adds."""
        return [self[f"{BESIDES}{one.id}"] for one in self.asked_besides]

    def asked(self, *, language: str, notice_version: str, browser: str = "") -> Asked:
        """Return what is asked, once the form is valid; page and browser only of a fault."""
        channel = Enquiry.Channel.ACCOUNT if self.known else Enquiry.Channel.WEB
        told = self.cleaned_data
        more = [
            f"{in_language(one.label)}: {answer}"
            for one in self.asked_besides
            if (answer := told[f"{BESIDES}{one.id}"])
        ]
        body = "\n\n".join([told["body"], *more])
        number = told.get("order")
        asked = Asked(told["topic"], channel, body, language, notice_version, order_number=number)
        if told["topic"] != Enquiry.Topic.FAULT or not told["page"]:
            return asked
        return replace(asked, page=rules.page_of(told["page"]), browser=browser[:200])


def _shown_at(signed: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_SHOWN.unsign(signed))
    except (BadSignature, ValueError):
        return None


class _Moment(forms.DateTimeInput):
    """A day and a time, picked by the browser's own control."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class RegisterForm(_PersonFields):
    """Staff register what came by phone, in person, by post or otherwise (ilearn-2.a)."""

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[
            choice
            for choice in Enquiry.Channel.choices
            if choice[0] not in {"web", "account", "chat"}
        ],
    )
    topic = forms.ChoiceField(label=_("Topic"), choices=Enquiry.Topic.choices)
    body = forms.CharField(label=_("What was asked"), max_length=10_000, widget=forms.Textarea)
    profile = forms.CharField(
        label=_("Profile name"),
        max_length=120,
        required=False,
        help_text=_("Where it came through a social network: the name shown there, nothing more."),
    )
    received_at = forms.DateTimeField(label=_("When it came"), widget=_Moment)

    field_order = ["channel", "received_at", "topic", "body", "given_name", "family_name"]

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.initial.setdefault("received_at", timezone.localtime(now))

    def clean_received_at(self) -> datetime:
        when: datetime = self.cleaned_data["received_at"]
        if when > self.now:
            raise ValidationError(_("This moment has not come yet. Enter when the enquiry came."))
        return when

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("channel") == Enquiry.Channel.EMAIL and not told.get("email"):
            self.add_error("email", _("Enter the address it came from, so that we can answer."))
        private = ("given_name", "family_name", "email", "phone")
        if told.get("channel") == Enquiry.Channel.FACEBOOK and any(told.get(it) for it in private):
            self.add_error("profile", _("From a social network keep the profile name only."))
        return told

    def asked(self, *, language: str) -> Asked:
        """Return what was asked, once the form is valid."""
        told = self.cleaned_data
        return Asked(told["topic"], told["channel"], told["body"], language)


class WordsForm(forms.Form):
    """A message or a note."""

    body = forms.CharField(label=_("Message"), max_length=10_000, widget=forms.Textarea)

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["body"].label = label


class RequestForm(forms.Form):
    """Which right an enquiry is about."""

    kind = forms.ChoiceField(label=_("Which right"))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in offered(in_force(now))]


class ClosingForm(forms.Form):
    """How an enquiry ends."""

    ending = forms.ChoiceField(
        label=_("It ends as"), choices=Enquiry.Ending.choices, initial=Enquiry.Ending.ANSWERED
    )


class QueueForm(forms.Form):
    """Which enquiries the desk looks at."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("open", pgettext_lazy("enquiries", "open")), ("closed", _("closed"))],
        required=False,
    )
    topic = forms.ChoiceField(
        label=_("Topic"), choices=[("", _("all")), *Enquiry.Topic.choices], required=False
    )
    words = forms.CharField(
        label=_("Words, name or number"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"type": "search"}),
    )


class SearchForm(forms.Form):
    """Words sought in everything that was said with one person."""

    words = forms.CharField(
        label=_("Words"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"type": "search"}),
    )


class ImportForm(forms.Form):
    """One call into the register, with or without its sound."""

    line = forms.ModelChoiceField(label=_("Line"), queryset=Line.objects.none())
    direction = forms.ChoiceField(label=_("Direction"), choices=Call.Direction.choices)
    number = forms.CharField(label=_("Number of the caller"), max_length=30)
    started_at = forms.DateTimeField(label=_("When it began"), widget=_Moment)
    seconds = forms.IntegerField(label=_("Seconds"), min_value=0, max_value=86_400, initial=0)
    audio = forms.FileField(
        label=_("Recording"),
        required=False,
        help_text=_("WAV, MP3 or Ogg. Only of lines that tell their callers that they record."),
    )
    kind = forms.ChoiceField(
        label=_("What the recording is for"),
        choices=[choice for choice in Recording.Kind.choices if choice[0] != Recording.Kind.ORAL],
        required=False,
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        lines = self.fields["line"]
        assert isinstance(lines, forms.ModelChoiceField)
        lines.queryset = Line.objects.order_by("name")
        self.initial.setdefault("started_at", timezone.localtime(now))

    def clean_number(self) -> str:
        return _phone(self.cleaned_data["number"])

    def clean_started_at(self) -> datetime:
        when: datetime = self.cleaned_data["started_at"]
        if when > self.now:
            raise ValidationError(_("This moment has not come yet. Enter when the call began."))
        return when


class LineForm(_LineModelForm):
    """A phone line of the service."""

    class Meta:
        model = Line
        fields = ("name", "number", "callee_role", "announced")

    def clean_number(self) -> str:
        number = rules.plain_number(_phone(self.cleaned_data["number"]))
        if Line.objects.filter(number=number).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a line with this number. Change that one."))
        return number


class RegisterSearchForm(forms.Form):
    """Calls of one number, for requests and disputes (ema-4.1.2)."""

    number = forms.CharField(label=_("Number"), max_length=30, required=False)


class PlayForm(forms.Form):
    """Why somebody listens; a closed list, because the audit holds no names."""

    QUALITY = "quality"

    reason = forms.ChoiceField(
        label=_("Why do you listen?"),
        choices=[
            (QUALITY, _("review of quality")),
            ("complaint", _("a complaint or dispute")),
            ("contract", _("proof of an agreement")),
            ("request", _("a request of the person recorded")),
        ],
    )


class TaskForm(forms.Form):
    """What is to be done after a call."""

    text = forms.CharField(
        label=_("What is to be done"), max_length=2_000, widget=forms.Textarea({"rows": 3})
    )
