"""Deciding, deciding by a person, contesting and looking again; one function each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Person, language_of, post
from skola.ground.tenants.api import site
from skola.promises.decisions import queries
from skola.promises.decisions.models import Decision
from skola.promises.decisions.points import point
from skola.promises.decisions.rules import left_to_a_person
from skola.promises.policy.api import Period, due, in_force, parse_term
from skola.promises.policy.api import Word as TermWord
from skola.promises.rights.api import stop_automated, zone_of


class DecidedError(Exception):
    """It is decided, or reviewed, already; nothing changed."""


@dataclass(frozen=True)
class Ground:
    """On what the software may decide: one of GDPR Art. 22(2), and the words agreed to."""

    kind: str = ""
    words: str = ""


NONE = Ground()


@transaction.atomic
def decide(
    name: str,
    person: Person,
    *,
    result: str,
    inputs: Mapping[str, Any],
    ground: Ground = NONE,
    about: UUID | None = None,
    by: str,
    now: datetime,
) -> Decision:
    """Let the software decide where it may; else the question waits for a person.

    ``result`` is what the rule says. Where no ground allows it, or the person objected, it is
    neither carried out nor kept: whoever decides is not led by it. Raises UnknownError where the
    policy does not name the decision. Source: ilearn-13.a, ilearn-13.b, ilearn-14.
    """
    told = queries.promised(name, now=now)
    because = left_to_a_person(
        effect=told.effect,
        allowed_on=told.allowed_on,
        ground=ground.kind,
        is_stopped=not queries.may_decide(person.pk, name),
    )
    maker = Decision.Maker.PERSON if because else Decision.Maker.SOFTWARE
    made = Decision.objects.create(
        person=person,
        point=name,
        about=about,
        rule=point(name).version,
        inputs=dict(inputs),
        maker=maker,
        because=because or "",
        ground=ground.kind,
        ground_words=ground.words,
        asked_at=now,
        decide_by=_answer_by(told.review_deadline, now),
        result="" if because else result,
        decided_at=None if because else now,
    )
    if because:
        _record("queued", made, by, now, {"because": str(because)})
    else:
        _record("taken", made, by, now, {"ground": ground.kind, "result": result})
        _carry_out(made, by, now)
    return made


@transaction.atomic
def answer(decision: Decision, result: str, reasons: str, *, by: str, now: datetime) -> None:
    """A person decides what waits, or looks again at what was contested, and may overturn it.

    Raises DecidedError, and changes nothing, when nothing waits any more.
    """
    held = _locked(decision)
    if not held.waits:
        raise DecidedError(_("Somebody has decided this meanwhile. Look at what became of it."))
    was, is_review = held.result, held.decided_at is not None
    held.result, held.reasons, held.decided_by = result, reasons, by
    if is_review:
        held.reviewed_at, held.first_result = now, was
    else:
        held.decided_at = now
    held.save()
    detail = {"result": result, "overturned": is_review and was != result}
    _record("reviewed" if is_review else "answered", held, by, now, detail)
    if was != result:
        _carry_out(held, by, now)
    else:
        _tell(held, now)


@transaction.atomic
def contest(decision: Decision, view: str, *, by: str, now: datetime) -> None:
    """Somebody asks for a person to look at a decision, with their own view. Once for each.

    Raises DecidedError where it waits for a person already, or one has looked. Source: ilearn-14.
    """
    held = _locked(decision)
    if held.waits or held.reviewed_at is not None or held.maker == Decision.Maker.PERSON:
        raise DecidedError(_("A person decides this, or has looked at it already."))
    held.review_asked_at, held.view = now, view
    held.decide_by = _answer_by(queries.promised(held.point, now=now).review_deadline, now)
    held.save(update_fields=["review_asked_at", "view", "decide_by"])
    _record("contested", held, by, now, {})


def object_to(person: Person, name: str, *, by: str, now: datetime) -> None:
    """The software decides this about somebody no more; a person does (ilearn-13.b)."""
    stop_automated(person.pk, queries.promised(name, now=now).id, by=by, now=now)


def _locked(decision: Decision) -> Decision:
    return Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)


def _answer_by(term: str, now: datetime) -> datetime:
    found = parse_term(term, words=frozenset({TermWord.AT_ONCE, TermWord.LAW}))
    if not isinstance(found, Period):
        return now
    return due(now, found, zone_of(now), in_force(now).policy.policy.calendar)


def _carry_out(decision: Decision, by: str, now: datetime) -> None:
    point(decision.point).carry_out(decision, by, now)
    _tell(decision, now)


def _record(what: str, made: Decision, by: str, now: datetime, detail: dict[str, Any]) -> None:
    audit.record(
        f"decisions.decision.{what}",
        target=made,
        subject=made.person_id,
        by=by,
        at=now,
        detail={"point": made.point, **detail},
    )


def _tell(made: Decision, now: datetime) -> None:
    """Write to whom it is about: the result, the logic, what it rested on, and the ways out."""
    if not made.person.email:
        return
    service = in_force(now).policy.service.name
    with translation.override(language_of(made.person)):
        said = queries.shown(made, now=now)
        subject = _("A decision about you: %(name)s") % {"name": said.name}
        text = "\n\n".join(_lines(said))
    post(
        person_id=made.person_id,
        address=made.person.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
    )


def _lines(said: queries.Shown) -> list[str]:
    made = said.decision
    by_software = made.maker == Decision.Maker.SOFTWARE and made.reviewed_at is None
    who = _("The software decided:") if by_software else _("A person decided:")
    lines = [f"{who} {said.result}"]
    if made.reasons:
        lines.append(made.reasons)
    if by_software:
        lines.append(said.logic)
        lines.append("\n".join(f"{name}: {value}" for name, value in said.inputs))
    lines.append(_("What you can do about it, and the whole decision:"))
    lines.append(f"{site()}{reverse('decisions:one', args=[made.pk])}")
    return lines
