"""The brand of an academy, and with it a new version of its policy."""

import tempfile
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files.api import store
from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, current_id, inside
from skola.promises.policy.api import PolicyError, earliest_effect, in_force, load, versions
from skola.services.academies import queries
from skola.services.academies.actions.founding import publish_text
from skola.services.academies.logos import LOGO
from skola.services.academies.models import Agreement, Brand, Instruction
from skola.services.academies.policy import Edition, Wanted, subprocessors_of, written
from skola.services.shop.api import close_shop, closed_at, open_again

WORDS = ("name", "tagline", "accent", "organisation", "number", "address", "email")
"""What of the brand is said in words."""


@transaction.atomic
def change_brand(
    told: Mapping[str, Any], *, logo: Any = None, person: Person, by: str, now: datetime
) -> datetime:
    """Change what pages and policy say of the organisation, and return when it takes effect.

    Name, colour and contacts at once; another controller by name or number is material, and takes
    effect when the notice has run that the policy promises. Raises PolicyError where the policy
    would be refused, RefusedError for what is no picture; then nothing changed. Source:
    learnifier-10.b.
    """
    brand = Brand.objects.select_for_update().get()
    before = {name: getattr(brand, name) for name in WORDS}
    for name in WORDS:
        setattr(brand, name, told[name])
    if logo is not None:
        brand.logo = store(logo, kind=LOGO, person_id=None, by=by, now=now)
    brand.save()
    changed = [name for name in WORDS if before[name] != told[name]]
    changed += ["logo"] if logo is not None else []
    if not changed:
        return now
    effective = publish_brand(brand, _renamed, by=by, now=now)
    Instruction.objects.create(
        person=person, kind=Instruction.Kind.BRAND, words=_changes(brand, before, changed), at=now
    )
    detail = {"fields": changed}
    audit.record("academies.brand.changed", target=brand, by=by, at=now, detail=detail)
    return effective


def _changes(brand: Brand, before: Mapping[str, Any], changed: Collection[str]) -> str:
    """What was changed from what to what, as it is read in the log of instructions."""
    labels: dict[str, Any] = {one.name: one for one in Brand._meta.fields}
    said = [
        f"{labels[name].verbose_name}: {before[name]} → {getattr(brand, name)}"
        for name in changed
        if name != "logo"
    ]
    said += [_("another picture")] if "logo" in changed else []
    return "; ".join(said)[:300]


@transaction.atomic
def begin_selling(*, person: Person, by: str, now: datetime) -> datetime:
    """Let the academy sell courses to others, and return from when on it does.

    Its policy gets the purposes of orders, accounting and news, which is a material change: people
    are told, and the shop opens when the notice has run. Once more changes nothing. Source:
    learnifier-3.2.a.
    """
    brand = Brand.objects.select_for_update().get()
    if brand.sells:
        if closed_at() is not None:
            open_again(by=by, now=now)
            Instruction.objects.create(person=person, kind=Instruction.Kind.SELLS, at=now)
        return now
    brand.sells = True
    brand.save(update_fields=["sells"])
    effective = publish_brand(brand, _sells, by=by, now=now)
    Instruction.objects.create(person=person, kind=Instruction.Kind.SELLS, at=now)
    audit.record("academies.selling.begun", target=brand, by=by, at=now, clause="learnifier-3.2.a")
    return effective


@transaction.atomic
def stop_selling(*, person: Person, by: str, now: datetime) -> None:
    """Let the academy sell nothing more: no new orders, those that were placed go on.

    Its policy stays as it is, for the purposes of orders and accounting live on with what was
    ordered, and end by their own clocks. Once more changes nothing. Source: learnifier-3.2.a.
    """
    brand = Brand.objects.select_for_update().get()
    if not brand.sells or closed_at() is not None:
        return
    told = close_shop(by=by, now=now)
    Instruction.objects.create(person=person, kind=Instruction.Kind.UNSOLD, at=now)
    detail = {"told": told}
    audit.record(
        "academies.selling.ended",
        target=brand,
        by=by,
        at=now,
        clause="learnifier-3.2.a",
        detail=detail,
    )


def publish_brand(brand: Brand, why: Callable[[], str], *, by: str, now: datetime) -> datetime:
    """Publish the next version of the academy's policy, and return when it takes effect.

    ``why`` gives the reason in the language that is active.
    """
    tenant = Tenant.objects.get(pk=current_id())
    known, _problems = versions(Path(settings.POLICIES), tenant.slug)
    wanted = wanted_of(brand, tenant, now=now)
    version = _free(f"{now:%Y-%m-%d}", {one.name for one in known})
    replaces = in_force(now).policy.policy.version
    reason = _reason(brand.languages, why)
    minor = Edition(version, now, now, replaces, "minor", reason)
    try:
        publish_text(written(wanted, minor), by=by, now=now)
    except PolicyError:
        later = Edition(version, now, now, replaces, "material", reason)
        effective = _earliest(written(wanted, later), now)
        edition = Edition(version, now, effective, replaces, "material", reason)
        publish_text(written(wanted, edition), by=by, now=now)
        return effective
    return now


def wanted_of(brand: Brand, tenant: Tenant, *, now: datetime) -> Wanted:
    """Return what the policy of the speaking academy is made from."""
    agreement = Agreement.objects.get()
    with inside(tenant.operator_id):
        subprocessors = subprocessors_of(in_force(now).policy)
    return Wanted(
        slug=tenant.slug,
        hosts=queries.hosts_of_tenant(tenant),
        country=brand.country,
        languages=tuple(brand.languages),
        operator=agreement.operator,
        reference=agreement.reference,
        days=agreement.days,
        subprocessors=subprocessors,
        logo=reverse("files:show", args=[brand.logo_id]) if brand.logo_id else "",
        sells=brand.sells,
        **{name: getattr(brand, name) for name in WORDS},
    )


def _free(wanted: str, taken: Collection[str]) -> str:
    """Return a name of a version that no other has: the day, or the day with a number."""
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _renamed() -> str:
    return _("The organisation changed how it is named or reached.")


def _sells() -> str:
    return _("The organisation begins to sell courses to others.")


def _reason(languages: Collection[str], why: Callable[[], str]) -> dict[str, str]:
    said = {}
    for language in languages:
        with translation.override(language):
            said[language] = why()
    return said


def _earliest(text: str, now: datetime) -> datetime:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policy.toml"
        file.write_text(text, encoding="utf-8")
        return earliest_effect(load(file), now)
