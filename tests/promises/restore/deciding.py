"""A world about whose people everything is decided that a restore must repeat, and its facts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.files import api as files
from skola.ground.files.models import DoomedObject, ObjectKey, StoredFile
from skola.ground.journal import api as journal
from skola.ground.people.models import Finding, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant, come_back, depart
from skola.promises.consents.api import withdraw
from skola.promises.consents.models import Consent
from skola.promises.consents.tests import make as consents
from skola.promises.gate.api import lift_restriction, record_telling, restrict
from skola.promises.gate.models import Restriction
from skola.promises.handover.models import Handover
from skola.promises.retention.api import (
    Hold,
    Release,
    place_hold,
    record_release,
    record_state,
    release_hold,
)
from skola.promises.retention.models import Fact, StateFact
from skola.promises.rights.erasing.actions import erase_person
from skola.promises.rights.models import Objection
from skola.promises.rights.objections import actions as objections
from skola.services.campaigns import rules as messages
from skola.services.campaigns.api import Refusal, refuse
from skola.services.campaigns.models import Suppression
from skola.services.desk.actions import erase_on_objection
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from skola.services.hiring import actions as hiring_actions
from skola.services.hiring.models import Application
from skola.services.hiring.tests import make as hiring
from skola.web.signup import find_fault, put_right
from tests.promises.restore.copies import START

DAY = timedelta(days=1)
CONSENT = "consent:newsletter"
AGREED = "disclosure.consented"
OFFICER = "officer"


class World:
    """People with everything that a decision can be about: each can be decided at any time."""

    def __init__(self, size: int = 4) -> None:
        self.people = [people.person(given_name=f"Person {n}") for n in range(size)]
        vacancy = hiring.vacancy(at=START)
        self.applications = [hiring.application(vacancy, at=START).pk for _ in range(size)]
        self.enquiries = [
            desk.enquiry(person=None, email=f"{n}@example.org", at=START).pk for n in range(size)
        ]
        self.files = [one.pk for one in StoredFile.objects.order_by("pk")]
        for one in self.people:
            record_state(one.pk, "account.open", is_open=True, at=START)

    @reading_for(ENGINE)
    def decide(self, what: str, number: int, now: datetime) -> None:
        """Decide something about one of the people, unless they are gone or it does not apply."""
        person = Person.objects.filter(pk=self.people[number].pk).first()
        if person is not None:
            DECISIONS[what](self, person, number, now)

    def place(self, person: Person, number: int, now: datetime) -> None:
        place_hold(reason="claim", person_id=person.pk, by=OFFICER, now=now)

    def place_for_category(self, person: Person, number: int, now: datetime) -> None:
        place_hold(
            reason="claim",
            person_id=person.pk,
            category="contact",
            ends_at=now + 10 * DAY,
            by=OFFICER,
            now=now,
        )

    def place_on_object(self, person: Person, number: int, now: datetime) -> None:
        if application := Application.objects.filter(pk=self.applications[number]).first():
            place_hold(reason="claim", target=application, by=OFFICER, now=now)

    def release(self, person: Person, number: int, now: datetime) -> None:
        if held := Hold.objects.filter(released_at=None).order_by("pk").first():
            release_hold(held, by=OFFICER, now=now)

    def consent(self, person: Person, number: int, now: datetime) -> None:
        record_state(person.pk, CONSENT, is_open=True, at=now)

    def withdraw_consent(self, person: Person, number: int, now: datetime) -> None:
        record_state(person.pk, CONSENT, is_open=False, at=now)

    def agree(self, person: Person, number: int, now: datetime) -> None:
        consents.consent(person, AGREED, at=now)

    def take_back(self, person: Person, number: int, now: datetime) -> None:
        withdraw(person, AGREED, channel="account", by="person", now=now)

    def refuse_offers(self, person: Person, number: int, now: datetime) -> None:
        refuse(person, messages.DIRECT, way=Refusal.Way.ACCOUNT, by="person", now=now)

    def forget_file(self, person: Person, number: int, now: datetime) -> None:
        if stored := StoredFile.objects.filter(pk=self.files[number]).first():
            files.forget(stored, by="author", now=now)

    def withdraw_application(self, person: Person, number: int, now: datetime) -> None:
        if application := Application.objects.filter(pk=self.applications[number]).first():
            hiring_actions.withdraw(application, by="candidate", now=now)

    def object(self, person: Person, number: int, now: datetime) -> None:
        if enquiry := Enquiry.objects.filter(pk=self.enquiries[number]).first():
            erase_on_objection(enquiry, by="enquirer", now=now)

    def stop_use(self, person: Person, number: int, now: datetime) -> None:
        objections.stop(person.pk, ["site.content"], request=None, by="person", now=now)

    def object_to_version(self, person: Person, number: int, now: datetime) -> None:
        record_release(
            person.pk,
            version="2026-09-01",
            through=START + 180 * DAY,
            how=Release.How.OBJECTED,
            by="person",
            now=now,
        )

    def find(self, person: Person, number: int, now: datetime) -> None:
        if not Finding.objects.filter(person=person, closed_at=None).exists():
            find_fault(person, Finding.Kind.INACCURATE, reason="", by=OFFICER, now=now)

    def put_right(self, person: Person, number: int, now: datetime) -> None:
        if found := Finding.objects.filter(person=person, closed_at=None).first():
            put_right(found, by=OFFICER, now=now)

    def restrict(self, person: Person, number: int, now: datetime) -> None:
        restrict(person.pk, reason="disputed", by=OFFICER, now=now)

    def restrict_object(self, person: Person, number: int, now: datetime) -> None:
        if application := Application.objects.filter(pk=self.applications[number]).first():
            restrict(
                application.person_id, reason="disputed", by=OFFICER, now=now, target=application
            )

    def lift(self, person: Person, number: int, now: datetime) -> None:
        about = (person.pk, self.applications[number])
        for one in Restriction.objects.filter(ref__in=about, lifted_at=None):
            record_telling(one, how=Restriction.Told.IN_PERSON, on=now.date(), by=OFFICER, now=now)
            lift_restriction(one, by=OFFICER, now=now)

    def hand_over(self, person: Person, number: int, now: datetime) -> None:
        """The copy of the service that was handed over is erased; here its rows stay."""
        with transaction.atomic():
            told = Handover.objects.first() or Handover.objects.create(
                kind=Handover.Kind.SALE, agreed_on=now.date(), announced_at=now, goes_at=now
            )
            depart(now=now)
            detail = {"receipt": "0" * 64, "handover": str(told.pk)}
            journal.write("handover.erased", subject=None, at=now, detail=detail)

    def erase(self, person: Person, number: int, now: datetime) -> None:
        erase_person(person.pk, reason="asked", by=OFFICER, now=now)


DECISIONS: dict[str, Callable[[World, Person, int, datetime], None]] = {
    "place": World.place,
    "place for category": World.place_for_category,
    "place on object": World.place_on_object,
    "release": World.release,
    "consent": World.consent,
    "withdraw consent": World.withdraw_consent,
    "agree": World.agree,
    "take back": World.take_back,
    "refuse offers": World.refuse_offers,
    "forget file": World.forget_file,
    "withdraw application": World.withdraw_application,
    "object": World.object,
    "stop use": World.stop_use,
    "object to version": World.object_to_version,
    "find": World.find,
    "put right": World.put_right,
    "restrict": World.restrict,
    "restrict object": World.restrict_object,
    "lift": World.lift,
    "erase": World.erase,
    "hand over": World.hand_over,
}
NOT_REPEATED = {"agree", "consent", "find"}
"""What is no decision to be repeated: it is lost with the database, as all new data are."""


@reading_for(ENGINE)
def facts() -> dict[str, list[Any]]:
    """Everything that matters to people's privacy in this database."""
    return {
        "people": list(Person.objects.order_by("pk").values("pk", "given_name", "email", "phone")),
        "holds": list(
            Hold.objects.order_by("pk").values(
                "pk", "person", "category", "object_id", "starts_at", "ends_at", "released_at"
            )
        ),
        "states": list(
            StateFact.objects.order_by("person", "state").values(
                "person", "state", "is_open", "ended_at"
            )
        ),
        "facts": list(
            Fact.objects.order_by("person", "event").values("person", "event", "last_at")
        ),
        "promises": list(
            Release.objects.order_by("person", "version").values(
                "person", "version", "through", "how", "at"
            )
        ),
        "restrictions": list(
            Restriction.objects.order_by("ref", "since_at").values(
                "person", "ref", "object_table", "since_at", "lifted_at"
            )
        ),
        "objections": list(
            Objection.objects.order_by("person", "purpose").values("person", "purpose", "state")
        ),
        "consents": list(
            Consent.objects.order_by("person", "given_at").values(
                "person", "purpose", "given_at", "ended_at", "end"
            )
        ),
        "refusals": list(Refusal.objects.order_by("person", "what").values("person", "what")),
        "suppressions": list(Suppression.objects.order_by("digest").values("digest", "what")),
        "files": list(StoredFile.objects.order_by("pk").values_list("pk")),
        "keys": list(ObjectKey.objects.order_by("file").values_list("file")),
        "applications": list(Application.objects.order_by("pk").values("pk", "email")),
        "enquiries": list(Enquiry.objects.order_by("pk").values("pk", "email")),
        "closed": list(Tenant.objects.order_by("pk").values("pk", "handed_over_at")),
        "findings": list(Finding.objects.order_by("pk").values("pk", "closed_at")),
    }


def forget_world() -> None:
    """Begin again with nobody; what was decided stays in the journal, as it would."""
    come_back()
    for model in (
        Consent,
        Refusal,
        Suppression,
        Application,
        Enquiry,
        Hold,
        StateFact,
        Fact,
        Release,
        Restriction,
        Objection,
        Finding,
        StoredFile,
        DoomedObject,
        Handover,
    ):
        model.objects.all().delete()
    with connection.cursor() as cursor:  # the ORM would ask tables from which nobody may delete
        cursor.execute("delete from people_person")
