"""Forms of applications."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.services.courses.api import Course


class ApplyForm(forms.Form):
    """Somebody applies; the tick lets the software decide at once."""

    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, wording: str, by_software: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = wording
        if by_software:
            self.fields["consent"].label = wording
            self.fields["consent"].help_text = _("Without the tick a person decides.")
        else:
            del self.fields["consent"]

    def consented_to(self) -> str:
        """Return what was agreed to, word for word; empty where it was not ticked."""
        return self.wording if self.cleaned_data.get("consent") else ""


class PlanForm(forms.Form):
    """Something that people may apply for."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text of the contract"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 12}),
    )
    price = forms.DecimalField(
        label=_("Price, in euros"), max_digits=8, decimal_places=2, min_value=0
    )
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=60, initial=12)
    course = forms.ModelChoiceField(
        Course.objects.none(),
        label=_("Gives access to"),
        required=False,
        empty_label=_("no course"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["course"]
        field.queryset = Course.objects.filter(state=Course.State.PUBLISHED).order_by("title")

    def told(self) -> dict[str, Any]:
        """Return the plan, once the form is valid."""
        told = dict(self.cleaned_data)
        told["price_cents"] = int(told.pop("price") * 100)
        return told
