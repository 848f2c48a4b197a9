"""A choice in the browser and the switches of an account are one: each moves the other."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse

from skola.ground import clock
from skola.ground.people.api import Person
from skola.promises.consents import api as consents
from skola.promises.cookies import rules
from skola.promises.cookies.http import expire
from skola.promises.cookies.queries import CHANNELS, standing
from skola.promises.cookies.sealing import sealed


def keep(request: Any, response: HttpResponse, choice: rules.Choice) -> None:
    """Write a choice into the browser, and end there what it does not allow."""
    register = standing(request).register
    entry = register.with_role("choice")
    if entry is not None:
        response.set_cookie(entry.name, sealed(rules.encode(choice)))
    expire(request, response, choice.classes)
    if register.asked - choice.classes:
        response.headers["Clear-Site-Data"] = '"storage"'


def tell_account(
    person: Person, choice: rules.Choice, register: rules.Register, *, by: str, now: datetime
) -> None:
    """Give and withdraw the consents of an account as its owner chose in the browser.

    Only what the policy asks with cookies, and only of whom it asks: who is too young or spared
    gives nothing here. Clauses: kic-rights-targeted, kic-cookie-manage.
    """
    classes = {purpose: class_ for class_, purpose in register.purposes}
    for one in consents.questions(person, *CHANNELS, now=now):
        purpose = one.asking.purpose
        if purpose not in classes:
            continue
        wanted = classes[purpose] in choice.classes
        if wanted and not one.is_on:
            _give(person, purpose, by=by, now=now)
        elif one.is_on and not wanted:
            consents.withdraw(person, purpose, channel="cookie-settings", by=by, now=now)


def _give(person: Person, purpose: str, *, by: str, now: datetime) -> None:
    for channel in sorted(CHANNELS, reverse=True):
        try:
            consents.give(person, purpose, consents.Shown(channel), by=by, now=now)
        except consents.NotAskedError:
            continue
        except (consents.TooYoungError, consents.NotTheirsError):
            pass
        return


def follow_switch(request: Any, response: HttpResponse, purpose: str) -> None:
    """After a switch of the visitor's own account: the browser they sit at chooses the same."""
    found, now = standing(request), clock.now()
    agreed = {one.purpose for one in consents.standing_of(request.person.pk, now=now)}
    choice = rules.switched(
        found.choice, found.register, purpose, agreed=agreed, gpc=found.gpc, today=now.date()
    )
    if choice is not None:
        keep(request, response, choice)
