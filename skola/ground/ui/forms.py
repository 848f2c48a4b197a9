"""The form of the display settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.ground.ui.rules import SIZES, Choice, Scheme


class DisplayForm(forms.Form):
    """How pages look to one person."""

    scheme = forms.ChoiceField(
        label=_("Light or dark"),
        choices=[
            (Scheme.AUTO, _("As on my device")),
            (Scheme.LIGHT, _("Light")),
            (Scheme.DARK, _("Dark")),
        ],
        widget=forms.RadioSelect,
    )
    more_contrast = forms.ChoiceField(
        label=_("Contrast"),
        choices=[("0", _("As on my device")), ("1", _("High contrast"))],
        widget=forms.RadioSelect,
    )
    size = forms.TypedChoiceField(
        label=_("Text size"),
        choices=[(size, f"{size} %") for size in SIZES],
        coerce=int,
        widget=forms.RadioSelect,
    )
    readable_font = forms.ChoiceField(
        label=_("Letters"),
        choices=[("0", _("The letters of my device")), ("1", _("Wide letters, more space"))],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = languages
        if len(languages) < 2:
            del self.fields["language"]

    def choice(self) -> Choice:
        """Return what was chosen, once the form is valid."""
        told = self.cleaned_data
        return Choice(
            more_contrast=told["more_contrast"] == "1",
            size=told["size"],
            readable_font=told["readable_font"] == "1",
            scheme=Scheme(told["scheme"]),
        )

    @staticmethod
    def initial_of(choice: Choice, language: str) -> dict[str, object]:
        """Return the values that show a choice."""
        return {
            "scheme": choice.scheme,
            "more_contrast": str(int(choice.more_contrast)),
            "size": choice.size,
            "readable_font": str(int(choice.readable_font)),
            "language": language,
        }


class LanguageForm(forms.Form):
    """The language switch of the header."""

    language = forms.ChoiceField()

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = languages
