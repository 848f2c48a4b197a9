"""Forms of the people's administration."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.ground.people.api import Account, Finding, Guardianship, Person, Role
from skola.ground.ui.api import DateInput
from skola.promises.policy.api import has, in_force
from skola.services.staff.api import Wanted

COURSE = "courses.course"
IN_SCHOOLS = frozenset({"marks", "excuse"})
"""Powers that mean something only where there is a school's diary."""
POWERS = [
    ("see", gettext_lazy("see results and progress")),
    ("marks", gettext_lazy("see marks")),
    ("excuse", gettext_lazy("send absence notes")),
    ("request", gettext_lazy("make requests about the data")),
    ("consent", gettext_lazy("consent in the child's place")),
    ("message", gettext_lazy("write to teachers")),
]

KINDS = [
    (kind, word)
    for kind, word in Role.Kind.choices
    if kind not in (Role.Kind.TEACHER, Role.Kind.SCHOOL, Role.Kind.AUTHORITY)
]
"""What is given here; roles of a school or an authority are given there, for one of them."""


class SearchForm(forms.Form):
    """Name, e-mail or phone, in part."""

    q = forms.CharField(required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1)


class InviteForm(forms.Form):
    """Whom to invite; they sign in with a code that goes to their address."""

    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=80)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    kind = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[("", gettext_lazy("none")), *KINDS],
        required=False,
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Account.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Somebody has an account with this address already."))
        return email


class RoleForm(forms.Form):
    """What the person may do, for what, and until when."""

    kind = forms.ChoiceField(label=gettext_lazy("Role"), choices=KINDS)
    scope = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=[
            ("", gettext_lazy("the whole service")),
            (COURSE, gettext_lazy("one course")),
        ],
        required=False,
    )
    scope_id = forms.UUIDField(
        label=gettext_lazy("Course"),
        help_text=gettext_lazy("Only for one course: its identifier."),
        required=False,
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DateInput(),
        help_text=gettext_lazy("Leave it empty for a role without an end."),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=200,
        help_text=gettext_lazy("Read by who approves it, where a role has to be approved."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("scope") == COURSE:
            course = apps.get_model("courses", "Course")
            chosen = told.get("scope_id")
            if chosen is None or not course._default_manager.filter(pk=chosen).exists():
                self.add_error("scope_id", _("There is no such course."))
        else:
            told["scope_id"] = None
        return told

    def wanted(self) -> Wanted:
        """Return the role that is meant, once the form is valid."""
        told = self.cleaned_data
        return Wanted(
            told["kind"], told["scope"], told["scope_id"], told["ends_on"], told["reason"]
        )

    def clean_ends_on(self) -> datetime | None:
        """Return the local midnight after the last day."""
        day = self.cleaned_data["ends_on"]
        if day is None:
            return None
        zone = ZoneInfo(in_force(clock.now()).policy.policy.timezone)
        end = datetime.combine(day + timedelta(days=1), time(), zone)
        if end <= clock.now():
            raise forms.ValidationError(_("This day is over."))
        return end


class SuspensionForm(forms.Form):
    """Why sign-in is suspended; the person reads both."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[one for one in Account.Reason.choices if one[0] != Account.Reason.CLOSED],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("What the person is told besides"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FindingForm(forms.Form):
    """What is wrong with the registration; the person reads it and may put it right."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What was found"),
        choices=Finding.Kind.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("How it was found"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # the form of suspension on the same page has a reason too
        super().__init__(*args, **{"auto_id": "finding_%s", **kwargs})


class GuardianForm(forms.Form):
    """Who stands for this person."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail of the guardian"),
        help_text=gettext_lazy("The address under which the guardian is known here."),
    )
    powers = forms.MultipleChoiceField(
        label=gettext_lazy("What the guardian may do"),
        choices=POWERS,
        initial=[power for power, _words in POWERS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, child: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.child = child
        if not has("diary.school", now=clock.now()):
            offered = [choice for choice in POWERS if choice[0] not in IN_SCHOOLS]
            self.fields["powers"] = forms.MultipleChoiceField(
                label=self.fields["powers"].label,
                choices=offered,
                initial=[power for power, _words in offered],
                widget=forms.CheckboxSelectMultiple,
            )

    def clean_email(self) -> Person:
        email = str(self.cleaned_data["email"]).lower()
        found = Person.objects.filter(email=email).exclude(pk=self.child.pk).order_by("created_at")
        guardian = found.first()
        if guardian is None:
            raise forms.ValidationError(_("Nobody else is known here under this address."))
        return guardian


class ProofForm(forms.Form):
    """How the link between child and guardian was proven."""

    proof = forms.ChoiceField(
        label=gettext_lazy("Proof"), choices=Guardianship.Proof.choices, widget=forms.RadioSelect
    )
