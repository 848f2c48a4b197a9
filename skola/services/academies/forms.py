"""Forms of academies."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from skola.promises.rights.api import RightsRequest
from skola.services.academies import queries
from skola.services.academies.actions.fields import Wished
from skola.services.academies.models import Academy, Brand, OwnField
from skola.services.academies.rules import DAYS_AFTER_END, is_free_word

NAMES = {
    "lv": "Latviešu",
    "lt": "Lietuvių",
    "et": "Eesti",
    "sv": "Svenska",
    "en": "English",
}
PLAIN = RegexValidator(
    re.compile(r"^[^\x00-\x1f\x7f<>{}]*$"),
    gettext_lazy("Write it without line breaks and without < > { }."),
)
"""What stands in a policy is read by people and by machines."""


class AboutForm(forms.Form):
    """What pages and policy say of the organisation."""

    name = forms.CharField(
        label=gettext_lazy("Name of the academy"), max_length=60, validators=[PLAIN]
    )
    tagline = forms.CharField(
        label=gettext_lazy("What it is for, in one line"), max_length=120, validators=[PLAIN]
    )
    accent = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=gettext_lazy("Colour"),
        initial="#6b2fa0",
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=gettext_lazy("It is made darker or lighter where a text would not be readable."),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=120,
        validators=[PLAIN],
        help_text=gettext_lazy("Its full name. It decides about the data of its people."),
    )
    number = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=30,
        required=False,
        validators=[PLAIN],
    )
    address = forms.CharField(
        label=gettext_lazy("Postal address"), max_length=200, validators=[PLAIN]
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail for questions about personal data"),
        help_text=gettext_lazy("Requests of your people arrive there. It stands on every page."),
    )

    def clean_accent(self) -> str:
        return str(self.cleaned_data["accent"]).lower()


class BrandForm(AboutForm):
    """The same, later on, with a logo."""

    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("A picture of at most 2 MB. It is shown at the height of a line."),
    )


class FoundingForm(AboutForm):
    """A new academy."""

    word = forms.CharField(
        label=gettext_lazy("Address on the web"),
        max_length=24,
        help_text=gettext_lazy("Small letters, digits and hyphens, from three on."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=Brand.COUNTRIES,
        help_text=gettext_lazy("Whose law and public holidays count."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Main language"),
        choices=list(NAMES.items()),
        help_text=gettext_lazy("In which the words of your privacy policy bind."),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Further languages"),
        choices=list(NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("When the agreement ends, everything is erased after"),
        coerce=int,
        initial=30,
        help_text=gettext_lazy("Until then you can take all of it along."),
    )
    sells = forms.BooleanField(
        label=gettext_lazy("We sell courses to others"),
        required=False,
        help_text=gettext_lazy(
            "The academy gets a shop with prices, orders, payments and news by e-mail."
        ),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("The organisation agrees to the processing agreement below"),
        error_messages={"required": gettext_lazy("Without the agreement there is no academy.")},
    )
    field_order = ("organisation", "number", "country", "address", "email", "name", "word")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days: Any = self.fields["days"]
        days.choices = [
            (number, ngettext("%(num)s day", "%(num)s days", number) % {"num": number})
            for number in DAYS_AFTER_END
        ]

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"]).lower()
        if not is_free_word(word):
            raise ValidationError(
                _("Small letters, digits and hyphens, beginning with a letter; not “%(word)s”.")
                % {"word": word}
            )
        if queries.is_taken(word):
            raise ValidationError(_("This address is taken. Choose another one."))
        return word

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        main = told.get("language")
        if main:
            others = [code for code, _name in settings.LANGUAGES if code in told["languages"]]
            told["languages"] = [main, *(code for code in others if code != main)]
        return told


class AdmissionForm(forms.Form):
    """The operator's staff is let in."""

    reason = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=300,
        help_text=gettext_lazy("Who looks reads it, and it stays in the log."),
    )
    hours = forms.TypedChoiceField(
        label=gettext_lazy("For how long"),
        coerce=int,
        choices=[
            (4, gettext_lazy("4 hours")),
            (24, gettext_lazy("a day")),
            (72, gettext_lazy("3 days")),
            (336, gettext_lazy("2 weeks")),
        ],
    )


class EndingForm(forms.Form):
    """The academy ends."""

    sure = forms.BooleanField(
        label=gettext_lazy("End the academy. This cannot be undone."),
        error_messages={"required": gettext_lazy("Tick it to say that you mean it.")},
    )


class ParticipantForm(forms.Form):
    """A participant of an academy asks at the operator's site."""

    academy = forms.CharField(
        label=gettext_lazy("Address of the academy"),
        max_length=200,
        help_text=gettext_lazy("As it stands in the browser when you learn there."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What do you ask for?"))
    given_name = forms.CharField(label=gettext_lazy("First name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )
    found: Academy | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        wanted = ("access", "rectification", "erasure", "restriction", "objection", "portability")
        labels = dict(RightsRequest.Kind.choices)
        kinds.choices = [(kind, labels[kind]) for kind in wanted]

    def clean_academy(self) -> str:
        self.found = queries.by_address(self.cleaned_data["academy"])
        if self.found is None:
            raise ValidationError(_("There is no academy at this address. Look at it again."))
        return str(self.cleaned_data["academy"])


class AssistForm(forms.Form):
    """What the client cannot do itself."""

    words = forms.CharField(
        label=gettext_lazy("What is to be updated or deleted"),
        max_length=4_000,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Name no more people than it takes: the operator reads this."),
    )


class PlanForm(forms.Form):
    """What will be done for a client, and when."""

    plan = forms.CharField(
        label=gettext_lazy("What will be done, and when"),
        max_length=4_000,
        widget=forms.Textarea({"rows": 3}),
    )


TERMS: list[tuple[int, Any]] = [
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (365, gettext_lazy("a year")),
    (730, gettext_lazy("two years")),
]


class FieldForm(forms.Form):
    """A field of the academy's own: what is asked, what for, and for how long it is kept."""

    label = forms.CharField(label=gettext_lazy("What is asked"), max_length=80)
    purpose = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=200,
        help_text=gettext_lazy("People read it beside the field."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long an answer is kept"), choices=TERMS, coerce=int
    )
    law = forms.CharField(
        label=gettext_lazy("Law that allows it"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only for a national identification number; else leave it empty."),
    )

    def wished(self) -> Wished:
        """Return the field, once the form is valid."""
        return Wished(**self.cleaned_data)


class AnswersForm(forms.Form):
    """One line for each field of the academy; none has to be answered."""

    def __init__(
        self, *args: Any, asked: Sequence[OwnField], known: Mapping[UUID, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        terms = dict(TERMS)
        for one in asked:
            said = _("What for: %(purpose)s. Kept for: %(term)s.")
            self.fields[f"field_{one.pk.hex}"] = forms.CharField(
                label=one.label,
                max_length=500,
                required=False,
                initial=known.get(one.pk, ""),
                help_text=said % {"purpose": one.purpose.rstrip("."), "term": terms[one.days]},
            )

    def told(self) -> dict[OwnField, str]:
        """Return the answers by field, once the form is valid."""
        return {one: self.cleaned_data[f"field_{one.pk.hex}"] for one in self.asked}
