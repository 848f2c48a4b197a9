"""Two records of one person become one, and for a while they can be parted again (ilearn-9.d).

Every row of every table that leads to the one leads to the other afterwards. The rows that the
application may not write are moved by the database, which asks for the merge that says so. What the
kept record has itself stays where it is; the merged record is empty and nameless from then on.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Person
from skola.promises.quality import queries
from skola.promises.quality.models import Bounce, Flaw, Merge
from skola.promises.quality.running import settle
from skola.promises.retention.api import join_facts, part_facts

STAYS = frozenset(
    {
        "people_account",
        "quality_bounce",
        "quality_flaw",
        "quality_merge",
        "retention_fact",
        "retention_statefact",
    }
)
"""Tables whose rows do not go over: sign-in, what is said of one record, and facts."""
FIELDS = ("given_name", "family_name", "birth_on", "email", "phone", "address")


class TwoAccountsError(Exception):
    """Both records sign in: one of the accounts has to be closed first."""


class TooLateError(Exception):
    """The merge was undone, or its time to be undone is over."""


@transaction.atomic
def merge(flaw: Flaw, keep: UUID, *, by: str, now: datetime) -> Merge:
    """Make the two records of a task one. The record with the account is kept, if there is one.

    Raises TwoAccountsError, SettledError; nothing changes then.
    """
    settle(flaw, Flaw.Outcome.MERGED, by=by, now=now)
    kept, merged = _kept_first(flaw, keep)
    made = Merge.objects.create(
        kept=kept,
        merged=merged,
        place=flaw.place,
        merged_at=now,
        undo_until=queries.after(queries.rule(now).undo_merge, now),
    )
    made.facts = join_facts(merged.pk, kept.pk, now=now)
    made.moved = [list(one) for one in _move_all(made) if one[2]]
    made.stayed = _stayed(merged.pk)
    made.was = _join_person(kept, merged)
    made.save()
    Bounce.objects.filter(person=merged).delete()
    others = Flaw.objects.open().filter(models.Q(person=merged) | models.Q(other=merged))
    others.update(outcome=Flaw.Outcome.MERGED, settled_at=now)
    _tell("merged", made, by=by, now=now)
    return made


def _kept_first(flaw: Flaw, keep: UUID) -> tuple[Person, Person]:
    wanted = [key for key in flaw.pair if key is not None]
    pair = Person.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    found = {one.pk: one for one in pair}
    signing_in = [
        one.person_id for one in Account.objects.filter(person__in=found) if one.is_active
    ]
    if len(signing_in) > 1:
        raise TwoAccountsError(
            _("Both sign in. Close one of the accounts first, as the person wishes.")
        )
    kept = found.pop(signing_in[0] if signing_in else keep)
    (merged,) = found.values()
    return kept, merged


def _columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every table and column that leads to a person and goes over."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            leads = isinstance(field, models.ForeignKey) and field.related_model is Person
            if leads and model._meta.db_table not in STAYS:
                yield model, str(field.column)


def _move_all(made: Merge) -> list[tuple[str, str, list[str]]]:
    return [
        (model._meta.db_table, column, _move(made, model._meta.db_table, column))
        for model, column in _columns()
    ]


def _move(made: Merge, table: str, column: str, rows: list[str] | None = None) -> list[str]:
    """Move rows along a merge, or those named back; what the other record has itself stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select quality_move(%s, %s, %s, %s::uuid[], %s)",
            [made.pk, table, column, rows, rows is not None],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def _stayed(merged: UUID) -> dict[str, int]:
    """Return how many rows of each table could not go over."""
    found = dict[str, int]()
    for model, column in _columns():
        if count := model._base_manager.filter(**{column: merged}).count():
            label = model._meta.label_lower
            found[label] = found.get(label, 0) + count
    return found


def _join_person(kept: Person, merged: Person) -> dict[str, Any]:
    """Fill what the kept record lacks from the merged one, and empty that; return what it was."""
    was = {name: _plain(getattr(merged, name)) for name in FIELDS}
    was |= {"status": merged.status}
    filled = [name for name in FIELDS if not getattr(kept, name) and getattr(merged, name)]
    for name in filled:
        setattr(kept, name, getattr(merged, name))
    if kept.status == Person.Status.LEAD:
        filled, kept.status = [*filled, "status"], merged.status
    for name in FIELDS:
        setattr(merged, name, None if name == "birth_on" else "")
    merged.status = Person.Status.FORMER
    kept.save(update_fields=[*FIELDS, "status"])
    merged.save(update_fields=[*FIELDS, "status"])
    return {**was, "filled": filled}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def part(made: Merge, *, by: str, now: datetime) -> None:
    """Part what was made one: each record has again what was its own. Raises TooLateError.

    What came since belongs to the record that was kept.
    """
    held = Merge.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if held.undone_at is not None or held.undo_until <= now:
        raise TooLateError(_("It is too late: the time in which this can be undone is over."))
    for table, column, rows in held.moved:
        _move(held, table, column, rows)
    part_facts(held.facts, held.merged_id, held.kept_id, now=now)
    _part_person(held.kept, held.merged, held.was)
    held.undone_at = now
    _forget(held)
    pair = models.Q(person=held.kept, other=held.merged) | models.Q(
        person=held.merged, other=held.kept
    )
    Flaw.objects.filter(pair, outcome=Flaw.Outcome.MERGED).update(outcome=Flaw.Outcome.APART)
    _tell("parted", held, by=by, now=now)


def _part_person(kept: Person, merged: Person, was: dict[str, Any]) -> None:
    for name in was["filled"]:
        if _plain(getattr(kept, name)) == was[name]:
            setattr(kept, name, {"birth_on": None, "status": Person.Status.LEAD}.get(name, ""))
    for name in (*FIELDS, "status"):
        setattr(merged, name, was[name])
    kept.save(update_fields=[*FIELDS, "status"])
    merged.save(update_fields=[*FIELDS, "status"])


def _forget(made: Merge) -> None:
    made.was, made.moved, made.facts = {}, [], {}
    made.save(update_fields=["was", "moved", "facts", "undone_at"])


@transaction.atomic
def forget_old(*, by: str, now: datetime) -> int:
    """Forget how to undo what can be undone no more; return how many merges that were."""
    old = Merge.objects.filter(undo_until__lte=now, undone_at=None).exclude(was={})
    found = list(old)
    for made in found:
        _forget(made)
        audit.record("quality.merge.final", target=made, subject=made.kept_id, by=by, at=now)
    return len(found)


def _tell(what: str, made: Merge, *, by: str, now: datetime) -> None:
    """Two entries: in the history of either record it says what became of it."""
    for subject, half in ((made.kept_id, "kept"), (made.merged_id, "merged")):
        audit.record(
            f"quality.person.{what}",
            target=made,
            subject=subject,
            by=by,
            at=now,
            detail={"record": half},
        )
