"""Forms of events."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground.ui.api import MomentInput
from skola.services.events.actions import EventFacts, Guest
from skola.services.events.models import Event


class EventForm(forms.Form):
    """What takes place, when, where, and for how many."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    about = forms.CharField(
        label=gettext_lazy("What happens there"),
        max_length=4_000,
        widget=forms.Textarea({"rows": 6}),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=160)
    starts_at = forms.DateTimeField(label=gettext_lazy("Begins"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends"), widget=MomentInput())
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=30_000,
        required=False,
        help_text=gettext_lazy("Empty where everybody who comes finds room."),
    )

    def __init__(self, *args: Any, event: Event | None = None, **kwargs: Any) -> None:
        if event is not None:
            kwargs["initial"] = {name: getattr(event, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        begins, ends = told.get("starts_at"), told.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("It ends after it begins."))
        return told

    def facts(self) -> EventFacts:
        """Return the event, once the form is valid."""
        return EventFacts(**self.cleaned_data)


class RegisterForm(forms.Form):
    """A registration: who is known says no more; who is not, name and address.

    News is a box of its own, and nothing is ticked beforehand (kic-marketing-consent).
    """

    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("We confirm your seat there, and write if something changes."),
    )
    news = forms.MultipleChoiceField(
        label=gettext_lazy("I also want to get"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only after you have used the link that we mail you."),
    )
    website = forms.CharField(
        label=gettext_lazy("Website: leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(
        self, *args: Any, known: bool, news: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if known:
            for name in ("given_name", "family_name", "email", "news", "website"):
                del self.fields[name]
        elif news:
            self.fields["news"].choices = list(news)  # type: ignore[attr-defined]
        else:
            del self.fields["news"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(
                _("This field is not for people. Leave it empty and send the form again.")
            )
        return ""

    def guest(self) -> Guest:
        """Return who registers without an account, once the form is valid."""
        names = ("given_name", "family_name", "email")
        return Guest(**{name: self.cleaned_data[name] for name in names})
