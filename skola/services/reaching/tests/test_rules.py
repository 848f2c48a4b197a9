"""Which channel is next, which hosts are allowed, and what fits into a text message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.reaching.rules import CHANNELS, TEXT_LENGTH, host_fits, in_short, next_channel

some = st.lists(st.sampled_from(CHANNELS), unique=True)


@pytest.mark.parametrize(
    ("permitted", "reachable", "tried", "found"),
    [
        (("email", "sms"), {"email", "sms"}, set(), "email"),
        (("email", "sms"), {"sms"}, set(), "sms"),
        (("email", "sms"), {"email", "sms"}, {"email"}, "sms"),
        (("email", "sms"), {"email", "sms"}, {"email", "sms"}, ""),
        (("sms",), {"email"}, set(), ""),
        ((), {"email"}, set(), ""),
    ],
)
def test_the_next_channel(
    permitted: tuple[str, ...], reachable: set[str], tried: set[str], found: str
) -> None:
    assert next_channel(permitted, reachable, tried) == found


@given(some, some, some)
def test_a_channel_is_permitted_reachable_and_new(
    permitted: list[str], reachable: list[str], tried: list[str]
) -> None:
    found = next_channel(permitted, reachable, tried)
    fitting = [one for one in permitted if one in reachable and one not in tried]
    assert found == (fitting[0] if fitting else "")


@pytest.mark.parametrize(
    ("host", "fits"),
    [
        ("push.example.org", True),
        ("a.notify.example.com", True),
        ("a.b.notify.example.com", True),
        ("notify.example.com", False),
        ("evil-notify.example.com", False),
        ("push.example.org.evil.com", False),
        ("", False),
    ],
)
def test_only_hosts_that_are_named_are_allowed(host: str, fits: bool) -> None:
    assert host_fits(host, ["push.example.org", "*.notify.example.com"]) is fits


def test_a_text_is_whole_or_says_where_it_is() -> None:
    assert in_short("a" * TEXT_LENGTH, "b") == "a" * TEXT_LENGTH
    assert in_short("a" * (TEXT_LENGTH + 1), "b") == "b"
    assert len(in_short("a" * 999, "b" * 999)) == TEXT_LENGTH
