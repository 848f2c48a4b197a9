"""Forms of decisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.promises.decisions.points import Point


class ContestForm(forms.Form):
    """Somebody asks for a person to look."""

    view = forms.CharField(
        label=_("Your own view"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What the software could not know. You may leave it empty."),
    )


class ObjectForm(forms.Form):
    """Somebody wants no decision of this kind by the software."""

    understood = forms.BooleanField(label=_("I have read what I will no longer get"))


class AnswerForm(forms.Form):
    """A person decides."""

    result = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The person reads them."),
    )

    def __init__(self, *args: Any, at: Point, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, words()) for code, words in at.results.items()]
        self.fields["result"].choices = choices  # type: ignore[attr-defined]
