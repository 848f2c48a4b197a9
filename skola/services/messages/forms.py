"""Forms of private messages."""

from django import forms
from django.utils.translation import gettext_lazy


class AnswerForm(forms.Form):
    """What somebody answers."""

    body = forms.CharField(
        label=gettext_lazy("Message"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    attachment = forms.FileField(
        label=gettext_lazy("A document or a picture"),
        required=False,
        help_text=gettext_lazy("At most 10 MB. Only the two of you can open it."),
    )


class WriteForm(AnswerForm):
    """What a conversation begins with."""

    title = forms.CharField(label=gettext_lazy("Subject"), max_length=120)

    field_order = ("title", "body", "attachment")
