"""Which channel is next, and what fits into one. Nothing here touches a database."""

from collections.abc import Collection, Sequence

CHANNELS = ("email", "push", "sms", "account", "post", "phone")
"""Channels by which somebody can be reached, as the policy calls them."""
BY_HAND = frozenset({"phone", "post"})
"""Channels that staff serve: they call, or send a letter, and enter what came of it."""
TEXT_LENGTH = 480
"""The longest text message: three parts of 160 letters."""


def next_channel(
    permitted: Sequence[str], reachable: Collection[str], tried: Collection[str]
) -> str:
    """Return the next channel for a notice; empty where none is left.

    ``permitted`` is in the order of the policy; ``reachable`` are those for which there are data of
    the person. None is tried twice. Source: ilearn-29.
    """
    left = (one for one in permitted if one in reachable and one not in tried)
    return next(left, "")


def host_fits(host: str, allowed: Collection[str]) -> bool:
    """Return whether a host is one of those named; ``*.example.org`` is every host below it."""
    return any(
        host.endswith(one[1:]) if one.startswith("*.") else host == one for one in allowed if one
    )


def in_short(whole: str, otherwise: str) -> str:
    """Return a text that fits into a text message: the whole of it, or what says where it is."""
    return whole if len(whole) <= TEXT_LENGTH else otherwise[:TEXT_LENGTH]
