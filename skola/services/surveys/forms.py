"""Forms of surveys."""

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.ground.ui.api import DateInput

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


class ImprovementForm(forms.Form):
    """What becomes better because of the answers."""

    text = forms.CharField(label=_("What becomes better"), max_length=300)
    due_on = forms.DateField(label=_("By when"), widget=DateInput())
