"""Check of the kinds of messages: P021."""

from collections.abc import Iterator

from skola.promises.policy.lints.context import Context
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Message, Policy

REFUSABLE = frozenset({"information", "offer", "survey"})
BY_MACHINE = "auto-call"


def grounds(context: Context) -> Iterator[Problem]:
    """P021: what can be refused has a ground on each of its channels; nothing else needs one."""
    for message in context.policy.message:
        for key, said, remedy in _wrong(context.policy, message):
            yield context.found("P021", Severity.ERROR, "message", message, key, said, remedy)


def _wrong(policy: Policy, message: Message) -> Iterator[tuple[str, str, str]]:
    if message.kind not in REFUSABLE:
        if message.ground or message.segments:
            key = "ground" if message.ground else "segments"
            yield key, f"a message of the kind {message.kind} goes to all alike", "Leave it out."
        if message.sender != "own":
            yield "sender", f"{message.kind} with an offer of somebody else", 'Write "own".'
        return
    if not message.ground:
        yield "ground", "nothing allows it to be sent", "Name a purpose."
    if policy.marketing is None:
        yield "kind", "there is no [marketing]", "Write one, with channels and ways to refuse."
        return
    others = [one for one in message.channels if one not in policy.marketing.channels]
    if others:
        said = f"{', '.join(others)} is no channel of offers here"
        yield "channels", said, "Add it to [marketing] channels."
    if message.sender == "partner" and policy.marketing.partner_offers == "none":
        yield "sender", "[marketing] knows no offers of partners", 'Write "own".'
    yield from _without_consent(policy, message)


def _without_consent(policy: Policy, message: Message) -> Iterator[tuple[str, str, str]]:
    """What no consent allows cannot be an offer of others, nor use a channel that needs one."""
    consents = {one.id for one in policy.purpose if one.basis.kind == "consent"}
    if not message.ground or consents.intersection(message.ground):
        return
    if message.sender == "partner":
        yield "ground", "an offer of somebody else without consent", "Name a purpose on consent."
    assert policy.marketing is not None
    own = {BY_MACHINE}
    if message.kind == "offer":
        own.update(policy.marketing.per_channel_consent)
    if needing := [one for one in message.channels if one in own]:
        said = f"{', '.join(needing)} needs a consent of its own"
        yield "channels", said, "Name a purpose on consent, or leave the channel out."
