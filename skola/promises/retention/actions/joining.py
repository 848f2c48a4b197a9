"""Two records of one person become one: what terms are counted from goes over, and back again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.promises.retention.actions.facts import (
    CONSENT,
    record_event,
    record_history,
    record_state,
    withdraw_event,
)
from skola.promises.retention.models import Fact, StateFact

BY_THE_DATABASE = "account.open"
"""The state that follows the account, which does not go over."""


@reading_for(ENGINE)
@transaction.atomic
def join_facts(away: UUID, home: UUID, *, now: datetime) -> dict[str, Any]:
    """Let what is known of one record count for another, and return what it was before.

    Where both said something about one consent, what is known of the record that stays counts.
    """
    before = {
        one.event: [one.first_at.isoformat(), one.last_at.isoformat()]
        for one in Fact.objects.filter(person=home)
    }
    came = []
    for one in Fact.objects.filter(person=away):
        record_event(home, one.event, at=one.first_at)
        record_event(home, one.event, at=one.last_at)
        came.append(one.event)
    known = {one.state: one.is_open for one in StateFact.objects.filter(person=home)}
    opened, closed = [], []
    open_ = StateFact.objects.filter(person=away, is_open=True).exclude(state=BY_THE_DATABASE)
    for state in [one.state for one in open_]:
        if not known.get(state) and not (state.startswith(CONSENT) and state in known):
            record_state(home, state, is_open=True, at=now)
            opened.append(state)
        record_state(away, state, is_open=False, at=now)
        closed.append(state)
    return {"before": before, "came": came, "opened": opened, "closed": closed}


@reading_for(ENGINE)
@transaction.atomic
def part_facts(joined: dict[str, Any], away: UUID, home: UUID, *, now: datetime) -> None:
    """Undo what ``join_facts`` did, by what it returned."""
    before = joined["before"]
    for event in joined["came"]:
        withdraw_event(home, event, at=now)
        if event in before:
            first, last = (datetime.fromisoformat(one) for one in before[event])
            record_event(home, event, at=first)
            record_history([(home, event, first, last)])
    for state in joined["opened"]:
        record_state(home, state, is_open=False, at=now)
    for state in joined["closed"]:
        record_state(away, state, is_open=True, at=now)
