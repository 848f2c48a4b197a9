"""Jobs of the notices."""

import logging

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.notices.actions import tell_of_changes
from skola.promises.notices.lapsing import lapse_consents
from skola.promises.notices.reaching import release_who_did_not_object
from skola.promises.notices.truth import look
from skola.promises.policy.api import NoPolicyError

log = logging.getLogger("skola.notices")


@jobs.every("* * * * *")
@jobs.handler("notices.look")
def look_whether_promises_are_kept() -> None:
    """Compare every promise with the data, every minute and after each sweep."""
    now = clock.now()
    try:
        look(now)
    except NoPolicyError as problem:  # to try again in a moment would change nothing
        log.error("Not compared: %s", problem)


@jobs.every("*/10 * * * *")
@jobs.handler("notices.tell_of_changes")
def tell_people_of_changes() -> None:
    """Write to people whom a material change concerns, once each."""
    tell_of_changes(clock.now())


@jobs.every("*/5 * * * *")
@jobs.handler("notices.lapse_consents")
def end_consents_that_lapsed() -> None:
    """End the consents that a version in force leaves without what they were given to."""
    lapse_consents(clock.now())


@jobs.every("7 * * * *")
@jobs.handler("notices.release_who_did_not_object")
def let_longer_promises_reach_who_did_not_object() -> None:
    """Let a longer promise reach people who were told of it and did not object in time."""
    release_who_did_not_object(clock.now())
