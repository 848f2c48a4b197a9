"""What people and staff say of requests."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.ground import clock
from skola.ground.people.api import Account, Person
from skola.ground.ui.api import DateInput
from skola.promises.policy.api import InForce
from skola.promises.retention.api import opened_of
from skola.promises.rights.concerned import concerns, kinds_of
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.mailing.knowing import is_known_number
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.objections.besides import open_at
from skola.promises.rights.objections.rules import pausable
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.actions import Asked, Asker, Shown
from skola.promises.rights.requests.rules import SEEN_BY_STAFF

Kind, Channel, Reply = RightsRequest.Kind, RightsRequest.Channel, RightsRequest.Reply
MOST_CENTS = 10**9
LETTERS = (Reply.REGISTERED, Reply.POST)


class WordsForm(forms.Form):
    """Some words."""

    body = forms.CharField(max_length=4_000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = label


class WhatForm(forms.Form):
    """What somebody asks for, of what the policy in force offers."""

    kind = forms.ChoiceField(label=gettext_lazy("What do you ask for?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("Only where it helps us. You need not give a reason."),
        max_length=4_000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, found: InForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = terms.offered(found)
        self.choose("kind", [(kind.value, kind.label) for kind in self.kinds])

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Offer these choices in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class _RequestForm(WhatForm):
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("Which use do you object to?"),
        help_text=gettext_lazy("Only for an objection. Tick none to object to all of them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    claimed = forms.DecimalField(
        label=gettext_lazy("Sum that you claim, in euros"),
        help_text=gettext_lazy("Only for a claim of compensation."),
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(MOST_CENTS) / 100,
        decimal_places=2,
    )
    reply_by = forms.ChoiceField(
        label=gettext_lazy("How do you want the answer?"), widget=forms.RadioSelect
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail for the answer"),
        help_text=gettext_lazy("Any address that you name."),
        required=False,
    )
    address = forms.CharField(
        label=gettext_lazy("Postal address for the answer"), max_length=200, required=False
    )

    def __init__(
        self, *args: Any, found: InForce, about: Person | None = None, **kwargs: Any
    ) -> None:
        """``about`` is whose data it is about, where that is known."""
        super().__init__(*args, found=found, **kwargs)
        self.ways = self._ways(found)
        self.choose("reply_by", [(way.value, way.label) for way in self.ways])
        self.fields["reply_by"].initial = self.ways[0].value
        if Kind.COMPENSATION not in self.kinds:
            del self.fields["claimed"]
        uses = pausable(found.policy) if Kind.OBJECTION in self.kinds else ()
        if about is not None:
            whose = kinds_of(found.policy, opened_of(about.pk))
            uses = tuple(one for one in uses if concerns(one, whose))
        named = [(one.id, in_language(one.name)) for one in uses]
        if Kind.OBJECTION in self.kinds:
            named += [(one.name, one.label()) for one in open_at(clock.now())]
        if named and self.initial.get("kind", Kind.OBJECTION) == Kind.OBJECTION:
            self.choose("purposes", named)
        else:
            del self.fields["purposes"]

    def _ways(self, found: InForce) -> tuple[RightsRequest.Reply, ...]:
        return tuple(way for way in terms.replies(found.policy) if way != Reply.IN_PERSON)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        names_email = "email" in self.fields and told.get("reply_by") == Reply.EMAIL
        if names_email and not told.get("email"):
            self.add_error("email", _("Name the address to which the answer goes."))
        if told.get("reply_by") in LETTERS and not told.get("address"):
            self.add_error("address", _("Name the address to which the letter goes."))
        claims = told.get("kind") == Kind.COMPENSATION and "claimed" not in self.errors
        if claims and not told.get("claimed"):
            self.add_error("claimed", _("Name the sum that you claim."))
        return told

    def asked(self, *, channel: str, language: str) -> Asked:
        """Return what is asked, once the form is valid."""
        told = self.cleaned_data
        claimed = told.get("claimed") if told["kind"] == Kind.COMPENSATION else None
        return Asked(
            kind=told["kind"],
            channel=channel,
            reply_by=told["reply_by"],
            words=told["words"],
            language=language,
            claimed_cents=int(claimed * 100) if claimed else None,
            purposes=tuple(told.get("purposes", ())) if told["kind"] == Kind.OBJECTION else (),
        )


class OwnForm(_RequestForm):
    """A request in the account: who asks is known."""

    def asker(self) -> Asker:
        """Return where the answer goes."""
        told = self.cleaned_data
        email = told["email"] if told["reply_by"] == Reply.EMAIL else ""
        address = told["address"] if told["reply_by"] in LETTERS else ""
        return Asker(email=email, address=address)


class ChildForm(_RequestForm):
    """A request that a guardian files for a child; the answer goes to the guardian's account.

    Nothing about the guardian is written into it: it is in every copy of the child's data.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]
        del self.fields["address"]

    def _ways(self, found: InForce) -> tuple[RightsRequest.Reply, ...]:
        ways = tuple(way for way in terms.replies(found.policy) if way == Reply.ACCOUNT)
        return ways or (Reply.ACCOUNT,)

    def asker(self) -> Asker:
        """Return where the answer goes: to the account, so nothing."""
        return Asker()


class GuestForm(_RequestForm):
    """A request of somebody without an account, on a page that a link to their address opened.

    An answer by e-mail goes to that address and to no other.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]

    def _ways(self, found: InForce) -> tuple[RightsRequest.Reply, ...]:
        ways = (Reply.EMAIL, *LETTERS)
        return tuple(way for way in terms.replies(found.policy) if way in ways)

    def asker(self, email: str) -> Asker:
        """Return where the answer goes."""
        told = self.cleaned_data
        by_post = told["reply_by"] in LETTERS
        return Asker(email=email, address=told["address"] if by_post else "")


class _ProofFields(forms.Form):
    proof = forms.ChoiceField(
        label=gettext_lazy("How did they show who they are?"), widget=forms.RadioSelect
    )
    document = forms.ChoiceField(
        label=gettext_lazy("Which document"),
        help_text=gettext_lazy("Only its kind is kept: no copy, no number."),
        required=False,
    )

    def _offer_proofs(self, found: InForce, *, none: bool) -> None:
        known = terms.proofs(found.policy)
        seen = [
            one for one in RightsRequest.Shown if one.value in SEEN_BY_STAFF and one.value in known
        ]
        proofs: Any = self.fields["proof"]
        proofs.choices = [("", _("not yet"))] * none + [(one.value, one.label) for one in seen]
        proofs.required = not none
        documents: Any = self.fields["document"]
        documents.choices = [("", _("none")), *RightsRequest.Document.choices]

    def _check_document(self, told: dict[str, Any]) -> None:
        if told.get("proof") == RightsRequest.Shown.DOCUMENT and not told.get("document"):
            self.add_error("document", _("Say which document was shown."))

    def shown(self) -> Shown | None:
        """Return the proof, once the form is valid; None where there is none yet."""
        told = self.cleaned_data
        if not told["proof"]:
            return None
        is_document = told["proof"] == RightsRequest.Shown.DOCUMENT
        return Shown(told["proof"], told["document"] if is_document else "")


class ProofForm(_ProofFields):
    """Staff enter how somebody showed who they are."""

    def __init__(self, *args: Any, found: InForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_proofs(found, none=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        self._check_document(told)
        return told


class RegisterForm(_RequestForm, _ProofFields):
    """Staff note a request that came in person, by letter, e-mail, phone, or as a signed file."""

    channel = forms.ChoiceField(label=gettext_lazy("How it came"), widget=forms.RadioSelect)
    received_on = forms.DateField(label=gettext_lazy("Received on"), widget=DateInput())
    known_as = forms.CharField(
        label=gettext_lazy("E-mail or phone number under which the person is known here"),
        help_text=gettext_lazy("Leave it empty where nobody is found."),
        max_length=254,
        required=False,
    )
    given_name = forms.CharField(label=gettext_lazy("First name"), max_length=80, required=False)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=80, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)

    field_order = [
        "channel",
        "received_on",
        "kind",
        "words",
        "purposes",
        "claimed",
        "known_as",
        "given_name",
        "family_name",
        "phone",
        "proof",
        "document",
        "reply_by",
        "email",
        "address",
    ]
    NOTED = (
        Channel.IN_PERSON,
        Channel.POST,
        Channel.EMAIL,
        Channel.SIGNED_FILE,
        Channel.PHONE,
    )

    def __init__(self, *args: Any, found: InForce, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, found=found, **kwargs)
        self.now = now
        self._offer_proofs(found, none=True)
        self.choose("channel", [(one.value, one.label) for one in self.NOTED])
        self.fields["received_on"].initial = terms.local(now, now)
        self.fields["kind"].label = _("What they ask for")
        self.fields["words"].label = _("In their words")
        self.fields["words"].help_text = _("No more than is needed to answer.")
        self.fields["reply_by"].label = _("How they want the answer")
        if "purposes" in self.fields:
            self.fields["purposes"].label = _("Which use they object to")
        if "claimed" in self.fields:
            self.fields["claimed"].label = _("Sum that they claim, in euros")

    def _ways(self, found: InForce) -> tuple[RightsRequest.Reply, ...]:
        return terms.replies(found.policy)

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > terms.local(self.now, self.now):
            raise ValidationError(_("This day has not come yet."))
        return day

    number = ""
    """A phone number under which records stand, and no person is known by an address."""

    def clean_known_as(self) -> Person | None:
        email = str(self.cleaned_data["known_as"]).lower()
        if not email:
            return None
        if "@" not in email and is_known_number(email):
            self.number = email
            return None
        account = Account.objects.filter(email=email).select_related("person").first()
        found = account.person if account else Person.objects.filter(email=email).first()
        if found is None:
            raise ValidationError(_("Nobody is known here under this address or number."))
        return found

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        self._check_document(told)
        wants_account = told.get("reply_by") == Reply.ACCOUNT
        if wants_account and not Account.objects.filter(person=told.get("known_as")).exists():
            self.add_error("reply_by", _("They have no account here. Choose another way."))
        return told

    def asker(self) -> Asker:
        """Return what was told about who asks, once the form is valid."""
        names = ("given_name", "family_name", "email", "phone", "address")
        return Asker(**{name: self.cleaned_data[name] for name in names})

    def received_at(self) -> datetime:
        """Return the moment of receipt: now, or noon of an earlier day."""
        day = self.cleaned_data["received_on"]
        if day == terms.local(self.now, self.now):
            return self.now
        return datetime.combine(day, time(12), terms.zone(self.now))
