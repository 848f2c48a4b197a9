"""Fields of any form: tied to their words, and deaf to hostile ones."""

from datetime import date, time

import pytest
from django import forms

from skola.ground.ui.api import DateInput, TimeInput
from skola.ground.ui.fields import faults
from skola.ground.ui.tests import make

HOSTILE = '"><script>alert(1)</script>'


class Sample(forms.Form):
    word = forms.CharField(label=HOSTILE, help_text="Anything & all")
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", HOSTILE)], widget=forms.RadioSelect, help_text="Pick one"
    )
    agreed = forms.BooleanField(label="Agreed")
    remark = forms.CharField(label="Remark", required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_word(self) -> str:
        raise forms.ValidationError(HOSTILE)


class Meeting(forms.Form):
    on = forms.DateField(widget=DateInput())
    at = forms.TimeField(widget=TimeInput())


def _wrong() -> Sample:
    form = Sample({"word": HOSTILE, "kind": "z", "remark": HOSTILE})
    assert not form.is_valid()
    return form


def test_hostile_words_are_shown_and_not_run() -> None:
    shown = make.drawn("{{ ui.form(form, '') }}", form=_wrong())
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") >= 5


def test_a_control_names_its_help_and_its_error() -> None:
    shown = make.drawn("{{ ui.field(form['word']) }}", form=_wrong())
    assert 'aria-describedby="id_word_helptext id_word_error"' in shown
    assert 'id="id_word_helptext"' in shown
    assert 'id="id_word_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert '<label for="id_word">' in shown


def test_several_controls_share_a_fieldset_with_a_legend() -> None:
    shown = make.drawn("{{ ui.field(form['kind']) }}", form=Sample())
    assert "<fieldset" in shown
    assert "<legend>Kind</legend>" in shown
    assert 'aria-describedby="id_kind_helptext"' in shown


def test_a_tick_box_stands_before_its_label() -> None:
    shown = make.drawn("{{ ui.field(form['agreed']) }}", form=Sample())
    assert shown.index('type="checkbox"') < shown.index('<label for="id_agreed">')


def test_only_what_may_stay_empty_says_so() -> None:
    assert "(optional)" in make.drawn("{{ ui.field(form['remark']) }}", form=Sample())
    assert "(optional)" not in make.drawn("{{ ui.field(form['word']) }}", form=Sample())


def test_a_hidden_field_is_drawn_bare() -> None:
    shown = make.drawn("{{ ui.field(form['hidden']) }}", form=Sample())
    assert shown.strip() == '<input type="hidden" name="hidden" id="id_hidden">'


def test_the_summary_leads_to_every_field_in_fault() -> None:
    form = _wrong()
    shown = make.drawn("{{ ui.error_summary(form) }}", form=form)
    assert 'role="alert"' in shown
    assert [control for control, _label, _error in faults(form)] == [
        "id_word",
        "id_kind_0",
        "id_agreed",
    ]
    assert 'href="#id_kind_0"' in shown


def test_a_form_without_faults_has_no_summary() -> None:
    assert make.drawn("{{ ui.error_summary(form) }}", form=Sample()).strip() == ""


def test_a_form_that_sends_files_says_so() -> None:
    class Upload(forms.Form):
        file = forms.FileField()

    assert 'enctype="multipart/form-data"' in make.drawn("{{ ui.form(form) }}", form=Upload())


@pytest.mark.parametrize(
    ("name", "expected"),
    [("on", 'type="date" name="on" value="2027-03-14"'), ("at", 'type="time" name="at" value="09')],
)
def test_days_and_times_use_the_browsers_own_control(name: str, expected: str) -> None:
    form = Meeting(initial={"on": date(2027, 3, 14), "at": time(9, 5)})
    assert expected in make.drawn("{{ ui.field(form[name]) }}", form=form, name=name)
