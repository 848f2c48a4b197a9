"""Forms of posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.services.community.models import SideChoice
from skola.services.school import api as school


class AudienceForm(forms.Form):
    """Who reads and who writes."""

    readers = forms.MultipleChoiceField(
        label=gettext_lazy("Who reads"),
        choices=SideChoice.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("It holds for what is posted from now on."),
    )
    writers = forms.MultipleChoiceField(
        label=gettext_lazy("Who posts"),
        choices=SideChoice.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[SideChoice.STAFF],
    )


class FeedForm(AudienceForm):
    """A place for posts: what it is for, and its audience."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    about = forms.ChoiceField(label=gettext_lazy("For"))

    field_order = ("name", "about", "readers", "writers")

    def __init__(
        self,
        *args: Any,
        classes: list[school.SchoolClass],
        groups: list[school.Group],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._things: dict[str, Any] = {"school": None}
        self._things |= {str(one.pk): one for one in (*classes, *groups)}
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("school", _("the whole school")),
            (_("a class"), [(str(one.pk), one.name) for one in classes]),
            (
                _("a class in a subject"),
                [(str(one.pk), f"{one.school_class.name} {one.subject.name}") for one in groups],
            ),
        ]

    def place(self) -> dict[str, Any]:
        """Return the class or the group that was chosen, as ``open_feed`` takes them."""
        chosen = self._things[self.cleaned_data["about"]]
        if isinstance(chosen, school.Group):
            return {"group": chosen}
        return {"school_class": chosen}


class PostForm(forms.Form):
    """What somebody posts."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 6})
    )
