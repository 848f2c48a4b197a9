"""Forms of testimonials."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.ground.ui.api import DateInput
from skola.services.testimonials.actions import Words
from skola.services.testimonials.models import Testimonial


class WordsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is said, and the name beside it; staff correct it with this form."""

    class Meta:
        model = Testimonial
        fields = ("text", "name", "title", "organisation")
        widgets = {"text": forms.Textarea({"rows": 4})}

    def words(self) -> Words:
        """Return what was entered, once the form is valid."""
        told = self.cleaned_data
        return Words(*(told[name].strip() for name in self.Meta.fields))


class OwnForm(WordsForm):
    """The same for the customer, who agrees to these words by a box that is never ticked."""

    agrees = forms.BooleanField(
        label=_("Show exactly this, with my name, to everybody."),
        help_text=_("You can take it back at any time in My privacy; then it is gone at once."),
        initial=False,
        error_messages={"required": _("Without your consent nothing is kept or shown.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.Meta.fields, "agrees"])


class UntilForm(forms.Form):
    """Until when it is shown."""

    until = forms.DateField(label=_("Last day on the page"), required=False, widget=DateInput())
