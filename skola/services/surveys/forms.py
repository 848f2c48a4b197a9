"""Forms of surveys."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.ground.ui.api import DateInput
from skola.promises.incidents.api import Risk

SCORES = [(5, _("very good")), (4, _("good")), (3, _("fair")), (2, _("poor")), (1, _("very poor"))]


class AnswerForm(forms.Form):
    """Two questions; the second need not be answered."""

    score = forms.TypedChoiceField(
        label=_("How was it?"), choices=SCORES, coerce=int, widget=forms.RadioSelect
    )
    trainer_score = forms.TypedChoiceField(
        label=_("How was the trainer?"),
        choices=SCORES,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class FollowUpForm(forms.Form):
    """What else somebody says, and where they may be contacted about it (ilearn-36)."""

    words = forms.CharField(
        label=_("What do you want to tell us?"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("words") and not self.errors and not self.wants_to_be_contacted:
            raise ValidationError(
                _("Leave an e-mail address or a phone number, or we cannot answer what you wrote.")
            )
        return told

    @property
    def wants_to_be_contacted(self) -> bool:
        """Whether an address was left, once the form is valid."""
        return bool(self.cleaned_data.get("email") or self.cleaned_data.get("phone"))


def _title_of(obj: Any) -> str:
    return str(obj.title)


class AskAboutRiskForm(forms.Form):
    """Which risk of the register customers are asked about, and until when."""

    risk = forms.ModelChoiceField(label=_("Risk"), queryset=Risk.objects.none())
    question = forms.CharField(
        label=_("Question"),
        max_length=300,
        help_text=_("It is answered from very good to very poor, with words if somebody wishes."),
    )
    ends_on = forms.DateField(label=_("Answers are taken until"), widget=DateInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        risk = self.fields["risk"]
        assert isinstance(risk, forms.ModelChoiceField)
        risk.queryset = Risk.objects.filter(closed_at=None).order_by("title")
        risk.label_from_instance = _title_of  # type: ignore[method-assign]

    @property
    def has_risks(self) -> bool:
        """Whether the register has a risk to ask about."""
        risk = self.fields["risk"]
        assert isinstance(risk, forms.ModelChoiceField)
        return bool(risk.queryset and risk.queryset.exists())

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day <= self.today:
            raise ValidationError(_("Name a day that is still to come."))
        return day


class RiskAnswerForm(forms.Form):
    """What a customer says about a risk."""

    score = forms.TypedChoiceField(
        label=_("How is it?"), choices=SCORES, coerce=int, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What do you want to tell us?"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class WordsForm(forms.Form):
    """A mail about an answer."""

    text = forms.CharField(
        label=_("Your message"), max_length=10_000, widget=forms.Textarea({"rows": 6})
    )


class ImprovementForm(forms.Form):
    """What becomes better because of the answers."""

    text = forms.CharField(label=_("What becomes better"), max_length=300)
    due_on = forms.DateField(label=_("By when"), widget=DateInput())
