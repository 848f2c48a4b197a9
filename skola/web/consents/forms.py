"""Forms of consents."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.promises.consents.api import Question
from skola.web.consents import words

BY_STAFF = ("phone", "in-person", "email", "post", "application-form", "event-form")
"""Ways by which a consent reaches staff, who enter it."""
HEARD = ("phone", "email", "post", "in-person")
"""Ways by which a withdrawal reaches staff: whichever the policy names, none is turned away."""


class SwitchForm(forms.Form):
    """Which switch was used, and whose."""

    purpose = forms.CharField(max_length=80)
    scope = forms.CharField(max_length=120, required=False)
    person = forms.UUIDField()


class EntryForm(forms.Form):
    """What somebody said by phone or in another way, as staff enter it."""

    question = forms.ChoiceField(label=gettext_lazy("To what"))
    channel = forms.ChoiceField(label=gettext_lazy("How it was said"))
    proof = forms.CharField(
        label=gettext_lazy("Where it is shown"),
        max_length=300,
        help_text=gettext_lazy("The number of a recording, or your note of what was said."),
    )

    def __init__(self, *args: Any, questions: list[Question], ways: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(one.key, words.about(one.asking.name, one.by)) for one in questions]
        self.fields["question"].choices = [("", _("Choose one")), *choices]  # type: ignore[attr-defined]
        self.fields["channel"].choices = [(one, words.way(one)) for one in ways]  # type: ignore[attr-defined]
        self.known = {one.key: one for one in questions}

    def clean_question(self) -> Question:
        chosen = self.known.get(self.cleaned_data["question"])
        if chosen is None:
            raise ValidationError(_("Choose one."))
        return chosen


class FilterForm(forms.Form):
    """Which consents are listed."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("any")),
            ("standing", gettext_lazy("stands")),
            ("ended", gettext_lazy("ended")),
        ],
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, purposes: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [("", _("any")), *purposes]  # type: ignore[attr-defined]
