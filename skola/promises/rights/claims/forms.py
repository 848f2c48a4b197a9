"""What staff say of claims."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.people.api import Account, Person
from skola.ground.ui.api import DateInput
from skola.promises.policy.api import Policy
from skola.promises.rights.claims import rules
from skola.promises.rights.claims.actions import About, Filed
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.models import Claim, Filing
from skola.promises.rights.requests import terms

HALF_A_YEAR = timedelta(days=182)
LONGEST = timedelta(days=366)


class _ReviewField(forms.DateField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("To be looked at again on"),
            help_text=gettext_lazy(
                "Within a year: what is kept needs somebody who still needs it."
            ),
            widget=DateInput(),
        )


class _Reviewed(forms.Form):
    now: datetime

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        today = terms.local(self.now, self.now)
        if not today < day <= today + LONGEST:
            raise ValidationError(_("Choose a day from tomorrow on, within a year."))
        return day


class ClaimForm(_Reviewed):
    """A claim is opened."""

    known_as = forms.EmailField(label=gettext_lazy("E-mail under which the person is known here"))
    side = forms.ChoiceField(
        label=gettext_lazy("Who demands"), choices=Claim.Side.choices, widget=forms.RadioSelect
    )
    about = forms.CharField(
        label=gettext_lazy("What is demanded, and why"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Which records are needed"),
        help_text=gettext_lazy("These are kept until the claim is closed, and no others."),
        widget=forms.CheckboxSelectMultiple,
    )
    review_on = _ReviewField()

    def __init__(self, *args: Any, policy: Policy, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["review_on"].initial = terms.local(now, now) + HALF_A_YEAR
        names = {one.id: in_language(one.name) for one in policy.category}
        offered: Any = self.fields["categories"]
        offered.choices = [(one, names.get(one, one)) for one in rules.categories(policy)]

    def clean_known_as(self) -> Person:
        email = str(self.cleaned_data["known_as"]).lower()
        account = Account.objects.filter(email=email).select_related("person").first()
        found = account.person if account else Person.objects.filter(email=email).first()
        if found is None:
            raise ValidationError(_("Nobody is known here under this address."))
        return found

    def about_it(self) -> About:
        """Return what the claim is about, once the form is valid."""
        told = self.cleaned_data
        return About(told["side"], told["about"], told["categories"], told["review_on"])


class FilingForm(forms.Form):
    """Something was handed in."""

    place = forms.ChoiceField(label=gettext_lazy("Where"), choices=Filing.Place.choices)
    name = forms.CharField(label=gettext_lazy("Its name"), max_length=200)
    what = forms.CharField(
        label=gettext_lazy("What was handed in"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    filed_on = forms.DateField(label=gettext_lazy("On"), widget=DateInput())

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_filed_on(self) -> date:
        day: date = self.cleaned_data["filed_on"]
        if day > terms.local(self.now, self.now):
            raise ValidationError(_("This day has not come yet."))
        return day

    def filed(self) -> Filed:
        """Return what went where, once the form is valid."""
        told = self.cleaned_data
        return Filed(told["place"], told["name"], told["what"], told["filed_on"])


class ReviewForm(_Reviewed):
    """It is needed still."""

    review_on = _ReviewField()

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now


class CloseForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=Claim.Outcome.choices,
        widget=forms.RadioSelect,
    )
