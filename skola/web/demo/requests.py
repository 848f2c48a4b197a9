"""Requests of the invented past: some answered, some open, one that stands still, one by letter."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Mail, Person, Role
from skola.promises.policy.api import has, in_force
from skola.promises.rights.claims import rules
from skola.promises.rights.claims.actions import About, Filed, file, open_claim
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.objections.rules import pausable
from skola.promises.rights.requests import actions
from skola.promises.rights.requests.actions import Asked, Asker, Decision, Shown
from skola.promises.rights.requests.terms import letter

WORDS = {
    "rectification": "My family name is spelt with one letter too many.",
    "objection": "Please do not use my results for your statistics.",
    "complaint": "A list with my name hung in the corridor.",
    "erasure": "I do not learn here any more.",
    "information": "Who can see my results?",
}
CLAIM = "The fees of spring were not paid, and they dispute the sum."
ANSWERS = {
    "rectification": "Your name is corrected in the register.",
    "information": "Your teachers and the office, and nobody outside.",
    "complaint": "The list is taken down, and those who hung it up were told why.",
}


def populate(people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Add them to the speaking tenant, for people with an account. Nobody is written to."""
    if not has("rights.requests", now=now):
        return
    held = Role.objects.filter(kind="officer").select_related("person").first()
    askers = [one for one in people if hasattr(one, "account") and one.status == "active"]
    if held is None or len(askers) < 6:
        return
    officer = held.person
    who = chance.sample([one for one in askers if one != officer], 5)
    for person, kind, days in zip(who, ANSWERS, (310, 150, 40), strict=False):
        at = now - timedelta(days=days)
        asked = _ask(person, kind, at)
        later = at + timedelta(days=chance.randint(2, 20))
        actions.assign(asked, officer, by="demo", now=later)
        decision = Decision("granted", ANSWERS[kind])
        actions.decide(asked, decision, decider=officer, by="demo", now=later)
    _ask(who[3], "objection", now - timedelta(days=24))
    still = _ask(who[4], "rectification", now - timedelta(days=9))
    actions.pause(
        still,
        "Which document has the right spelling?",
        author=officer,
        by="demo",
        now=now - timedelta(days=6),
    )
    _claim(who[2], officer, now - timedelta(days=30))
    _by_letter(who[1], now - timedelta(days=3))
    Mail.objects.filter(subject__contains="R-0").delete()


def _claim(person: Person, officer: Person, at: datetime) -> None:
    """The fees of somebody are in dispute, where the policy keeps data for that."""
    kept = {"accounting", "contract"} & set(rules.categories(in_force(at).policy))
    if not kept:
        return
    about = About("ours", CLAIM, sorted(kept), at.date() + timedelta(days=180))
    claim = open_claim(person, about, reviewer=officer, by="demo", now=at)
    filed = Filed("other-side", "Their lawyer", "The invoice and the reminder", at.date())
    file(claim, filed, by="demo", now=at)


def _ask(person: Person, kind: str, at: datetime) -> RightsRequest:
    uses = pausable(in_force(at).policy) if kind == "objection" else ()
    counted = [one.id for one in uses if one.output is not None]
    return actions.receive_request(
        Asked(kind, "account", "account", WORDS[kind], purposes=tuple(counted[:1])),
        Asker(),
        person=person,
        received_at=at,
        shown=Shown("login"),
        by="demo",
        now=at,
    )


def _by_letter(person: Person, at: datetime) -> None:
    address = person.address or "Main Street 1"
    actions.receive_request(
        Asked("erasure", "post", letter(in_force(at).policy), WORDS["erasure"]),
        Asker(person.given_name, person.family_name, address=address),
        person=person,
        received_at=at,
        by="demo",
        now=at,
    )
