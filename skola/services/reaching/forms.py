"""Forms of reaching."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.services.reaching import queries
from skola.services.reaching.models import Channel
from skola.services.reaching.webpush import Browser


class BrowserForm(forms.Form):
    """What a browser says about itself when it agrees to show notices."""

    endpoint = forms.URLField(max_length=600, assume_scheme="https")
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)

    def told(self) -> Browser:
        """Return it, once the form is valid."""
        return Browser(**self.cleaned_data)


class SettleForm(forms.Form):
    """What a device shows."""

    notices = forms.BooleanField(
        label=gettext_lazy("Notices about my contracts and courses"), required=False
    )
    offers = forms.BooleanField(label=gettext_lazy("Offers that I agreed to"), required=False)


class TokenForm(forms.Form):
    """What somebody calls the app that a key is for."""

    name = forms.CharField(label=gettext_lazy("Name of the app or phone"), max_length=60)


class NoticeForm(forms.Form):
    """What somebody is told, and by which channel."""

    title = forms.CharField(label=gettext_lazy("Subject"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=4_000, widget=forms.Textarea({"rows": 7})
    )
    channel = forms.ChoiceField(label=gettext_lazy("By which channel"), required=False)

    def __init__(self, *args: Any, person: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = queries.addresses(person, now)
        open_ = [one for one in queries.permitted(now) if one in there]
        field: Any = self.fields["channel"]
        field.choices = [
            ("", _("The first that reaches them; if it fails, the next")),
            *[(one, f"{Channel(one).label}: {there[one]}") for one in open_],
        ]


class OutcomeForm(forms.Form):
    """What came of a call or a letter."""

    reached = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    note = forms.CharField(max_length=200, required=False)
