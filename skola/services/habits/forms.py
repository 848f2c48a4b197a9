"""Forms of opinions and complaints."""

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.services.habits.models import Opinion, Service

SCORES = [(5, _("very good")), (4, _("good")), (3, _("fair")), (2, _("poor")), (1, _("very poor"))]


class OpinionForm(forms.Form):
    """What somebody wishes of a service, and how content they are with it."""

    prefix = "opinion"
    service = forms.ChoiceField(label=_("Service"), choices=Service.choices)
    wish = forms.ChoiceField(
        label=_("What do you wish of it?"), choices=Opinion.Wish.choices, widget=forms.RadioSelect
    )
    score = forms.TypedChoiceField(
        label=_("How is it?"),
        choices=[("", _("no answer")), *SCORES],
        coerce=int,
        empty_value=None,
        required=False,
    )


class ComplaintForm(forms.Form):
    """What somebody is not content with."""

    prefix = "complaint"
    service = forms.ChoiceField(label=_("Service"), choices=Service.choices)
    words = forms.CharField(
        label=_("What is wrong?"), max_length=4_000, widget=forms.Textarea({"rows": 5})
    )


class AnswerForm(forms.Form):
    """What somebody is answered who complained."""

    answer = forms.CharField(
        label=_("Your answer"), max_length=4_000, widget=forms.Textarea({"rows": 5})
    )
