"""The catalogue of the demo: the diary for schools, text messages, calendars for families."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from skola.ground.people.api import Account, Guardianship, Person, Role
from skola.promises.policy.api import has, in_force
from skola.services.customers import actions
from skola.services.customers.models import Relation, Service, Subscription
from skola.services.customers.queries import CAPABILITY
from skola.services.customers.relations import CAPABILITY as RELATION
from skola.services.customers.relations import STAFF
from skola.services.customers.rules import Step
from skola.services.school.api import SCHOOL, School

FAMILIES = 12
"""So many families at most have ordered something."""


def populate(_service: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Fill the catalogue of the speaking tenant, where its policy has one, and let some order."""
    if has(RELATION, now=now):
        _relate(people, now)
    if not has(CAPABILITY, now=now):
        return
    diary, texts, calendar = (_offer(what, now) for what in _CATALOGUE)
    head = Role.objects.filter(kind=Role.Kind.SCHOOL, scope=SCHOOL).held_at(now).first()
    if head is not None and head.scope_id is not None:
        school = School.objects.get(pk=head.scope_id)
        for service in (diary, texts):
            _order(service, head.person, school, now)
    parents = Guardianship.objects.filter(guardian__in=people, verified_at__isnull=False)
    found = {one.guardian_id: one.guardian for one in parents.select_related("guardian")}
    known = [one for one in people if one.pk in found]
    for parent in [*known[:1], *chance.sample(known[1:], min(FAMILIES, len(known[1:])))]:
        _order(calendar, parent, None, now)


def _relate(people: Sequence[Person], now: datetime) -> None:
    """Everybody with an account is a customer since it was opened; those who work here are none."""
    found = in_force(now)
    staff = Role.objects.filter(kind__in=STAFF, scope="").values("person")
    accounts = Account.objects.filter(person__in=people).exclude(person__in=staff)
    Relation.objects.bulk_create(
        Relation(
            person_id=one.person_id,
            start=Relation.Start.REGISTERED,
            version=found.version.name,
            digest=found.hash,
            started_at=one.created_at,
            ended_at=one.closes_at if one.closes_at and one.closes_at <= now else None,
        )
        for one in accounts
    )


def _offer(what: actions.Offered, now: datetime) -> Service:
    return actions.offer_service(what, by="skola demo", now=now - timedelta(days=40))


def _order(service: Service, who: Person, school: School | None, now: datetime) -> Subscription:
    return actions.order(service, who, school=school, by="skola demo", now=now)


_CATALOGUE = (
    actions.Offered(
        audience=Service.Audience.SCHOOL,
        name="Päevik koolile",
        about="Tunniplaan, hinded, puudumised, kodutööd ja suhtlus kogu koolile.",
        function="",
        months=12,
        vat_percent=Decimal("24.0"),
        currency="EUR",
        steps=(Step(1, 300), Step(100, 240), Step(500, 200)),
    ),
    actions.Offered(
        audience=Service.Audience.SCHOOL,
        name="SMS-teated koolile",
        about="Õpetaja saab vanemale puudumisest SMS-iga teada anda.",
        function="diary.texts",
        months=12,
        vat_percent=Decimal("24.0"),
        currency="EUR",
        steps=(Step(1, 60),),
    ),
    actions.Offered(
        audience=Service.Audience.FAMILY,
        name="Tunnid oma kalendris",
        about="Lapse tunnid ja kodutööd Teie enda kalendris.",
        function="diary.calendar",
        months=1,
        vat_percent=Decimal("24.0"),
        currency="EUR",
        steps=(Step(1, 150),),
    ),
)
