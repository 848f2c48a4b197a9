"""Forms of campaigns."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skola.promises.policy.schema import Message, Policy
from skola.services.campaigns import refusing, rules, segments, wording
from skola.services.campaigns.actions import Draft
from skola.services.campaigns.models import Campaign, Delivery, Partner, Refusal

CONDITIONS = (1, 2)


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class CampaignForm(forms.Form):
    """What is sent, by which channel, to whom; what the kind forbids is refused when it is saved.

    Names of columns are taken as they come: those that are not on offer are refused by the rules,
    and the refusal is on record.
    """

    channel = forms.ChoiceField(label=_("Channel"))
    subject = forms.CharField(label=_("Subject"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Write {name} where the first name of the reader is to stand."),
    )
    offer = forms.CharField(
        label=_("What is advertised"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Stands in a frame of its own below the text."),
    )
    link = forms.URLField(label=_("Link"), max_length=300, required=False, assume_scheme="https")
    partner = forms.ModelChoiceField(
        label=_("Partner"), queryset=Partner.objects.none(), required=False
    )
    similar_to = forms.CharField(
        label=_("Similar to"),
        max_length=300,
        required=False,
        help_text=_(
            "Titles of what clients bought before, separated by semicolons. Without consent an"
            " offer by e-mail reaches only who bought one of these."
        ),
    )

    def __init__(self, *args: Any, policy: Policy, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.message = message
        channels = [(one, wording.channel(one)) for one in rules.channels_of(message)]
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]
        partners = self.fields["partner"]
        assert isinstance(partners, forms.ModelChoiceField)
        partners.queryset = Partner.objects.order_by("name")
        columns = [(one, segments.label(one)) for one in segments.offered(policy, message)]
        for number in CONDITIONS:
            self._add_condition(number, columns)
        self.hidden = set() if message.kind == "offer" else {"offer", "similar_to"}
        if message.sender != "partner":
            self.hidden.add("partner")
        if not columns:
            self.hidden |= {f"{n}_{i}" for n in ("field", "op", "value") for i in CONDITIONS}

    def _add_condition(self, number: int, columns: list[tuple[str, str]]) -> None:
        select = forms.Select(choices=[("", _("everybody")), *columns])
        self.fields[f"field_{number}"] = forms.CharField(
            label=_("Only people of whom"), max_length=120, required=False, widget=select
        )
        self.fields[f"op_{number}"] = forms.ChoiceField(
            label=_("How it compares"),
            required=False,
            choices=[(one, wording.operator(one)) for one in segments.OPERATORS],
        )
        self.fields[f"value_{number}"] = forms.CharField(
            label=_("With what"), max_length=80, required=False
        )

    @property
    def shown(self) -> list[Any]:
        """The fields that this kind of message has."""
        return [one for one in self if one.name not in self.hidden]

    def draft(self) -> Draft:
        """Return what was written, once the form is valid."""
        told = self.cleaned_data
        conditions = tuple(
            segments.Condition(
                told[f"field_{one}"], told[f"op_{one}"] or segments.IS, told[f"value_{one}"]
            )
            for one in CONDITIONS
            if told[f"field_{one}"]
        )
        return Draft(
            kind=self.message.id,
            channel=told["channel"],
            subject=told["subject"],
            text=told["text"],
            offer=told["offer"],
            link=told["link"],
            partner=told["partner"],
            similar_to=told["similar_to"],
            conditions=conditions,
        )

    @staticmethod
    def initial_of(campaign: Campaign) -> dict[str, Any]:
        """Return the values of a campaign that is written anew."""
        found = {
            name: getattr(campaign, name)
            for name in ("channel", "subject", "text", "offer", "link", "partner", "similar_to")
        }
        for number, one in enumerate(campaign.segment, 1):
            found |= {f"field_{number}": one["field"], f"op_{number}": one["op"]}
            found[f"value_{number}"] = one["value"]
        return found


class PartnerForm(forms.Form):
    """Somebody whose offers might be sent."""

    name = forms.CharField(label=_("Name"), max_length=120)
    website = forms.URLField(label=_("Address on the web"), max_length=200, assume_scheme="https")


class JudgeForm(forms.Form):
    """What came of the review of a partner."""

    findings = forms.CharField(
        label=_("What was looked at"), max_length=2_000, widget=forms.Textarea({"rows": 3})
    )
    approved = forms.BooleanField(label=_("We send offers of this partner"), required=False)


class RefusalForm(forms.Form):
    """Staff enter what somebody said by phone or by e-mail (kic-rights-marketing)."""

    address = forms.CharField(
        label=_("E-mail address or phone number"),
        max_length=254,
        help_text=_("The one under which we know them."),
    )
    what = forms.ChoiceField(label=_("What they want no more"))
    way = forms.ChoiceField(
        label=_("How they said so"),
        choices=[(one.value, one.label) for one in (Refusal.Way.PHONE, Refusal.Way.EMAIL)],
    )
    told_at = forms.DateTimeField(label=_("When"), required=False, widget=_Moment())

    def __init__(self, *args: Any, policy: Policy, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        words = sorted(refusing.words_of(policy), key=lambda one: (one not in rules.FLAGS, one))
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (one, wording.refusal(policy, one)) for one in words
        ]

    def clean_told_at(self) -> datetime:
        told: datetime | None = self.cleaned_data["told_at"]
        if told is not None and told > self.now:
            raise forms.ValidationError(_("This moment has not come yet."))
        return told or self.now


class ResultForm(forms.Form):
    """What came of a call or a letter."""

    result = forms.ChoiceField(choices=Delivery.Result.choices)


class SubscribeForm(forms.Form):
    """An address, and what it wants; nothing is ticked beforehand (ilearn-33)."""

    email = forms.EmailField(label=_("Your e-mail"))
    kinds = forms.MultipleChoiceField(
        label=_("What you want to get"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, messages: list[Message], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (one.id, wording.name_of(one)) for one in messages
        ]
