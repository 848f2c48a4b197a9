"""What a receiver reads: the text, who advertises, and how to get no more, in the last block."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.people.api import number_for
from skola.ground.tenants.api import site
from skola.promises.policy.schema import Message, Policy
from skola.services.campaigns import links, rules
from skola.services.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class To:
    """Who gets a letter."""

    person: UUID
    name: str
    address: str
    language: str
    delivery: UUID


@dataclass(frozen=True, slots=True)
class Measured:
    """What of this one letter is measured."""

    opens: bool = False
    clicks: bool = False


@dataclass(frozen=True, slots=True)
class Footer:
    """The last block of a message."""

    why: str
    stop: str = ""
    choose: str = ""
    ways: str = ""

    @property
    def lines(self) -> list[str]:
        """The block line by line, as plain text."""
        found = [self.why]
        if self.stop:
            found.append(_("To get no more: %(link)s") % {"link": self.stop})
            found.append(_("To choose what you get: %(link)s") % {"link": self.choose})
            found.append(self.ways)
        return [one for one in found if one]


def letter(
    campaign: Campaign, message: Message, policy: Policy, to: To, ground: str, measured: Measured
) -> EmailMultiAlternatives:
    """Write the mail to one person, in their language as far as it is ours.

    Commercial mail ends with the way out and carries it in its headers (RFC 8058; ilearn-34.e). The
    address of a partner carries nothing about who reads it (ekool-6.2).
    """
    with translation.override(to.language):
        return _letter(campaign, message, policy, to, ground, measured)


def _letter(
    campaign: Campaign, message: Message, policy: Policy, to: To, ground: str, measured: Measured
) -> EmailMultiAlternatives:
    refusable = message.kind not in rules.ALWAYS
    token = links.token_of(to.person, to.address, message.id)
    here = site()
    link = campaign.link
    if link and measured.clicks:
        link = here + links.measured_link(to.delivery)
    footer = _footer(message, policy, ground, f"{here}{links.choices_at(token)}", refusable)
    told = {
        "text": personal(campaign.text, to.name),
        "offer": campaign.offer,
        "link": link,
        "advertiser": advertiser(campaign, policy),
        "footer": footer,
        "beacon": here + links.beacon_at(to.delivery) if measured.opens else "",
        "service": policy.service.name,
        "language": to.language,
    }
    mail = EmailMultiAlternatives(
        personal(campaign.subject, to.name),
        "\n\n".join(_plain(told)) + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [to.address],
        headers={"Message-ID": number_for(to.person, settings.DEFAULT_FROM_EMAIL)},
    )
    mail.attach_alternative(render_to_string("campaigns/letter.html", told), "text/html")
    if refusable:
        mail.extra_headers.update(_headers(policy, here + links.stop_at(token)))
    return mail


def personal(text: str, name: str) -> str:
    """Return a text with the first name of who reads it."""
    return text.replace(rules.FIELD, name)


def advertiser(campaign: Campaign, policy: Policy) -> str:
    """Return who advertises, where it is somebody else (ekool-6.1.3, ekool-6.2)."""
    if campaign.partner is None:
        return ""
    return _(
        "Advertisement of %(partner)s, sent by %(service)s. %(partner)s does not learn your address"
        " or anything else about you."
    ) % {"partner": campaign.partner.name, "service": policy.service.name}


def _plain(told: dict[str, object]) -> Iterator[str]:
    yield str(told["text"])
    for name in ("advertiser", "offer", "link"):
        if told[name]:
            yield str(told[name])
    footer = told["footer"]
    assert isinstance(footer, Footer)
    yield "-- \n" + "\n".join(footer.lines)


def _footer(message: Message, policy: Policy, ground: str, choose: str, refusable: bool) -> Footer:
    name = policy.service.name
    if message.kind == "introduction":
        text = _("%(service)s writes this to everybody of your group alike. It is no offer.")
        return Footer(text % {"service": name})
    if not refusable:
        text = _("%(service)s writes this because it concerns the service you use.")
        return Footer(text % {"service": name})
    kinds = {one.id: one.basis.kind for one in policy.purpose}
    if kinds.get(ground) == "consent":
        why = _("You get this because you agreed to it.")
    else:
        why = _("You get this because you are a client of %(service)s.") % {"service": name}
    return Footer(why, f"{choose}#stop", choose, ways_out(policy))


def ways_out(policy: Policy) -> str:
    """Return the other ways to refuse that the policy names (ekool-6.3-where, ilearn-34.b)."""
    marketing = policy.marketing
    if marketing is None:
        return ""
    account = [one for one in marketing.opt_out_by if one.partition(":")[0] == "account"]
    found = []
    if account:
        found.append(_("In your account you find it under Settings > Privacy settings."))
    contact = refusal_contact(policy)
    if "email" in marketing.opt_out_by and contact[0]:
        found.append(_("You can also write to %(address)s.") % {"address": contact[0]})
    if "phone" in marketing.opt_out_by and contact[1]:
        found.append(_("You can also call %(number)s.") % {"number": contact[1]})
    return " ".join(found)


def refusal_contact(policy: Policy) -> tuple[str, str]:
    """Return the mail address and the phone number under which offers are stopped."""
    ordered = sorted(policy.contact, key=lambda one: one.kind != "unsubscribe")
    email = next((one.email for one in ordered if one.email), policy.controller.email)
    phone = next((one.phone for one in ordered if one.phone), policy.controller.phone)
    return email, phone


def _headers(policy: Policy, stop: str) -> dict[str, str]:
    wanted = set(policy.marketing.headers) if policy.marketing else set()
    email, _phone = refusal_contact(policy)
    ways = [f"<{stop}>"]
    if email:
        ways.append(f"<mailto:{quote(email, safe='@')}?subject=unsubscribe>")
    headers = {
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return {name: value for name, value in headers.items() if name in wanted}
