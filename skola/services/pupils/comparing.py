"""A register is compared with the school's data: each difference is a proposal (ekool-4.2.5)."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files.api import text_digest
from skola.ground.people.api import Person, change_profile
from skola.ground.tenants.api import current_id
from skola.services.pupils import rules
from skola.services.pupils.models import NationalCode, Proposal
from skola.services.school import api as school


class DecidedError(Exception):
    """Somebody has decided the proposal."""


class ListError(Exception):
    """The list of a register cannot be read; the message says why."""


@dataclass(frozen=True)
class Line:
    """What a register says of somebody: a national code, and fields that it knows."""

    code: str
    told: Mapping[str, str]


@dataclass(frozen=True)
class Compared:
    """What came of it."""

    pupils: int
    unknown: int
    """Codes that no pupil of the school has; nothing of them is kept."""
    proposals: int


def read(text: str) -> list[Line]:
    """Return the lines of a list with a first line of names, one of them ``code``.

    What stands in no column of ours is left out. Raises ListError.
    """
    first = text.lstrip("\ufeff").partition("\n")[0]
    sign = max(";,\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=sign)
    names = {name.strip() for name in rows.fieldnames or ()}
    if "code" not in names or not names.intersection(rules.COMPARED):
        raise ListError(_("The first line must name “code”, and what is to be compared."))
    found = []
    try:
        for row in rows:
            told = {name.strip(): (value or "").strip() for name, value in row.items() if name}
            known = {name: told[name] for name in rules.COMPARED if told.get(name)}
            if "birth_on" in known:
                known["birth_on"] = date.fromisoformat(known["birth_on"]).isoformat()
            if too_long := next((one for one in known.values() if len(one) > 200), ""):
                raise ListError(_("This is too long: %(text)s …") % {"text": too_long[:40]})
            found.append(Line(rules.plain(told.get("code", "")), known))
    except (csv.Error, ValueError, AttributeError) as problem:
        raise ListError(
            _("Line %(line)s cannot be read. Days are written as 2012-05-04.")
            % {"line": rows.line_num}
        ) from problem
    return found


@transaction.atomic
def compare(
    where: school.School,
    lines: Iterable[Line],
    *,
    register: str,
    as_of: date,
    by: str,
    now: datetime,
) -> Compared:
    """Propose what a register says otherwise of pupils of a school; nothing else changes.

    A difference that waits already is brought up to date, one that is gone is no more proposed.
    """
    tenant, told = current_id(), {one.code: one.told for one in lines if one.code}
    digests = {text_digest(code, tenant=tenant): code for code in told}
    today = school.today_here(now)
    pupils = school.Pupil.objects.filter(school_class__year__school=where).in_class_on(today)
    codes = NationalCode.objects.filter(digest__in=digests, person__in=pupils.values("person"))
    made, known = 0, 0
    for one in codes.select_related("person"):
        known += 1
        register_says = told[digests[one.digest]]
        made += _propose(one.person, where, register_says, register, as_of, now)
    counts = {"pupils": known, "proposals": made}
    audit.record("pupils.register.compared", target=where, by=by, at=now, detail=counts)
    return Compared(known, len(told) - known, made)


def _propose(
    person: Person,
    where: school.School,
    told: Mapping[str, str],
    register: str,
    as_of: date,
    now: datetime,
) -> int:
    waiting = Proposal.objects.open().filter(person=person)
    made = 0
    for name, value in told.items():
        held = held_of(person, name)
        if rules.says_the_same(held, value):
            waiting.filter(field=name).delete()
            continue
        Proposal.objects.update_or_create(
            person=person,
            field=name,
            decided_at=None,
            defaults={
                "school": where,
                "held": held,
                "value": value,
                "register": register,
                "as_of": as_of,
                "proposed_at": now,
            },
        )
        made += 1
    return made


def held_of(person: Person, field: str) -> str:
    """Return what stands with the school, as the list of a register writes it."""
    value = getattr(person, field)
    return value.isoformat() if isinstance(value, date) else value or ""


@transaction.atomic
def decide(proposal: Proposal, *, accept: bool, author: Person, by: str, now: datetime) -> None:
    """The school takes what the register says, or keeps its own. Raises DecidedError.

    What it was before stays in the history, with the register and who confirmed it.
    """
    held = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if held.decided_at is not None:
        raise DecidedError(_("Somebody has decided this already."))
    held.decided_at, held.accepted = now, accept
    held.save(update_fields=["decided_at", "accepted"])
    if accept:
        day = held.field == "birth_on"
        change_profile(
            held.person,
            {held.field: date.fromisoformat(held.value) if day else held.value},
            fields=(held.field,),
            author=author,
            source="public",
            ground=f"{held.register}, {held.as_of:%Y-%m-%d}",
            by=by,
            now=now,
        )
    word = "accepted" if accept else "refused"
    audit.record(f"pupils.proposal.{word}", target=held, subject=held.person_id, by=by, at=now)
