"""Forms of forums."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.services.courses import api as courses
from skola.services.forums.models import KindChoice, ReadsChoice, Report
from skola.services.forums.rules import Reads, contacts_in, mark_of


class NameForm(forms.Form):
    """The name under one's posts."""

    name = forms.CharField(
        label=gettext_lazy("Your name here"),
        max_length=40,
        help_text=gettext_lazy(
            "It stands under what you write. Choose any; it need not be your full name."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def clean_name(self) -> str:
        """Refuse an address or a number: a name is shown with every post."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if contacts_in(name):
            raise forms.ValidationError(_("Choose a name without an address or a number."))
        return name


class PostForm(NameForm):
    """What somebody writes. Contact data in it are asked about once more (learnifier-6.b).

    The box that confirms them is named after what was found: it holds for exactly these.
    """

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 5})
    )

    field_order = ("title", "body", "name")

    def __init__(
        self, *args: Any, is_titled: bool = False, is_named: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_titled:
            del self.fields["title"]
        if is_named:
            del self.fields["name"]
        found = contacts_in(f"{self._told('title')}\n{self._told('body')}")
        self.found = found if self.is_bound else ()
        if self.found:
            self.fields[f"sure-{mark_of(found)}"] = forms.BooleanField(
                label=gettext_lazy("Post it with these contact data"),
                error_messages={"required": self._question(found)},
            )

    def _told(self, name: str) -> str:
        return str(self.data.get(name, "")) if name in self.fields else ""

    def _question(self, found: tuple[str, ...]) -> str:
        return _(
            "Your text has contact data: %(found)s. Whoever reads it can keep them and write to"
            " you unasked. Take them out, or tick that you want to post them."
        ) % {"found": ", ".join(found)}

    @property
    def text(self) -> dict[str, str]:
        """What was written, once the form is valid."""
        told = self.cleaned_data
        return {name: told[name].strip() for name in ("title", "body") if name in told}


class ReportForm(forms.Form):
    """Why a post should not be there."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HideForm(forms.Form):
    """Why a post is hidden; its author reads it."""

    because = forms.CharField(
        label=gettext_lazy("Why it is hidden"),
        max_length=300,
        help_text=gettext_lazy("The author reads this."),
    )


class ForumForm(forms.Form):
    """A forum as it is set up: of a course, or for everybody or whoever has an account."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=KindChoice.choices)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    about = forms.CharField(label=gettext_lazy("What it is for"), max_length=300, required=False)
    reads = forms.ChoiceField(label=gettext_lazy("Who reads it"))
    course = forms.ModelChoiceField(
        label=gettext_lazy("Course"),
        queryset=courses.Course.objects.none(),
        required=False,
        help_text=gettext_lazy("Where only who takes or makes a course reads it."),
    )
    rules = forms.CharField(
        label=gettext_lazy("Rules of posting"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("They stand beside the box in which people write."),
    )

    def __init__(
        self, *args: Any, reads: list[str], made: Any = None, is_new: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rules"].initial = _(
            "Be kind, and stay with the topic. No advertising, nothing against the law. Tell"
            " nothing private of others, and nothing of yourself that not everybody who reads"
            " this should know."
        )
        field: Any = self.fields["reads"]
        field.choices = [each for each in ReadsChoice.choices if each[0] in reads]
        course: Any = self.fields["course"]
        if Reads.COURSE in reads and is_new:
            course.queryset = made
            course.label_from_instance = lambda one: one.title
        else:
            del self.fields["course"]
        if not is_new:
            del self.fields["kind"]
        if Reads.SIGNED_IN in reads:
            field.initial = Reads.SIGNED_IN  # the whole world only on purpose
        if not field.choices:
            del self.fields["reads"]

    def clean(self) -> dict[str, Any]:
        """One of a course names it, and no other does."""
        told = super().clean() or {}
        if "course" in self.fields and "reads" in told:
            of_course = told["reads"] == Reads.COURSE
            if of_course and not told.get("course") and "course" not in self.errors:
                self.add_error("course", _("Choose the course."))
            if not of_course:
                told["course"] = None
        return told
