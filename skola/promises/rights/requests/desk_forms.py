"""What staff say of a request that they answer."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.ui.api import DateInput
from skola.promises.consents.api import Question, all_standing
from skola.promises.gate.api import Restriction
from skola.promises.policy.api import InForce
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.models import RequestMessage, RightsRequest
from skola.promises.rights.objections.queries import of_request
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.actions import Decision
from skola.promises.rights.requests.correcting import FIELDS
from skola.promises.rights.requests.forms import MOST_CENTS
from skola.promises.rights.requests.rules import is_misread

Kind = RightsRequest.Kind


class ReasonForm(forms.Form):
    """Why; it is sent to the person."""

    reason = forms.CharField(
        label=gettext_lazy("What the person is told"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
    )


class FeeForm(ReasonForm):
    """How much, and why the request is excessive."""

    fee = forms.DecimalField(
        label=gettext_lazy("Fee in euros"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        decimal_places=2,
    )

    def cents(self) -> int:
        """Return the fee in cents, once the form is valid."""
        return int(self.cleaned_data["fee"] * 100)


class SortForm(forms.Form):
    """Which right it is about."""

    kind = forms.ChoiceField(label=gettext_lazy("What they ask for"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, found: InForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [(kind.value, kind.label) for kind in terms.offered(found)]


class AddressForm(forms.Form):
    """The address under which somebody is known here."""

    email = forms.EmailField(label=gettext_lazy("E-mail under which the person is known here"))


class FreezeForm(forms.Form):
    """Why nobody uses the data meanwhile."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Why the data are frozen"),
        choices=Restriction.OFFERED,
    )


class DecisionForm(forms.Form):
    """What was decided, and why."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[pair for pair in RightsRequest.Outcome.choices if pair[0] != "withdrawn"],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground of what is not done"),
        help_text=gettext_lazy("Each has its law, which the answer cites."),
        required=False,
    )
    duty = forms.ChoiceField(
        label=gettext_lazy("The law that obliges us"),
        help_text=gettext_lazy("Of those that the policy names for the kind of data."),
        required=False,
    )
    freeze_because = forms.ChoiceField(
        label=gettext_lazy("Why the data are frozen"),
        choices=Restriction.OFFERED,
        required=False,
    )
    upheld = forms.MultipleChoiceField(
        label=gettext_lazy("Which use ends"),
        help_text=gettext_lazy("Only for what is done in part. The others go on."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ended = forms.MultipleChoiceField(
        label=gettext_lazy("Which consents end"),
        help_text=gettext_lazy("What was done on them before stays as it was."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    awarded = forms.DecimalField(
        label=gettext_lazy("Sum awarded, in euros"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(MOST_CENTS) / 100,
        decimal_places=2,
    )
    given_name = forms.CharField(
        label=gettext_lazy("Given name, as it is right"), max_length=80, required=False
    )
    family_name = forms.CharField(
        label=gettext_lazy("Family name, as it is right"), max_length=80, required=False
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone, as it is right"), max_length=30, required=False
    )
    address = forms.CharField(
        label=gettext_lazy("Postal address, as it is right"), max_length=200, required=False
    )
    reasons = forms.CharField(
        label=gettext_lazy("What the person is told"),
        help_text=gettext_lazy(
            "What was done, and why the rest was not. The law and where to complain stand below it"
            " by themselves."
        ),
        max_length=4_000,
        widget=forms.Textarea({"rows": 6}),
    )

    def __init__(
        self, *args: Any, asked: RightsRequest, found: InForce, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        grounds: Any = self.fields["ground"]
        grounds.choices = [("", "–"), *RightsRequest.Because.choices]
        duties: Any = self.fields["duty"]
        known = terms.duties(found.policy)
        duties.choices = [("", "–"), *((one.id, f"{one.name} ({one.law})") for one in known)]
        if asked.kind != Kind.COMPENSATION:
            del self.fields["awarded"]
        if asked.kind != Kind.RESTRICTION:
            del self.fields["freeze_because"]
        self._offer_corrections(asked)
        self._offer_uses(asked, found)
        self._offer_consents(asked, now)

    def _offer_consents(self, asked: RightsRequest, now: datetime) -> None:
        """What the person agreed to and can take back; of one alone nobody asks which."""
        self.standing: dict[str, Question] = {}
        if asked.kind == Kind.WITHDRAWAL:
            language = translation.get_language() or ""
            found = all_standing(asked.person, now=now, language=language)
            self.standing = {one.key: one for one in found}
        ended: Any = self.fields["ended"]
        ended.choices = [
            (key, " – ".join(filter(None, (one.asking.name, one.scope))))
            for key, one in self.standing.items()
        ]
        if len(self.standing) < 2:
            del self.fields["ended"]

    def _offer_corrections(self, asked: RightsRequest) -> None:
        """A rectification says what is right; what is left empty stays as it is (ilearn-23.b)."""
        for name in FIELDS:
            if asked.kind != Kind.RECTIFICATION:
                del self.fields[name]
                continue
            held = getattr(asked.person, name)
            self.fields[name].help_text = (
                _("Now: %(value)s. Leave it empty if it stays.") % {"value": held}
                if held
                else _("Nothing is held. Leave it empty if it stays so.")
            )

    def _offer_uses(self, asked: RightsRequest, found: InForce) -> None:
        """An objection to several uses can be upheld for some of them."""
        paused = {
            one.purpose: one
            for one in (of_request(asked.pk) if asked.kind == Kind.OBJECTION else ())
            if one.state == one.State.PAUSED
        }
        upheld: Any = self.fields["upheld"]
        upheld.choices = [
            (one.id, in_language(one.name)) for one in found.policy.purpose if one.id in paused
        ]
        if len(paused) > 1:
            return
        del self.fields["upheld"]
        if asked.kind == Kind.OBJECTION:
            left = {"granted", "refused"} if paused else {"granted"}
            outcome: Any = self.fields["outcome"]
            outcome.choices = [pair for pair in outcome.choices if pair[0] in left]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        refuses = told.get("outcome") in ("refused", "partly")
        if refuses and not told.get("ground"):
            self.add_error("ground", _("What is not done needs a ground."))
        if told.get("ground") == RightsRequest.Because.DUTY and not told.get("duty"):
            self.add_error("duty", _("Name the law that obliges us."))
        if "upheld" in self.fields and told.get("outcome") == "partly":
            chosen = len(told.get("upheld", ()))
            upheld: Any = self.fields["upheld"]
            if not 0 < chosen < len(upheld.choices):
                self.add_error("upheld", _("Choose which use ends; at least one other goes on."))
        ends = "ended" in self.fields and told.get("outcome") in ("granted", "partly")
        if ends and not told.get("ended"):
            self.add_error("ended", _("Choose which consents end."))
        awards = "awarded" in self.fields and told.get("outcome") in ("granted", "partly")
        if awards and not told.get("awarded"):
            self.add_error("awarded", _("Name the sum that is awarded."))
        return told

    def ends(self) -> list[Question]:
        """Return the consents that end, once the form is valid."""
        chosen = self.cleaned_data.get("ended", self.standing)
        return [self.standing[key] for key in chosen]

    def decision(self) -> Decision:
        """Return the decision, once the form is valid."""
        told = self.cleaned_data
        refuses = told["outcome"] in ("refused", "partly")
        ground = told["ground"] if refuses else ""
        awarded = told.get("awarded") if told["outcome"] != "refused" else None
        return Decision(
            outcome=told["outcome"],
            reasons=told["reasons"],
            ground=ground,
            duty=told["duty"] if ground == RightsRequest.Because.DUTY else "",
            awarded_cents=int(awarded * 100) if awarded else None,
            upheld=tuple(told.get("upheld", ())),
            corrected={
                name: told[name]
                for name in FIELDS
                if told.get(name) and told["outcome"] != "refused"
            },
        )


class _DayForm(forms.Form):
    """A day that has come."""

    day = forms.DateField(widget=DateInput(), required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.today = now, terms.local(now, now)
        self.fields["day"].initial = self.today

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and day > self.today:
            raise ValidationError(_("This day has not come yet."))
        return day


class LetterForm(_DayForm):
    """That a letter was posted or handed over: its number, where it is registered, and the day."""

    tracking = forms.CharField(
        label=gettext_lazy("Number of the registered letter"), max_length=40, required=False
    )
    field_order = ("tracking", "day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("Posted on")

    def clean_tracking(self) -> str:
        number = "".join(str(self.cleaned_data["tracking"]).split()).upper()
        if is_misread(number):
            raise ValidationError(
                _("This number has a mistake: its check digit does not fit. Read it again.")
            )
        return number

    def sent_at(self) -> datetime:
        """Return when it was posted: now, or noon of an earlier day."""
        day = self.cleaned_data["day"]
        if day is None or day == self.today:
            return self.now
        return datetime.combine(day, time(12), terms.zone(self.now))


class FateForm(_DayForm):
    """What the post told of a registered letter."""

    fate = forms.ChoiceField(
        label=gettext_lazy("What became of it"), choices=RequestMessage.Fate.choices
    )
    field_order = ("fate", "day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("On")

    def clean_day(self) -> date:
        return super().clean_day() or self.today


class AgainForm(forms.Form):
    """To which address a letter goes that came back."""

    address = forms.CharField(label=gettext_lazy("Postal address"), max_length=200)


class PaidForm(forms.Form):
    """When a compensation was paid."""

    paid_on = forms.DateField(label=gettext_lazy("Paid on"), widget=DateInput())

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > terms.local(self.now, self.now):
            raise ValidationError(_("This day has not come yet."))
        return day
