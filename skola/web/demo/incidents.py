"""A risk that is looked at again, an incident that is over, and a breach whose time runs."""

from datetime import datetime, timedelta

from skola.ground.audit import api as audit
from skola.ground.people.api import Role
from skola.promises.incidents import actions
from skola.promises.incidents.actions import About, Happened
from skola.promises.incidents.models import Incident

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def populate(now: datetime) -> None:
    """Add them to the speaking tenant, where there is an officer."""
    held = Role.objects.filter(kind="officer").select_related("person").first()
    if held is None:
        return
    by = audit.pseudonym(held.person_id)
    again = now.date() + timedelta(days=120)
    for title, likelihood, impact, measure in (
        ("A laptop with data is lost", 2, 3, "Disks are enciphered; it can be locked from afar."),
        ("A list goes to the wrong address", 3, 2, "Lists are sent by link, never attached."),
    ):
        about = About(title, likelihood, impact, measure, again)
        actions.note_risk(about, by=by, now=now - 90 * A_DAY)
    then = now - 60 * A_DAY
    over = actions.open_incident(
        Happened("A door of the archive stood open", "Nobody was there.", then, False),
        by=by,
        now=then,
    )
    actions.note_measure(over, "The door closes by itself now.", then.date(), by=by, now=then)
    actions.close_incident(over, by=by, now=then + A_DAY)
    known = now - 30 * HOUR
    happened = Happened(
        "A list of participants went to a stranger",
        "Names and e-mail addresses of a group, by a typing error. The stranger was asked to"
        " delete it.",
        known,
        True,
    )
    breach = actions.open_incident(happened, by=by, now=known)
    danger = Incident.Danger.RISK
    actions.assess(breach, is_breach=True, danger=danger, by=by, now=known)
