"""Forms of emergencies."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from skola.ground.people.api import Person


class OpenForm(forms.Form):
    """Whom to reach, and why."""

    email = forms.EmailField(
        label=_("E-mail of the person"), help_text=_("The address they are known by here.")
    )
    reason = forms.CharField(
        label=_("What has happened"),
        min_length=15,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "Whose life or health is at risk, and why it cannot wait. The person reads it."
        ),
    )
    person: Person

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        known = list(Person.objects.filter(email=email)[:2])
        if len(known) != 1:
            raise ValidationError(_("Nobody, or more than one, has this address here."))
        self.person = known[0]
        return email


class ReviewForm(forms.Form):
    """Whether it was right."""

    justified = forms.TypedChoiceField(
        label=_("Was it right?"),
        choices=[("yes", _("it was needed")), ("no", _("it was not needed"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What follows"), max_length=1_000, widget=forms.Textarea({"rows": 3})
    )
