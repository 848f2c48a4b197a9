"""Founding an academy: a tenant, its policy and its first administrator, all or nothing."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import (
    Account,
    Person,
    Role,
    grant_role,
    open_account,
    record_informed,
    register_person,
)
from skola.ground.tenants.api import TakenError, Tenant, current_id, found, inside
from skola.promises.policy.api import in_force, publish
from skola.promises.retention.api import record_state
from skola.services.academies import queries, rules
from skola.services.academies.models import Academy, Agreement, Brand, Instruction, Subscription
from skola.services.academies.policy import Edition, Wanted, subprocessors_of, written

VERSION = "2026-11"
"""Of the wording of the agreement, see ``jinja2/academies/_agreement.html``."""
FIRST_ROLES = (Role.Kind.ADMINISTRATOR, Role.Kind.OFFICER, Role.Kind.AUTHOR)
"""What the first user of an academy is."""
SALT = "academies.arrival"
ARRIVES_WITHIN = 600
"""Seconds in which the founder goes over to the academy without signing in anew."""


@dataclass(frozen=True)
class Founding:
    """What the client says of its academy."""

    word: str
    name: str
    tagline: str
    accent: str
    organisation: str
    number: str
    address: str
    email: str
    country: str
    languages: Sequence[str]
    days: int
    sells: bool = False
    """Whether it sells courses to others from the first day on."""


def found_academy(
    founder: Person, told: Founding, *, address: str, by: str, now: datetime
) -> Academy:
    """Found an academy for a client of the speaking tenant, who becomes its administrator.

    ``address`` is the founder's, confirmed at the operator. Raises TakenError where the word is in
    use, PolicyError where the policy would be refused; then nothing was made. Source:
    learnifier-cta, learnifier-12.a to 12.c, learnifier-3.2.c.
    """
    with _no_policy_left(told.word), transaction.atomic():
        operator = Tenant.objects.get(pk=current_id())
        binding = in_force(now).policy
        tenant = found(told.word, told.name, now=now)
        reference = f"{tenant.slug}-{now:%Y%m%d}"
        academy = Academy.objects.create(
            client=tenant.pk,
            word=told.word,
            name=told.name,
            reference=reference,
            founded_at=now,
        )
        Subscription.objects.create(
            academy=academy, person=founder, version=VERSION, days=told.days, agreed_at=now
        )
        record_state(founder.pk, "client.active", is_open=True, at=now)
        wanted = Wanted(
            slug=tenant.slug,
            hosts=queries.hosts_of_tenant(tenant),
            operator=binding.controller.name,
            reference=reference,
            subprocessors=subprocessors_of(binding),
            **_about(told),
        )
        with inside(tenant.pk):
            _begin(founder, wanted, told, address=address, now=now)
        audit.record(
            "academies.academy.founded",
            target=academy,
            subject=founder.pk,
            by=by,
            at=now,
            clause="learnifier-cta",
            detail={"operator": str(operator.pk), "version": VERSION, "days": told.days},
        )
    return academy


def _about(told: Founding) -> dict[str, Any]:
    same = ("name", "tagline", "accent", "organisation", "number", "address", "email", "country")
    about: dict[str, Any] = {name: getattr(told, name) for name in (*same, "sells")}
    return {**about, "languages": tuple(told.languages), "days": told.days}


@contextmanager
def _no_policy_left(word: str) -> Iterator[None]:
    """Remove the policy again where the founding fails: it has bound nobody."""
    operator = Tenant.objects.get(pk=current_id())
    folder = Path(settings.POLICIES) / rules.slug_of(operator.slug, word)
    if folder.exists():
        raise TakenError(f"{word!r} is taken.")
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _begin(founder: Person, wanted: Wanted, told: Founding, *, address: str, now: datetime) -> None:
    """Fill the new tenant, as that tenant."""
    person = register_person(
        given_name=founder.given_name,
        family_name=founder.family_name,
        email=address,
        language=founder.language,
        source="subject",
        by="academies",
        now=now,
    )
    who = audit.pseudonym(person.pk)
    account = open_account(person, email=address, password=None, by=who, now=now)
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    for kind in FIRST_ROLES:
        grant_role(person, kind, by=who, now=now)
    Brand.objects.create(
        **{
            name: value for name, value in _about(told).items() if name not in ("days", "languages")
        },
        languages=list(told.languages),
    )
    Agreement.objects.create(
        reference=wanted.reference,
        operator=wanted.operator,
        version=VERSION,
        language=told.languages[0],
        days=told.days,
        agreed_at=now,
    )
    edition = Edition(f"{now:%Y-%m-%d}", now, now)
    publish_text(written(wanted, edition), by=who, now=now)
    binding = in_force(now)
    version = binding.policy.policy.version
    record_informed(person.pk, version=version, digest=binding.hash, now=now)
    Instruction.objects.create(person=person, kind=Instruction.Kind.FOUNDED, at=now)


def publish_text(text: str, *, by: str, now: datetime) -> None:
    """Publish a policy that stands in no file yet. Raises PolicyError."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policy.toml"
        file.write_text(text, encoding="utf-8")
        publish(file, by=by, now=now)


def arrival_of(academy: Academy, address: str) -> str:
    """Return a token by which the founder enters an academy where nobody of that address was yet.

    Empty where they have been there: then they sign in as everybody does.
    """
    with inside(academy.client):
        waiting = Account.objects.filter(email=address.lower(), last_login=None).first()
        founders = (
            waiting is not None
            and Instruction.objects.filter(
                kind=Instruction.Kind.FOUNDED, person_id=waiting.person_id
            ).exists()
        )
    return signing.dumps({"account": str(waiting.pk)}, salt=SALT) if waiting and founders else ""


def arriving(token: str) -> UUID | None:
    """Return the account for which a token was made just now; None for any other text."""
    try:
        told = signing.loads(token, salt=SALT, max_age=ARRIVES_WITHIN)
    except signing.BadSignature:
        return None
    return UUID(told["account"])
