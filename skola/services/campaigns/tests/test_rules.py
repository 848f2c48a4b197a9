"""Who may be sent what: every edge of the decision, and what holds for all of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.policy.api import load
from skola.promises.policy.schema import Message, Policy
from skola.services.campaigns import rules
from skola.services.campaigns.rules import Content, Facts, Fault, Why, faults, verdict

ROOT = Path(__file__).resolve().parents[4]
POLICIES = {one.parent.name: load(one) for one in sorted((ROOT / "policies").glob("*/*.toml"))}
KINDS = [(name, one.id) for name, policy in POLICIES.items() for one in policy.message]


def kind(tenant: str, ident: str) -> tuple[Policy, Message]:
    policy = POLICIES[tenant]
    return policy, next(one for one in policy.message if one.id == ident)


AGREED = Facts(consents=frozenset({"marketing.own"}), known_by=frozenset({"anybody", "guardian"}))


@pytest.mark.parametrize(
    ("tenant", "ident", "channel", "facts", "why"),
    [
        ("ilearn", "offers", "email", AGREED, None),
        ("ilearn", "offers", "email", Facts(), Why.NO_CONSENT),
        ("ilearn", "offers", "email", Facts(address=False), Why.NO_ADDRESS),
        ("ilearn", "partners", "email", AGREED, Why.NO_CONSENT),
        ("ilearn", "service", "email", Facts(), None),
        ("ilearn", "promotion", "post", Facts(alive=frozenset({"service.promote"})), None),
        ("ilearn", "promotion", "post", Facts(), Why.NO_GROUND),
        ("kic", "courses", "email", Facts(alive=frozenset({"marketing.clients"})), Why.NOT_SIMILAR),
        (
            "kic",
            "courses",
            "email",
            Facts(alive=frozenset({"marketing.clients"}), bought_similar=True),
            None,
        ),
        (
            "kic",
            "courses",
            "phone",
            Facts(alive=frozenset({"marketing.clients"}), bought_similar=True),
            Why.NO_CONSENT,
        ),
        ("ekool", "offers", "email", AGREED, None),
        (
            "ekool",
            "offers",
            "email",
            Facts(consents=AGREED.consents, known_by=frozenset({"guardian", "learner"})),
            Why.NEVER_TO,
        ),
        ("ekool", "offers", "email", Facts(consents=AGREED.consents), Why.NOT_FOR_THEM),
        (
            "learnifier",
            "news",
            "email",
            Facts(consents=AGREED.consents, is_minor=True),
            Why.NEVER_TO,
        ),
    ],
)
def test_who_gets_what_and_why_not(
    tenant: str, ident: str, channel: str, facts: Facts, why: Why | None
) -> None:
    policy, message = kind(tenant, ident)
    assert verdict(policy, message, channel, facts).why_not is why


@given(
    chosen=st.sampled_from(KINDS),
    consents=st.frozensets(st.sampled_from(["marketing.own", "marketing.partners"])),
    alive=st.frozensets(st.sampled_from(["marketing.clients", "service.promote", "loyalty"])),
    words=st.frozensets(st.sampled_from(["marketing", "direct", "polls", "purpose:loyalty"])),
    similar=st.booleans(),
    segment=st.booleans(),
)
def test_no_ground_outweighs_a_refusal_and_more_refusals_never_let_more_through(
    chosen: tuple[str, str],
    consents: frozenset[str],
    alive: frozenset[str],
    words: frozenset[str],
    similar: bool,
    segment: bool,
) -> None:
    policy, message = kind(*chosen)
    for channel in rules.channels_of(message):
        plain = Facts(
            consents=consents,
            alive=alive,
            bought_similar=similar,
            known_by=frozenset({"guardian"}),
        )
        refusing = Facts(
            consents=consents,
            alive=alive,
            bought_similar=similar,
            known_by=frozenset({"guardian"}),
            refused=words,
        )
        before = verdict(policy, message, channel, plain, with_segment=segment)
        after = verdict(policy, message, channel, refusing, with_segment=segment)
        assert before.is_sent or not after.is_sent
        stopped = words & rules.stops(message, channel, with_segment=segment)
        assert not (after.is_sent and stopped)
        if message.kind in rules.ALWAYS:
            assert after.is_sent
        elif after.is_sent:
            assert after.ground in message.ground
        if channel == rules.BY_MACHINE and after.is_sent:
            assert after.ground in consents


@pytest.mark.parametrize(
    ("ident", "content", "found"),
    [
        ("service", Content(), []),
        ("service", Content(offer="x"), [Fault.OFFER_IN_SERVICE]),
        ("service", Content(has_filter=True), [Fault.FILTER]),
        ("offers", Content(offer="x", text="{name}"), []),
        ("offers", Content(has_partner=True), [Fault.PARTNER_IN_OWN]),
        ("partners", Content(), [Fault.NO_PARTNER]),
        ("partners", Content(has_partner=True), [Fault.PARTNER_NOT_APPROVED]),
        ("partners", Content(has_partner=True, partner_approved=True), []),
        ("offers", Content(channel="sms"), [Fault.CHANNEL]),
        ("satisfaction", Content(offer="x"), [Fault.OFFER_IN_SERVICE]),
    ],
)
def test_what_a_kind_of_message_may_not_say(
    ident: str, content: Content, found: list[Fault]
) -> None:
    _, message = kind("ilearn", ident)
    assert faults(message, content) == found


@pytest.mark.parametrize(("tenant", "ident"), KINDS)
def test_no_message_chooses_by_what_is_locked_for_another_purpose(tenant: str, ident: str) -> None:
    policy, message = kind(tenant, ident)
    readable = rules.readable_for(policy, message)
    assert not readable & {"study", "accounting", "credit", "footage", "client_data"}
    assert not (message.kind in rules.ALWAYS and readable)
