"""``skola erase``: what an erasure says on a terminal."""

import sys
from datetime import datetime
from uuid import UUID

from django.utils import translation

from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, by_host, by_slug, inside
from skola.promises.policy.api import NoPolicyError
from skola.promises.rights.erasing.actions import erase_person, preview
from skola.promises.rights.erasing.right import erasure_right
from skola.promises.rights.erasing.shown import Shown, shown


class _RefusedError(Exception):
    """Why nothing was done, and what now."""


def erase(
    person: str, *, tenant: str | None, host: str | None, reason: str, dry_run: bool, now: datetime
) -> int:
    """Erase a person of a tenant, print the receipt, and return the exit code.

    0 when it was done (or shown, with ``dry_run``); 2 when there is no such tenant, no such person,
    or more than one, or when no policy is in force or it has no right of erasure.
    """
    try:
        with inside(_tenant(tenant, host).pk), translation.override("en"):
            found = _person(person)
            if erasure_right(now) is None:
                raise _RefusedError("The policy in force has no right of erasure.")
            if dry_run:
                receipt = preview(found, now=now)
            else:
                receipt = erase_person(found, reason=reason, by="erase", now=now)
            print("Nothing was touched. An erasure now would do this:" if dry_run else "Erased.")
            print(_lines(shown(receipt, now=now)))
            if not dry_run:
                print(f"Receipt {receipt.code}, audit {', '.join(receipt.entries)}.")
    except (_RefusedError, NoPolicyError) as problem:
        print(f"skola: {problem}", file=sys.stderr)
        return 2
    return 0


def _tenant(slug: str | None, host: str | None) -> Tenant:
    found = None
    if host is not None:
        found = by_host(host)
    elif slug is not None:
        found = Tenant.objects.filter(slug=slug).first() and by_slug(slug)
    if found is None:
        raise _RefusedError(f"There is no tenant {slug or host!r}.")
    return found


def _person(text: str) -> UUID:
    try:
        people = Person.objects.filter(pk=UUID(text))
    except ValueError:
        people = Person.objects.filter(email=text.lower())
    keys = list(people.values_list("pk", flat=True)[:10])
    if not keys:
        raise _RefusedError(f"Nobody is known here as {text!r}.")
    if len(keys) > 1:
        listed = ", ".join(map(str, keys))
        raise _RefusedError(f"Several people are known as {text!r}: name one by id, of {listed}.")
    return keys[0]


def _lines(receipt: Shown) -> str:
    rows = [f"  went   {count:>6}  {name}" for name, count in receipt.erased]
    rows += [f"  stays  {count:>6}  {name}, without the person" for name, count in receipt.unlinked]
    rows += [
        f"  kept   {one.count:>6}  {one.name}, until {one.until}: {'; '.join(one.reasons)}"
        + (f" [{', '.join(one.clauses)}]" if one.clauses else "")
        for one in receipt.kept
    ]
    return "\n".join(rows) or "  nothing: no record is there"
