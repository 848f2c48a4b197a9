"""What an officer changes: single numbers, or the whole file."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.promises.policy.api import Period, Policy, Problem, Unit, parse_period
from skola.promises.policy.periods import BadPeriodError
from skola.promises.policy.problems import PolicyError
from skola.promises.policy.source import LARGEST, Source, read_bytes
from skola.promises.simulation.rules import LONGEST
from skola.promises.simulation.terms import Number, numbers_of

UNITS: dict[Unit, Promise] = {
    Unit.DAY: gettext_lazy("days"),
    Unit.WORKING_DAY: gettext_lazy("working days"),
    Unit.WEEK: gettext_lazy("weeks"),
    Unit.MONTH: gettext_lazy("months"),
    Unit.YEAR: gettext_lazy("years"),
    Unit.HOUR: gettext_lazy("hours"),
    Unit.MINUTE: gettext_lazy("minutes"),
}
PARTS: dict[str, Promise] = {
    "at_most": gettext_lazy("at most"),
    "at_least": gettext_lazy("at least"),
    "then": gettext_lazy("once nothing needs it any more, within"),
    "backstop": gettext_lazy("in any case no longer than"),
}


class YearsForm(forms.Form):
    """How far to look ahead."""

    years = forms.IntegerField(
        label=gettext_lazy("Years to look ahead"),
        min_value=1,
        max_value=LONGEST,
        initial=LONGEST,
    )


class NumbersForm(YearsForm):
    """Each period of the policy's terms as a number and a unit."""

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = list(numbers_of(policy))
        for number in self.numbers:
            self.fields[number.field] = forms.IntegerField(
                label=str(PARTS[number.table]), min_value=1, initial=number.period.amount
            )
            self.fields[f"{number.field}__unit"] = forms.ChoiceField(
                label=_("Unit"),
                choices=[(unit.value, word) for unit, word in UNITS.items()],
                initial=number.period.unit.value,
            )

    def rows(self) -> list[tuple[Number, Any, Any]]:
        """Each period with its two fields."""
        return [(one, self[one.field], self[f"{one.field}__unit"]) for one in self.numbers]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        self.periods: dict[str, Period] = {}
        for number in self.numbers:
            amount, unit = told.get(number.field), told.get(f"{number.field}__unit")
            if not amount or not unit:
                continue
            period = Period(amount, Unit(unit))
            try:
                self.periods[number.field] = parse_period(str(period))
            except BadPeriodError:
                self.add_error(number.field, _("A term has at most 100 years."))
        return told


class FileForm(YearsForm):
    """A changed policy as a file, or as its text. Nothing of it is kept."""

    file = forms.FileField(
        label=gettext_lazy("The changed policy as a file"),
        help_text=gettext_lazy("A TOML file of at most one megabyte. It is read and not kept."),
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        max_length=LARGEST,
        strip=False,
        required=False,
    )
    source: Source | None = None
    problems: tuple[Problem, ...] = ()

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        file, text = told.get("file"), told.get("text") or ""
        if self.errors:
            return told
        if file is None and not text.strip():
            raise forms.ValidationError(_("Choose a file or paste its text."))
        name = file.name if file is not None else _("your text")
        if file is not None and file.size > LARGEST:
            self.add_error("file", _("The file has more than one megabyte; it was not read."))
            return told
        data = file.read() if file is not None else text.encode()
        try:
            self.source = read_bytes(data, name)
        except PolicyError as error:
            self.problems = error.problems
        return told
