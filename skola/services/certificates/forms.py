"""Forms of certificates."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.services.certificates.actions import Terms
from skola.services.certificates.models import Rule
from skola.services.exams.api import to_be_asked

if TYPE_CHECKING:
    OfRule = forms.ModelForm[Rule]
else:
    OfRule = forms.ModelForm


class ShareForm(forms.Form):
    """What somebody says to what they share."""

    words = forms.CharField(
        label=_("Your words"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )


class RuleForm(OfRule):
    """What a course asks for its certificate, and what stands on it."""

    class Meta:
        model = Rule
        fields = ("hours", "signatory", "exam", "valid_months")
        help_texts = {
            "signatory": _("Name and office, as they are printed."),
            "valid_months": _("Empty: it does not expire."),
        }

    def __init__(self, *args: Any, with_exams: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not with_exams:
            del self.fields["exam"]
            return
        self.fields["exam"] = forms.ModelChoiceField(
            to_be_asked(),
            label=_("Exam to be passed besides the lessons"),
            required=False,
            empty_label=_("None: the lessons are enough."),
        )

    def terms(self) -> Terms:
        """What was written."""
        told = self.cleaned_data
        return Terms(told["hours"], told["signatory"], told.get("exam"), told["valid_months"])
