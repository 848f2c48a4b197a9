"""Samples for the style page: every component in every state, with invented people and things."""

from datetime import UTC, date, datetime

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from skola.ground.ui.fields import DateInput
from skola.ground.ui.icons import NAMES

_TODAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

_LESSON = """\
## Why a ladder stands at 75 degrees

A ladder that stands **too steep** tips backwards; one that stands too flat slides away. The rule \
of four helps: for every four metres of height, one metre of distance from the wall.

- Look at the ground first.
- Ask somebody to hold the foot.

> Whoever climbs has both hands free.

| Height | Distance |
|:-------|---------:|
| 4 m    | 1 m      |
| 6 m    | 1.5 m    |

The [labour inspectorate](https://example.org/ladders) has more; so has the [next lesson](/next/).
<script>alert("this is shown, not run")</script>
"""


class SampleForm(forms.Form):
    """One field of each kind that the rooms use."""

    name = forms.CharField(label="Name of the course", help_text="As learners see it.")
    about = forms.CharField(label="About", widget=forms.Textarea, required=False)
    email = forms.EmailField(label="E-mail for questions")
    starts_on = forms.DateField(label="Starts on", widget=DateInput())
    seats = forms.IntegerField(label="Seats", min_value=1)
    language = forms.ChoiceField(label="Language", choices=[("lv", "Latviešu"), ("en", "English")])
    level = forms.ChoiceField(
        label="Level",
        help_text="Shown beside the title.",
        choices=[("a", "For everybody"), ("b", "With experience")],
        widget=forms.RadioSelect,
    )
    for_whom = forms.MultipleChoiceField(
        label="For whom",
        choices=[("p", "Pupils"), ("t", "Teachers"), ("c", "Companies")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    picture = forms.FileField(label="Picture", required=False, help_text="At most 2 MB.")
    agreed = forms.BooleanField(
        label="I have read the terms.", help_text="They open on a page of their own."
    )


class SampleFilter(forms.Form):
    """Filters of a list."""

    state = forms.ChoiceField(
        label="State", choices=[("", "All"), ("open", "Open")], required=False
    )
    word = forms.CharField(label="Contains", required=False)


def samples(request: HttpRequest) -> dict[str, object]:
    """Return what ``ui/styleguide.html`` shows."""
    wrong = SampleForm({"name": "", "email": "not an address", "level": "z", "seats": "0"})
    wrong.is_valid()
    pages = Paginator(range(1, 131), 50)
    return {
        "today": _TODAY,
        "begin": date(2025, 3, 3),
        "end": date(2027, 3, 14),
        "lesson": _LESSON,
        "form": SampleForm(auto_id="id_free_%s"),
        "wrong": wrong,
        "filter": SampleFilter(request.GET or None, auto_id="id_filter_%s"),
        "sample_page": pages.page(2),
        "icon_names": NAMES,
        "absences": [("September", 14), ("October", 31), ("November", 22), ("December", 9)],
    }
