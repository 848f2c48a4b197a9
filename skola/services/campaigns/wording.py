"""What pages say about grounds, reasons and refusals, in whole sentences."""

from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.ui.api import day
from skola.promises.consents.api import Consent
from skola.promises.policy.schema import Message, Policy
from skola.services.campaigns import segments
from skola.services.campaigns.rules import DIRECT, MARKETING, POLLS, Fault, Why


def why_not(why: str) -> str:
    """Return why somebody is left out."""
    return {
        Why.NO_ADDRESS: _("no address for this channel"),
        Why.NOT_FOR_THEM: _("not the kind of person this purpose is for"),
        Why.NEVER_TO: _("the policy keeps offers away from them"),
        Why.REFUSED: _("refused"),
        Why.NO_CONSENT: _("no consent for this channel"),
        Why.NO_GROUND: _("no ground: neither consent nor a running relation"),
        Why.NOT_SIMILAR: _("bought nothing similar, and did not consent"),
        Why.OUT_OF_SEGMENT: _("outside of the segment"),
        Why.GONE: _("gone, or the campaign was ended"),
    }.get(Why(why), why)


def fault(found: Fault) -> str:
    """Return why a message is refused, and what now."""
    return {
        Fault.OFFER_IN_SERVICE: _(
            "This kind of message cannot be refused by its readers, so it may not advertise."
            " Take the advertising out, or choose a kind that is an offer."
        ),
        Fault.FIELDS_IN_INTRODUCTION: _(
            "An introduction is the same for everybody: take {name} out of its text."
        ),
        Fault.FILTER: _(
            "This kind of message goes to all alike: take the conditions out, or choose a kind that"
            " is an offer."
        ),
        Fault.PARTNER_IN_OWN: _(
            "A partner appears in offers of partners only: choose that kind, or take the partner"
            " out."
        ),
        Fault.NO_PARTNER: _("Say whose offer it is: choose a partner."),
        Fault.PARTNER_NOT_APPROVED: _(
            "This partner has not been approved. Review the partner first."
        ),
        Fault.NO_SIMILAR: _("Say what the offer is similar to."),
        Fault.CHANNEL: _("This kind of message is not sent by this channel."),
    }[found]


def segment_problem(problem: segments.SegmentError) -> str:
    """Return why a condition is refused."""
    if problem.category:
        return _(
            "Receivers may not be chosen by “%(field)s”: the policy does not let these data serve"
            " this message."
        ) % {"field": problem.field}
    return _("“%(field)s” cannot be compared like that.") % {"field": problem.field}


def operator(op: str) -> str:
    """Return how a condition compares."""
    return {
        segments.IS: _("is"),
        segments.CONTAINS: _("contains"),
        segments.BEFORE: _("is before, or less than"),
        segments.AFTER: _("is from then on, or at least"),
        segments.TIMES: _("is there at least so many times"),
        segments.NEVER: _("is not there at all"),
    }[op]


def channel(name: str) -> str:
    """Return what a channel is called."""
    return {
        "email": _("by e-mail"),
        "account": _("on the first page of the account"),
        "phone": _("by phone"),
        "auto-call": _("by a calling machine"),
        "push": _("on devices"),
        "post": _("by post"),
    }.get(name, name)


def text_of(words: dict[str, str]) -> str:
    """Return a text of the policy in the language of the page, else in English, else in any."""
    language = translation.get_language() or "en"
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def ground(policy: Policy, purpose: str, consent: Consent | None) -> str:
    """Return why a message was sent: its purpose, and which consent it rested on (ilearn-27)."""
    language = translation.get_language() or ""
    shown = language if language in policy.policy.languages else policy.policy.authentic
    names = {one.id: one.name[shown] for one in policy.purpose}
    if consent is None:
        return names.get(purpose) or _("part of the service")
    told = {"purpose": names.get(purpose, purpose), "given": day(consent.given_at)}
    if consent.ended_at is None:
        return _("%(purpose)s: your consent of %(given)s") % told
    return _("%(purpose)s: your consent of %(given)s, which stood until %(ended)s") % {
        **told,
        "ended": day(consent.ended_at),
    }


def name_of(message: Message) -> str:
    """Return what a kind of message is called."""
    return text_of(message.name)


def refusal(policy: Policy, what: str) -> str:
    """Return what is refused."""
    flags = {
        MARKETING: _("all marketing"),
        DIRECT: _("offers addressed to me"),
        POLLS: _("surveys and opinion polls"),
    }
    if what in flags:
        return flags[what]
    if what.startswith("purpose:"):
        ident = what.removeprefix("purpose:")
        names = {one.id: text_of(one.name) for one in policy.purpose}
        return names.get(ident, ident)
    kind, _slash, name = what.partition("/")
    names = {one.id: name_of(one) for one in policy.message}
    return f"{names.get(kind, kind)}, {channel(name)}"
