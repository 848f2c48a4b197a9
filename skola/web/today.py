"""What a person finds first: the things that wait for them today, room by room.

Each room says what waits there in ``api.today(request, now=...)``: things, or rows that may hold
some (``skola.ground.waiting``). The database is asked once for the rows of all rooms, and again
only by the rooms in which one is there. Here they are put in order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground import waiting
from skola.ground.db import together
from skola.ground.people.http import kinds
from skola.promises.accuracy import api as accuracy
from skola.promises.decisions import api as decisions
from skola.promises.emergency import api as emergency
from skola.promises.incidents import api as incidents
from skola.promises.minors import api as minors
from skola.promises.policy.api import Policy, has, in_force, reading_for_room, spoken
from skola.promises.policy.schema import Text
from skola.promises.quality import api as quality
from skola.promises.rights.api import erasure_right
from skola.promises.statistics.api import public_tables
from skola.services.chat import api as chat
from skola.services.reaching import api as reaching
from skola.web.officer import today as officer
from skola.web.outside import networks
from skola.web.rooms import room_doors


@dataclass(frozen=True)
class Offer:
    """A door on the public page: what can be done here, and where."""

    title: str
    words: str
    url: str


@dataclass(frozen=True)
class Thing:
    """One thing that waits: what, why it matters, where it is done."""

    title: str
    words: str
    url: str
    button: str
    urgent: bool = False


def word(policy: Policy, text: Text) -> str:
    """Return a text of the policy in the language of the page, with its numbers and names."""
    return spoken(policy, text, translation.get_language() or "en")


def things(request: Any, *, now: datetime) -> list[Thing]:
    """Return what waits for the signed-in person, urgent things first."""
    found = [Thing(*one) for one in _of_rooms(request, now)]
    held = kinds(request)
    if "officer" in held:
        found += [Thing(*one) for one in officer.today(now=now)]
        found.append(
            Thing(
                _("Are the promises kept?"),
                _("Every promise of the policy, with the last check beside it."),
                reverse("notices:truth"),
                _("Look at the proof"),
            )
        )
    elif "administrator" in held:
        found += [Thing(*one) for one in minors.today(now=now)]
        found += [Thing(*one) for one in incidents.today(now=now)]
        found += [Thing(*one) for one in officer.requests_waiting(now)]
    return sorted(found, key=lambda thing: not thing.urgent)


def _of_rooms(request: Any, now: datetime) -> list[waiting.Thing]:
    doors = [api for api in room_doors() if hasattr(api, "today")]
    told: list[tuple[str, waiting.Thing | waiting.Waiting[Any]]] = []
    for api in (*doors, accuracy, quality, decisions):
        with reading_for_room(api.__name__):
            told += [(api.__name__, one) for one in api.today(request, now=now)]
    asked = [one.rows for _room, one in told if isinstance(one, waiting.Waiting)]
    with reading_for_room(*(room for room, _one in told)):  # says only who is to be asked again
        are_there = iter(together.are_there(asked))
    found: list[waiting.Thing] = []
    for room, one in told:
        if not isinstance(one, waiting.Waiting):
            found.append(one)
        elif next(are_there):
            with reading_for_room(room):
                found += one.tell(one.rows)
        else:
            found += one.otherwise
    return found


def offers(request: Any, *, now: datetime) -> list[Offer]:
    """Return the doors of the public page: only what this tenant's policy switches on."""
    found = []
    if has("courses.catalogue", now=now):
        found.append(
            Offer(_("Courses"), _("See what can be learned here."), reverse("courses:catalogue"))
        )
    if has("groups.training", now=now):
        found.append(
            Offer(
                _("Training groups"),
                _("See which groups begin soon, and apply."),
                reverse("groups:runs"),
            )
        )
    if has("events.hold", now=now):
        words = _("See what takes place soon, and register.")
        found.append(Offer(_("Events"), words, reverse("events:listed")))
    if has("documents.education", now=now):
        found.append(
            Offer(
                _("Check a document"),
                _("See whether an education document is valid."),
                reverse("documents:check"),
            )
        )
    if has("hiring.vacancies", now=now):
        found.append(Offer(_("Jobs"), _("See who is wanted."), reverse("hiring:vacancies")))
    if has("desk.enquiries", now=now):
        found.append(Offer(_("Contact"), _("Ask us something."), reverse("desk:contact")))
    found += _invite(now)
    if has("newsletters.send", now=now):
        words = _("News and offers by e-mail, without an account; every message has a way out.")
        found.append(Offer(_("News by e-mail"), words, reverse("campaigns:subscribe")))
    if has("academy.client", now=now):
        words = _("Courses under your own name and address, for your own people.")
        found.append(Offer(_("An academy of your own"), words, reverse("academies:new")))
    if public_tables(in_force(now).policy):
        words = _("What happens here, in numbers. Nobody can be recognised in them.")
        found.append(Offer(_("Figures"), words, reverse("statistics:public")))
    found.append(
        Offer(
            _("Privacy policy"),
            _("Every promise, with a mark that says whether it is true."),
            reverse("notices:notice"),
        )
    )
    if has("rights.requests", now=now):
        found.append(
            Offer(
                _("My data"),
                _("See what is held about you, and ask. No account is needed."),
                reverse("web:privacy_ask"),
            )
        )
    return found


def _invite(now: datetime) -> list[Offer]:
    if not has("referral.invite", now=now):
        return []
    words = _("One mail, and nothing is kept about them.")
    return [Offer(_("Invite a friend"), words, reverse("referral:invite"))]


def account_places(request: Any, *, now: datetime) -> list[Offer]:
    """Return the parts of the customer account that exist at this tenant (ilearn-6.b)."""
    found = []
    if has("courses.take", now=now):
        found.append(
            Offer(
                _("My courses"), _("What you take, and how far you are."), reverse("courses:mine")
            )
        )
        words = _("What you learned here, and what you bring from elsewhere.")
        found.append(Offer(_("My learning record"), words, reverse("records:record")))
    if has("groups.training", now=now):
        found.append(
            Offer(_("My groups"), _("What you applied for, and its days."), reverse("groups:own"))
        )
    if has("shop.orders", now=now) and has("workforce.briefings", now=now):
        found.append(
            Offer(
                _("Licences"),
                _("The seats you hold, what you ordered, and until when."),
                reverse("licences:mine"),
            )
        )
    if has("shop.orders", now=now):
        words = _("What you ordered, its seats, and money asked back.")
        found.append(Offer(_("Orders"), words, reverse("shop:mine")))
    if has("documents.education", now=now):
        found.append(
            Offer(_("My documents"), _("What certifies your training."), reverse("documents:own"))
        )
    if has("billing.contracts", now=now):
        found.append(
            Offer(
                _("Contracts"),
                _("What you agreed to, word for word."),
                reverse("billing:contracts"),
            )
        )
    if has("billing.invoices", now=now):
        found.append(
            Offer(
                _("Invoices"), _("What was billed, paid, and is open."), reverse("billing:invoices")
            )
        )
    if has("desk.enquiries", now=now):
        found.append(
            Offer(_("Enquiries"), _("What you asked, and the answers."), reverse("desk:mine"))
        )
    if has(reaching.CAPABILITY, now=now):
        words = _("What we told you, and by which way.")
        found.append(Offer(_("Notices"), words, reverse("reaching:inbox")))
        words = _("Phones and browsers that show notices, and apps with a key of yours.")
        found.append(Offer(_("Devices"), words, reverse("reaching:devices")))
    if has(chat.CAPABILITY, now=now):
        words = _("Whether pages lead to the chat with us.")
        found.append(Offer(_("Support chat"), words, reverse("chat:setting")))
    found += _invite(now)
    if has("premises.register", now=now):
        words = _("Ask to see yourself, by place, day and time.")
        found.append(Offer(_("Footage of me"), words, reverse("premises:ask")))
    if has("academy.fields", now=now):
        words = _("What it asks besides, what for, and for how long.")
        url = reverse("academies:my-fields")
        found.append(Offer(_("Questions of the organisation"), words, url))
    found.append(
        Offer(
            _("My privacy"),
            _("What is held about you, why, until when, and who looked."),
            reverse("web:privacy"),
        )
    )
    if has("newsletters.send", now=now):
        words = _("What we write to you, what we may count, and what you refused.")
        found.append(Offer(_("Privacy settings"), words, reverse("campaigns:settings")))
    if has(emergency.CAPABILITY, now=now) and kinds(request).intersection(emergency.STAFF):
        words = _("Reach somebody when life or health is at risk. It is told and reviewed.")
        found.append(Offer(_("Emergency"), words, reverse("emergency:open")))
    if has("decisions.automated", now=now):
        words = _("What the software decided about you, why, and how you object.")
        found.append(Offer(_("Automated decisions"), words, reverse("decisions:mine")))
    found.append(
        Offer(_("Display and language"), _("Contrast, text size, font."), reverse("ui:display"))
    )
    found.append(
        Offer(_("Sign-in and security"), _("Second factor, passkeys, codes."), reverse("mfa_index"))
    )
    if networks(now):
        words = _("An account at a network can open yours, beside the password.")
        found.append(Offer(_("Accounts elsewhere"), words, reverse("web:networks")))
    found.append(
        Offer(
            _("A copy of my data"),
            _("Everything that is held about you, to read and to keep."),
            reverse("access:copies"),
        )
    )
    found.append(Offer(_("Privacy policy"), _("The version in force."), reverse("notices:notice")))
    if has("rights.requests", now=now):
        found.append(
            Offer(
                _("My requests"),
                _("Ask about your data, and see by when you have the answer."),
                reverse("requests:mine"),
            )
        )
    if has("account.sign_up", now=now):
        words = _("You name the last day; until then it can be kept.")
        found.append(Offer(_("Close my account"), words, reverse("web:closing")))
    if erasure_right(now) is not None:
        found.append(
            Offer(_("Erase my data"), _("What goes, what stays and why."), reverse("erasing:own"))
        )
    return found
