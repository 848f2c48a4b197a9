"""Forms of the register. What the policy says is asked later, so that a refusal is audited."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.promises.reports.actions import Wanted
from skola.promises.reports.fields import Source, sources
from skola.promises.reports.offering import listing_of
from skola.promises.reports.queries import words_of
from skola.promises.reports.rules import Form

_ID = RegexValidator(r"\A[a-z][a-z0-9_.-]{0,59}\Z", gettext_lazy("This is no name of a purpose."))


class WantedForm(forms.Form):
    """What stands in every kind of report: its title, its purpose, what it reads."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    purpose = forms.CharField(max_length=60, validators=[_ID], widget=forms.HiddenInput)
    form = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Form], widget=forms.HiddenInput
    )

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        told = self.cleaned_data
        return Wanted(title=told["title"], purpose=told["purpose"], form=Form(told["form"]))


class NumbersForm(WantedForm):
    """Numbers: counted by one or two columns, or an amount added up by one."""

    model = forms.CharField(max_length=60, widget=forms.HiddenInput)
    by = forms.ChoiceField(label=gettext_lazy("Count by"))
    across = forms.ChoiceField(label=gettext_lazy("And by"), required=False)
    measure = forms.ChoiceField(label=gettext_lazy("Add up"), required=False)

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        countable = [(one, words_of(one)) for one in source.countable]
        fields["by"].choices = countable
        fields["across"].choices = [("", _("nothing else")), *countable]
        fields["measure"].choices = [
            ("", _("nothing: count the records")),
            *((one, words_of(one)) for one in source.addable),
        ]
        if not source.addable:
            del self.fields["measure"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("across") and told.get("across") == told.get("by"):
            self.add_error("across", _("Choose another column, or nothing else."))
        if told.get("across") and told.get("measure"):
            self.add_error("across", _("Amounts are added up by one column."))
        return told

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        columns = [told["by"], *([told["across"]] if told["across"] else [])]
        return Wanted(
            title=told["title"],
            purpose=told["purpose"],
            form=Form.NUMBERS,
            model=told["model"],
            columns=columns,
            measure=told.get("measure", ""),
        )


class RecordsForm(WantedForm):
    """Records under pseudonyms: which columns are told."""

    model = forms.CharField(max_length=60, widget=forms.HiddenInput)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("What is told"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["columns"].choices = [(one, words_of(one)) for one in source.tellable]

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        return Wanted(
            title=told["title"],
            purpose=told["purpose"],
            form=Form.PSEUDONYMS,
            model=told["model"],
            columns=told["columns"],
        )


class NamesForm(WantedForm):
    """A list with names that a room offers."""

    listing = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        return Wanted(
            title=told["title"],
            purpose=told["purpose"],
            form=Form.NAMES,
            listing=told["listing"],
        )


def form_for(told: Any, *, sent: bool) -> WantedForm | None:
    """Return the form for what a request names; None where it names nothing that exists."""
    data = told if sent else None
    wanted = str(told.get("form", ""))
    if wanted == Form.NAMES:
        offered = listing_of(str(told.get("listing", "")))
        initial = {"listing": offered.id, "title": str(offered.title)} if offered else {}
        return NamesForm(data, initial={**_kept(told), **initial}) if offered else None
    source = sources().get(str(told.get("model", "")))
    if source is None:
        return None
    if wanted == Form.NUMBERS:
        return NumbersForm(data, source=source, initial=_kept(told))
    if wanted == Form.PSEUDONYMS and source.tellable:
        return RecordsForm(data, source=source, initial=_kept(told))
    return None


def _kept(told: Any) -> dict[str, Any]:
    return {name: told.get(name, "") for name in ("purpose", "form", "model")}
