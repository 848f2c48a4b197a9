"""Taking a letter as a request: a new case, or more words for one that is open."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from skola.ground.people.api import Account, Person
from skola.promises.intake.api import Arriving, Letter
from skola.promises.policy.api import has, in_force
from skola.promises.rights.mailing import confirming, guessing, links
from skola.promises.rights.mailing.knowing import people_under
from skola.promises.rights.models import RequestMessage, RightsRequest
from skola.promises.rights.requests import actions, terms
from skola.promises.rights.requests.actions import Asked, Asker
from skola.promises.rights.signed import handing

Kind, Reply, Channel = RightsRequest.Kind, RightsRequest.Reply, RightsRequest.Channel
BY = "mail"
OURS = frozenset({"data-protection", "support", "general"})
SHARED = frozenset({"support", "general"})
LONGEST = 4_000
MANY = 3
"""So many requests a day from one address are cases; further mails are added to the last."""
A_DAY = timedelta(days=1)


def wants(arriving: Arriving, now: datetime) -> bool:
    """Whether a letter is a request: it names a right and data, or came where only these go."""
    if not has("rights.requests", now=now) or not arriving.kinds & OURS:
        return False
    if "data-protection" in arriving.kinds and not arriving.kinds & SHARED:
        return True
    words = arriving.letter.words
    return _continued(arriving.letter) is not None or guessing.speaks_of_data(words)


def wants_the_rest(arriving: Arriving, now: datetime) -> bool:
    """Whether a letter that nobody else took belongs here: it came to the right address."""
    return has("rights.requests", now=now) and "data-protection" in arriving.kinds


def take(arriving: Arriving, now: datetime) -> None:
    """Open a case with a number, a day and a receipt; or add to the one that is answered to.

    Source: ema-9.2, ilearn-2.a, ekool-8.2, learnifier-17.a.
    """
    letter = arriving.letter
    earlier = _continued(letter) or _one_of_many(letter, now)
    if earlier is not None:
        actions.add_words(earlier, letter.words[: 2 * LONGEST] or "–", by=BY, now=now)
        return
    found = in_force(now)
    offered = terms.offered(found)
    kind = guessing.guess(letter.words, offered) or Kind.INFORMATION
    asked = Asked(
        kind=kind if kind in offered else offered[0],
        channel=Channel.EMAIL,
        reply_by=Reply.EMAIL,
        words=letter.words[:LONGEST],
        language=found.policy.policy.languages[0],
    )
    made = actions.receive_request(
        asked,
        Asker(given_name=letter.name[:80], email=letter.sender),
        person=_sender(asked, letter),
        received_at=now,
        assignee=actions.some_officer(now),
        arrives_with=lambda asked: handing.from_letter(asked, letter, by=BY, now=now),
        by=BY,
        now=now,
    )
    _rest(made, letter.words, now)
    if (named := links.address_named(made, now)) != letter.sender:
        confirming.ask_address(made, named, now=now)


def _sender(asked: Asked, letter: Letter) -> Person | None:
    """Whose consent is taken back: whoever is known under the address that wrote.

    Giving it asked for no more proof, so neither does this (GDPR Art. 7(3), ilearn-26.a); the
    answer goes to that address alone. For all else a mail is nobody's until it is confirmed.
    """
    if asked.kind != Kind.WITHDRAWAL:
        return None
    known = people_under(letter.sender)
    return Person.objects.get(pk=known[0]) if known else None


def _rest(made: RightsRequest, words: str, now: datetime) -> None:
    """What is longer than a request is kept as more words of the person."""
    if rest := words[LONGEST : 3 * LONGEST]:
        RequestMessage.objects.create(
            request=made, kind=RequestMessage.Kind.PERSON, body=rest, said_at=now
        )


def _open(letter: Letter) -> Any:
    known = Account.objects.filter(email=letter.sender).values("person_id")
    theirs = Q(email=letter.sender) | Q(person__in=known)
    return RightsRequest.objects.open().filter(theirs, decided_at=None)


def _continued(letter: Letter) -> RightsRequest | None:
    """The open request that a letter answers to: by its number, and from its own address."""
    number = guessing.number_in(letter.subject)
    if number is None:
        return None
    found: RightsRequest | None = _open(letter).filter(number=number).first()
    return found


def _one_of_many(letter: Letter, now: datetime) -> RightsRequest | None:
    today = _open(letter).filter(channel=Channel.EMAIL, received_at__gt=now - A_DAY)
    newest: list[RightsRequest] = list(today.order_by("-number")[:MANY])
    return newest[0] if len(newest) == MANY else None
