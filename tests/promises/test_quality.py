"""The data are looked through: faults become tasks, mails that come back, two that are one."""

import re
from datetime import date, timedelta
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from smtplib import SMTPDataError

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.api import post
from skola.ground.people.mail import send
from skola.ground.people.models import Account, Guardianship, Person, ProfileChange, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.quality.models import Bounce, Flaw, Merge, Run
from skola.promises.quality.tasks import forget_old, run
from skola.promises.retention.api import open_states, record_state, sweep
from skola.services.billing.tests import make as billing
from skola.services.courses.api import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.tests import make as desk
from skola.services.pupils.actions import set_code
from skola.services.school.tests import make as schools
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.mailing import hand_over, letter
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, working

pytestmark = pytest.mark.usefixtures("standing")
PLACE = "/quality/"
A_DAY = timedelta(days=1)


def at_the_desk(tenant: Tenant, kind: str = "administrator") -> Client:
    """The browser of somebody who works here."""
    return working(tenant, kind)


def found() -> set[tuple[str, str]]:
    """The open tasks: which check, and whose given name."""
    return set(Flaw.objects.open().values_list("check_id", "person__given_name"))


def taken_by(person: Person) -> set[str]:
    """The courses that somebody takes."""
    return set(Enrolment.objects.filter(person=person).values_list("course_title", flat=True))


def mailed_to(person: Person) -> Message:
    """A mail of ours, as it left."""
    made = post(
        person_id=person.pk,
        address=person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject="News",
        text="…",
        now=AT,
    )
    outbox.outbox.clear()
    send(made.pk)
    return outbox.outbox[0].message()


def report(sent: Message, address: str, *, action: str = "failed") -> bytes:
    """What a mail server writes of a mail that it could not deliver (RFC 3464)."""
    made = MIMEMultipart("report", report_type="delivery-status")
    made["From"], made["To"] = "MAILER-DAEMON@example.org", settings.DEFAULT_FROM_EMAIL
    made["Subject"] = "Undelivered Mail Returned to Sender"
    made.attach(MIMEText("I'm sorry to have to inform you …"))
    status = MIMEBase("message", "delivery-status")
    about = EmailMessage()
    about["Reporting-MTA"] = "dns; mx.example.org"
    one = EmailMessage()
    one["Final-Recipient"] = f"rfc822; {address}"
    one["Action"], one["Status"] = action, "5.1.1"
    one["Diagnostic-Code"] = "smtp; 550 5.1.1 User unknown"
    status.set_payload([about, one])
    made.attach(status)
    head = MIMEText(sent.as_string().partition("\n\n")[0])
    head.replace_header("Content-Type", "text/rfc822-headers")
    made.attach(head)
    return bytes(made).replace(b"\n", b"\r\n")


@pytest.mark.tenant("ekool")
@keeps("ekool-7.2")
def test_each_seeded_fault_becomes_a_task_of_the_school_or_person_and_the_run_is_dated(
    tenant: Tenant,
) -> None:
    """Mail that comes back, a code that cannot be, pupils and parents without what they need."""
    there = schools.school(at=AT)
    form = schools.school_class(there, at=AT)

    def pupil(name: str, *, guardian: Person | None) -> Person:
        person = people.person(given_name=name, family_name="Tamm")
        Person.objects.filter(pk=person.pk).update(birth_on=date(2015, 1, 1))
        schools.pupil(form, person, at=AT)
        if guardian:
            Guardianship.objects.create(
                child=person,
                guardian=guardian,
                proof="school",
                verified_at=AT,
                starts_at=AT - A_DAY,
            )
        return person

    parent = customer("parent@example.org")
    nobody = people.person(given_name="Mute")
    Person.objects.filter(pk=nobody.pk).update(email="")
    coded = pupil("Coded", guardian=parent.person)
    set_code(coded, "38001085719", by="school", now=AT)
    pupil("Alone", guardian=None)
    pupil("Fine", guardian=parent.person)
    pupil("Quiet", guardian=nobody)
    client = people.person(given_name="Lost", family_name="Client")
    record_state(client.pk, "client.active", is_open=True, at=AT)
    Person.objects.filter(pk=client.pk).update(email="")
    Person.objects.filter(pk=parent.person_id).update(given_name="Back")
    hand_over(report(mailed_to(parent.person), parent.email), settings.DEFAULT_FROM_EMAIL)

    run()

    assert found() == {
        ("contact.bouncing", "Back"),
        ("contact.missing", "Lost"),
        ("pupils.code", "Coded"),
        ("pupils.contact", "Mute"),
        ("pupils.guardian", "Alone"),
    }
    run()
    assert Run.objects.count() == 1, "the next one is due in a week"
    office, head, mother = at_the_desk(tenant), browser(tenant), browser(tenant)
    runs_it = customer("head@example.org")
    Role.objects.create(
        person=runs_it.person,
        kind="school",
        scope="school.school",
        scope_id=there.pk,
        starts_at=AT - A_DAY,
    )
    assert log_in(head, runs_it.email)
    assert log_in(mother, parent.email)
    of_office, of_school = text(office, PLACE), text(head, PLACE)
    assert "2 Mar 2026, 11:00" in of_school, "when it was looked through"
    assert "10 March 2026" in of_school, "and when it will be"
    assert {name for name in ("Lost", "Alone", "Coded", "Mute", "Back") if name in of_office} == {
        "Lost"
    }, "pupils and parents are the school's"
    assert {name for name in ("Lost", "Alone", "Coded", "Mute", "Back") if name in of_school} == {
        "Alone",
        "Coded",
        "Mute",
        "Back",
    }
    assert "4 tasks about the data" in text(head, "/")
    assert "Mail to your address comes back" in text(mother, "/")
    assert mother.get(PLACE).status_code == 404

    mute = Flaw.objects.get(check_id="pupils.contact")
    assert office.post(f"{PLACE}{mute.pk}/", {"email": "n@example.org"}).status_code == 404
    assert head.post(f"{PLACE}{mute.pk}/", {"phone": ""}).status_code == 422
    assert head.post(f"{PLACE}{mute.pk}/", {"phone": "+372 5550 1"}).status_code == 302
    coded_flaw = Flaw.objects.get(check_id="pupils.code")
    assert head.post(f"{PLACE}{coded_flaw.pk}/outcomes/").status_code == 302
    Person.objects.filter(pk=parent.person_id).update(email="new@example.org")
    with clock.standing_at(AT + 8 * A_DAY):
        run()
    assert Run.objects.count() == 2
    assert found() == {("contact.missing", "Lost"), ("pupils.guardian", "Alone")}
    outcomes = Flaw.objects.exclude(settled_at=None).values_list("check_id", "outcome")
    assert dict(outcomes) == {
        "contact.bouncing": "corrected",
        "pupils.code": "right",
        "pupils.contact": "corrected",
    }
    assert ProfileChange.objects.get(person=nobody).author == runs_it.person


@pytest.mark.tenant("kic")
@keeps("kic-accuracy")
def test_a_bounced_address_is_a_task_and_what_nothing_needs_is_on_the_list_of_deletions(
    tenant: Tenant,
) -> None:
    """Once marked it stays until another address is there; a forged report marks nobody."""
    client, other = customer("client@example.org"), customer("other@example.org")
    sent = mailed_to(client.person)
    forged = mailed_to(other.person)
    forged.replace_header("Message-ID", re.sub(r"~[^@]+@", "~forged@", forged["Message-ID"]))
    to = settings.DEFAULT_FROM_EMAIL
    with pytest.raises(SMTPDataError):
        hand_over(report(forged, other.email), to)
    with pytest.raises(SMTPDataError):
        hand_over(letter("Anna <anna@example.net>", "Hello", "An answer."), to)
    hand_over(report(sent, "elsewhere@example.org"), to)
    with pytest.raises(SMTPDataError):
        hand_over(report(sent, client.email, action="delayed"), to)
    assert not Flaw.objects.exists()

    for _twice in range(2):
        hand_over(report(sent, client.email), to)

    assert Flaw.objects.count() == 1
    bounced = Flaw.objects.get()
    assert (bounced.check_id, bounced.person, bounced.outcome) == (
        "contact.bouncing",
        client.person,
        "",
    )
    assert Bounce.objects.get().address == client.email
    assert Entry.objects.filter(kind="quality.address.bounced").count() == 2
    office = at_the_desk(tenant)
    assert "550 5.1.1 User unknown" in text(office, f"{PLACE}{bounced.pk}/")
    assert "1 task about the data" in text(office, "/")

    lead = people.person(given_name="Needless", email="lead@example.org")
    asks = desk.enquiry(email="asks@example.org").person
    child = people.person(given_name="Child")
    parent = people.person(given_name="Parent")
    Guardianship.objects.create(child=child, guardian=parent, starts_at=AT)
    record_state(child.pk, "client.active", is_open=True, at=AT)
    with clock.standing_at(AT + A_DAY):
        assert office.post(f"{PLACE}runs/").status_code == 302
        assert {one.person for one in Flaw.objects.filter(check_id="person.needless")} == {lead}
        flaw = Flaw.objects.get(check_id="person.needless")
        page = text(office, f"{PLACE}{flaw.pk}/")
        assert "list of deletions" in page
        assert "3 Apr 2026" in page, "thirty days on, and the day stands there"
    with clock.standing_at(AT + 8 * A_DAY):
        run()
        assert Flaw.objects.filter(check_id="person.needless").count() == 1, "listed once"
        desk.enquiry(person=asks)
    sweep(now=AT + 30 * A_DAY)
    assert Person.objects.get(pk=lead.pk).email == "lead@example.org", "not a day before"
    sweep(now=AT + 33 * A_DAY)
    assert not Person.objects.filter(email="lead@example.org").exists()
    assert Person.objects.filter(pk=parent.pk).exists(), "somebody's parent is needed"


@pytest.mark.tenant("ilearn")
@keeps("ilearn-9.d")
def test_two_records_of_one_person_become_one_audited_and_can_be_parted_for_a_while(
    tenant: Tenant,
) -> None:
    """Afterwards one person holds both histories; undone, each has again what was its own."""
    kept, twin = customer("anna@example.org").person, people.person(email="second@example.org")
    for one in (kept, twin):
        Person.objects.filter(pk=one.pk).update(
            given_name="Anna", family_name="Liepa", birth_on=date(1990, 5, 1)
        )
    Person.objects.filter(pk=twin.pk).update(phone="+371 2000 0001", family_name="LIEPA")
    bees, ladders, both = (courses.course(title=one) for one in ("Bees", "Ladders", "Both"))
    courses.enrolment(bees, kept)
    courses.enrolment(ladders, twin)
    for one in (kept, twin):
        courses.enrolment(both, one)
    invoice = billing.invoice(twin)
    record_state(twin.pk, "client.active", is_open=True, at=AT)
    run()
    office = at_the_desk(tenant)
    assert ("person.duplicate", "Anna") in found()
    flaw = Flaw.objects.get(check_id="person.duplicate")
    assert text(office, f"{PLACE}{flaw.pk}/").count("Liepa") >= 1
    merging = f"{PLACE}{flaw.pk}/merges/"
    rival = Account.objects.create(person=twin, email="second@example.org", created_at=AT)
    assert office.post(merging, {"keep": str(twin.pk)}).status_code == 409, "both sign in"
    rival.delete()
    assert office.post(merging, {"keep": str(bees.pk)}).status_code == 404

    assert office.post(merging, {"keep": str(twin.pk)}).status_code == 302
    assert office.post(merging, {"keep": str(twin.pk)}).status_code == 409

    invoice.refresh_from_db()
    kept.refresh_from_db()
    twin.refresh_from_db()
    assert invoice.person == kept, "who signs in is kept, whatever was chosen"
    assert taken_by(kept) == {"Bees", "Ladders", "Both"}
    assert (kept.phone, kept.email) == ("+371 2000 0001", "anna@example.org")
    assert (twin.name, twin.email, twin.birth_on) == ("", "", None)
    assert kept.pk in open_states("client.active", before=AT + A_DAY)
    made = Merge.objects.get()
    assert made.stayed == {"courses.enrolment": 1}
    told = Entry.objects.filter(kind="quality.person.merged", target__endswith=str(made.pk))
    assert {one.detail["record"] for one in told} == {"kept", "merged"}
    with clock.standing_at(AT + 8 * A_DAY):
        run()
    assert not Flaw.objects.open().exists()

    parting = f"{PLACE}merges/{made.pk}/partings/"
    with clock.standing_at(AT + 29 * A_DAY):
        forget_old()
        assert "Part them again" in text(office, f"{PLACE}merges/")
        assert office.post(parting).status_code == 302
        assert office.post(parting).status_code == 409
    invoice.refresh_from_db()
    kept.refresh_from_db()
    twin.refresh_from_db()
    assert invoice.person == twin
    assert (kept.phone, twin.phone, twin.name) == ("", "+371 2000 0001", "Anna LIEPA")
    assert taken_by(kept) == {"Bees", "Both"}
    assert twin.pk in open_states("client.active", before=AT + 30 * A_DAY)
    assert kept.pk not in open_states("client.active", before=AT + 30 * A_DAY)
    assert Entry.objects.filter(kind="quality.person.parted").count() == 2
    with clock.standing_at(AT + 29 * A_DAY):
        run()
    assert not Flaw.objects.open().filter(check_id="person.duplicate").exists(), "they are two"

    again = Flaw.objects.create(check_id="person.duplicate", person=kept, other=twin, found_at=AT)
    assert office.post(f"{PLACE}{again.pk}/merges/", {"keep": str(kept.pk)}).status_code == 302
    late = Merge.objects.latest("merged_at", "pk")
    with clock.standing_at(AT + 31 * A_DAY):
        forget_old()
        assert office.post(f"{PLACE}merges/{late.pk}/partings/").status_code == 409
    late.refresh_from_db()
    assert (late.was, late.moved, late.undone_at) == ({}, [], None)
