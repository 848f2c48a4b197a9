"""Who is fit to receive, and which fields go out: examples at the edges, and properties."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from skola.promises.disclosures import rules
from skola.promises.disclosures.rules import REGION, SAFEGUARD, Ground, Needed, Paper, Standing

DAY = date(2026, 3, 2)
A_DAY = timedelta(days=1)
NOW = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
AGREED = Paper("agreement", DAY, DAY + 30 * A_DAY)


def test_a_paper_is_valid_from_its_first_day_through_its_last() -> None:
    needed = Needed(frozenset({"agreement"}))
    days = (DAY - A_DAY, DAY, DAY + 30 * A_DAY, DAY + 31 * A_DAY)
    found = [rules.missing(needed, [AGREED], country="LV", day=day) for day in days]
    assert found == [("agreement",), (), (), ("agreement",)]


def test_outside_the_eea_a_safeguard_of_the_policy_is_needed_and_a_bar_needs_none() -> None:
    needed = Needed(frozenset(), safeguards=frozenset({"scc"}))
    assert rules.missing(needed, [], country="US", day=DAY) == (SAFEGUARD,)
    bcr, scc = Paper("bcr", DAY, None), Paper("scc", DAY, None)
    assert rules.missing(needed, [bcr], country="us", day=DAY) == (SAFEGUARD,)
    assert rules.missing(needed, [scc], country="US", day=DAY) == ()
    assert rules.missing(needed, [], country="no", day=DAY) == ()
    barred = Needed(frozenset(), safeguards=frozenset({"scc"}), only_in_eea=True)
    assert rules.missing(barred, [scc], country="US", day=DAY) == (REGION,)


def test_an_earlier_version_of_the_rules_does_until_its_last_day() -> None:
    old = Paper("rules", DAY, None, "1")
    needed = Needed(frozenset({"rules"}), rules_version="2", older_rules_until=DAY + A_DAY)
    days = (DAY, DAY + A_DAY, DAY + 2 * A_DAY)
    found = [bool(rules.missing(needed, [old], country="EE", day=day)) for day in days]
    assert found == [False, False, True]
    new = Paper("rules", DAY, None, "2")
    assert rules.missing(needed, [old, new], country="EE", day=DAY + 2 * A_DAY) == ()


def test_what_is_lacking_suspends_and_what_has_ended_stays_ended() -> None:
    def stands(*, lacks: tuple[str, ...] = (), ended: bool = False, from_: int = 0) -> Standing:
        return rules.standing(
            activated_at=NOW,
            active_from=NOW + from_ * A_DAY,
            ended_at=NOW if ended else None,
            lacks=lacks,
            now=NOW,
        )

    assert stands() is Standing.ACTIVE
    assert stands(from_=1) is Standing.ANNOUNCED
    assert stands(lacks=("agreement",)) is Standing.SUSPENDED
    assert stands(lacks=("agreement",), ended=True) is Standing.ENDED
    prepared = rules.standing(activated_at=None, active_from=None, ended_at=None, lacks=(), now=NOW)
    assert prepared is Standing.PREPARED


def test_a_basis_gives_one_ground_and_a_claim_needs_its_file() -> None:
    assert rules.ground_of("consent-explicit", ()) is Ground.CONSENT
    assert rules.ground_of("legitimate-interest", ("claim", "scope")) is Ground.CLAIM
    assert rules.ground_of("because we like it", ()) is None


NAMES = st.sampled_from(["a.b.c", "a.b.d", "e.f.g", "unknown.to.us"])
KNOWN = {"a.b.c": "identity", "a.b.d": "contact", "e.f.g": "study"}


@given(st.sets(NAMES), st.sets(NAMES), st.sets(st.sampled_from(["identity", "contact", "study"])))
def test_nothing_goes_out_that_is_not_listed_known_and_of_a_category_they_may_have(
    fields: set[str], scope: set[str], categories: set[str]
) -> None:
    out = set(rules.allowed(fields, scope, categories, KNOWN))
    assert out <= (fields or scope)
    assert out <= KNOWN.keys()
    assert not categories or {KNOWN[name] for name in out} <= categories
