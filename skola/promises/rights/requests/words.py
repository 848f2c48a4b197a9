"""What is written to people about their requests, in the language of the request."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.ui import formats
from skola.promises.policy.api import Policy, in_force
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.mailing import links
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.objections import rules
from skola.promises.rights.objections.queries import of_request
from skola.promises.rights.requests import terms
from skola.promises.rights.requests.rules import LAW, Ground
from skola.promises.rights.signed.shown import of_receipt

Outcome = RightsRequest.Outcome


def receipt(asked: RightsRequest, now: datetime) -> str:
    """Return the receipt: the number, what was asked, and the promised day."""
    day = formats.day(terms.local(asked.received_at, now))
    said = [
        _("On %(day)s we received your request “%(kind)s”. It has the number %(number)s.")
        % {"day": day, "kind": asked.get_kind_display(), "number": asked.label},
        _("We act on it at once, and answer by %(day)s at the latest.")
        % {"day": formats.day(asked.promised_on)}
        if asked.at_once
        else _("You have an answer by %(day)s at the latest.")
        % {"day": formats.day(asked.promised_on)},
        *_stopped(asked, now),
        *of_receipt(asked, now),
    ]
    by_mail = asked.channel == RightsRequest.Channel.EMAIL and asked.email
    if by_mail and not asked.proof and asked.confirmed_at is None:
        said += _confirmed_by(asked, now)
    elif asked.step == "identity":
        said.append(
            _("Before we decide, we have to know that it is you who asks; we tell you how.")
        )
    return _letter(said, now)


def _confirmed_by(asked: RightsRequest, now: datetime) -> Iterator[str]:
    """How a mail is confirmed; the same words whether or not an address is known here."""
    address = links.address_named(asked, now)
    if address != asked.email:
        yield _(
            "Your mail names the address %(address)s. If it is known here, we ask there whether you"
            " may ask this, and nothing happens before that is confirmed."
        ) % {"address": address}
        return
    yield _(
        "So that we know that it was you, confirm your request here, within 14 days: %(link)s"
    ) % {"link": links.confirmation(asked, address, now=now)}
    if not asked.signed_files.exists():
        yield _("What was attached to your mail is not kept.")


def _stopped(asked: RightsRequest, now: datetime) -> Iterator[str]:
    """What an objection stopped at once, and what goes on although it rests on an interest."""
    if asked.kind != RightsRequest.Kind.OBJECTION:
        return
    policy = in_force(now).policy
    found = {one.purpose: one for one in of_request(asked.pk)}
    names = [in_language(one.name) for one in policy.purpose if one.id in found]
    if names:
        yield "\n".join(
            [_("From now on your data are not used for this:"), *(f"– {name}" for name in names)]
        )
    others = [one for one in rules.compelling(policy) if one.basis.compelling]
    if others:
        told = (f"– {in_language(one.name)}: {in_language(one.basis.compelling)}" for one in others)
        yield "\n".join([_("This goes on meanwhile, and why:"), *told])


def question(asked: RightsRequest, words: str, now: datetime) -> str:
    """Return a question to the person; the time stands still until they answer."""
    said = [
        _("We need something from you to go on with your request %(number)s:")
        % {"number": asked.label},
        words,
        _("Until you answer, the time for our answer stands still."),
    ]
    return _letter(said, now)


def extension(asked: RightsRequest, reason: str, now: datetime) -> str:
    """Return the notice of an extension, with its reason and the way to complain (Art. 12(3))."""
    said = [
        _("We cannot answer your request %(number)s in the usual time.") % {"number": asked.label},
        _("The reason: %(reason)s") % {"reason": reason},
        _("You have the answer by %(day)s at the latest. Longer than that it cannot take.")
        % {"day": formats.day(asked.promised_on)},
        *_ways_out(in_force(now).policy),
    ]
    return _letter(said, now)


def fee(asked: RightsRequest, reason: str, now: datetime) -> str:
    """Return the proposal of a fee; only for what is excessive, never for the first in a year."""
    said = [
        _("For your request %(number)s we have to ask for %(fee)s.")
        % {"number": asked.label, "fee": formats.money(asked.fee_cents)},
        _("The reason: %(reason)s") % {"reason": reason},
        _("You need not agree: write to us, or withdraw the request."),
        *_ways_out(in_force(now).policy),
    ]
    return _letter(said, now)


def answer(asked: RightsRequest, now: datetime) -> str:
    """Return the answer: the result, the reasons, the law, and where to turn (ilearn-24.g)."""
    policy = in_force(now).policy
    said = [
        _("This is the answer to your request “%(kind)s” of %(day)s, number %(number)s.")
        % {
            "kind": asked.get_kind_display(),
            "day": formats.day(terms.local(asked.received_at, now)),
            "number": asked.label,
        },
        _("The result: %(outcome)s.") % {"outcome": asked.get_outcome_display()},
        asked.reasons,
        *_settled(asked, policy),
        *_ground(asked, policy),
        *_money(asked),
    ]
    if asked.outcome != Outcome.GRANTED or asked.kind in _DISPUTES:
        said += [
            _(
                "If you disagree, tell us: somebody else of ours then looks at it again, and tells"
                " you the outcome with reasons."
            ),
            *_ways_out(policy),
        ]
    return _letter(said, now)


def _settled(asked: RightsRequest, policy: Policy) -> Iterator[str]:
    """Which uses end with the decision, and which go on (ilearn-10.d)."""
    if asked.kind != RightsRequest.Kind.OBJECTION:
        return
    names = {one.id: in_language(one.name) for one in policy.purpose}
    found = [(one, names.get(one.purpose, one.purpose)) for one in of_request(asked.pk)]
    upheld = [name for one, name in found if one.state == one.State.UPHELD]
    refused = [name for one, name in found if one.state == one.State.REFUSED]
    if upheld:
        yield "\n".join(
            [_("Your data are not used for this any more:"), *map("– {}".format, upheld)]
        )
    if refused:
        yield "\n".join([_("Your data are used again for this:"), *map("– {}".format, refused)])


_DISPUTES = frozenset({"complaint", "compensation", "review", "objection"})


def payment(asked: RightsRequest, now: datetime) -> str:
    """Return the notice that a compensation was paid (ekool-8.4)."""
    said = [
        _("We paid you %(sum)s on %(day)s, as decided on your claim %(number)s.")
        % {
            "sum": formats.money(asked.awarded_cents),
            "day": formats.day(asked.paid_on),
            "number": asked.label,
        }
    ]
    return _letter(said, now)


def law_of(asked: RightsRequest, policy: Policy) -> str:
    """Return the law that a refusal cites; empty where nothing is refused."""
    if not asked.ground:
        return ""
    if asked.ground == Ground.DUTY:
        return next((one.law for one in terms.duties(policy) if one.id == asked.duty), asked.duty)
    return LAW[Ground(asked.ground)]


def _ground(asked: RightsRequest, policy: Policy) -> Iterator[str]:
    if not asked.ground:
        return
    law = law_of(asked, policy)
    duty = next((one.name for one in terms.duties(policy) if one.id == asked.duty), "")
    reason = str(asked.get_ground_display())
    yield f"{reason} {duty} ({law})" if duty else f"{reason} ({law})"


def _money(asked: RightsRequest) -> Iterator[str]:
    if asked.claimed_cents is not None:
        yield _("You claimed %(claimed)s; awarded are %(awarded)s.") % {
            "claimed": formats.money(asked.claimed_cents),
            "awarded": formats.money(asked.awarded_cents or 0),
        }


def _ways_out(policy: Policy) -> Iterator[str]:
    """The authority and the court, by the policy (ekool-8.3, ema-9.3, ilearn-24.g)."""
    found = terms.authority(policy)
    reach = ", ".join(part for part in (found.address, found.email, found.website) if part)
    yield _("You may complain at any time to %(authority)s, %(reach)s, or go to court.") % {
        "authority": in_language(found.name),
        "reach": reach,
    }


def _letter(said: Sequence[str], now: datetime) -> str:
    policy = in_force(now).policy
    contact = terms.officer(policy)
    reach = [contact.address, contact.email, contact.phone]
    who = ", ".join(part for part in [policy.controller.name, *reach] if part)
    last = _("About your data you can turn to: %(who)s.") % {"who": who}
    return "\n\n".join(part for part in [*said, last] if part)


def in_language_of(asked: RightsRequest) -> "translation.override":
    """Write in the language of the request."""
    return translation.override(asked.language)
