"""What a template needs to draw one field of any form, its words tied to its control."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Drawn:
    """One form field, ready to draw. ``control`` is markup that Django has escaped."""

    kind: str
    """``line``, ``choice`` (one tick box) or ``group`` (a fieldset)."""
    id: str
    label: str
    help: str
    errors: tuple[str, ...]
    required: bool
    control: SafeString

    @property
    def help_id(self) -> str:
        """Id of the help sentence."""
        return f"{self.id}_helptext"

    @property
    def error_id(self) -> str:
        """Id of the error list."""
        return f"{self.id}_error"


def kind_of(widget: forms.Widget) -> str:
    """Return how a widget is laid out: ``line``, ``choice`` or ``group``."""
    if isinstance(widget, forms.CheckboxInput):
        return "choice"
    if widget.use_fieldset:
        return "group"
    return "line"


def drawn(field: BoundField) -> Drawn:
    """Return the parts of a bound field; help and errors are named by ``aria-describedby``."""
    widget = field.field.widget
    kind = kind_of(widget)
    base = field.auto_id or f"field-{field.html_name}"
    attrs: dict[str, Any] = {}
    if not field.auto_id and kind != "group":
        attrs["id"] = base
    described = _described(field, base)
    if described and kind != "group" and "aria-describedby" not in widget.attrs:
        attrs["aria-describedby"] = described
    return Drawn(
        kind=kind,
        id=base,
        label=str(field.label),
        help=str(field.help_text),
        errors=tuple(str(error) for error in field.errors),
        required=field.field.required,
        control=field.as_widget(attrs=attrs),
    )


def _described(field: BoundField, base: str) -> str:
    ids = []
    if field.help_text:
        ids.append(f"{base}_helptext")
    if field.errors:
        ids.append(f"{base}_error")
    return " ".join(ids)


def faults(form: forms.BaseForm) -> list[tuple[str, str, str]]:
    """Return (id of the control, label, error) for each field in fault, in the form's order."""
    return [
        (_first_control(field), str(field.label), str(error))
        for field in form
        for error in field.errors
    ]


def _first_control(field: BoundField) -> str:
    return f"{field.auto_id}_0" if kind_of(field.field.widget) == "group" else field.id_for_label


class DateInput(forms.DateInput):
    """A day, picked by the browser's own control, which speaks ISO 8601 only."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and a time in the active time zone, picked by the browser's own control."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class TimeInput(forms.TimeInput):
    """A time of day, picked by the browser's own control."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class CountryField(forms.RegexField):
    """A country by its two letters (ISO 3166-1), which come out large."""

    def __init__(self, *, help_text: "StrOrPromise") -> None:
        super().__init__(
            r"^[A-Za-z]{2}$",
            label=_("Country"),
            help_text=help_text,
            error_messages={"invalid": _("Write two letters, such as LV.")},
        )

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).upper()
