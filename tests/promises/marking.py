"""A person in every table, and a marker of its own in every personal column: for copies."""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from skola.ground.audit.api import pseudonym
from skola.ground.files import api as files
from skola.ground.ids import uuid7
from skola.ground.people.models import (
    Finding,
    Guardianship,
    Informed,
    Mail,
    Person,
    Preferences,
    ProfileChange,
    SecurityEvent,
    TextMessage,
)
from skola.ground.people.tests import make
from skola.promises.accuracy.models import Invitation
from skola.promises.consents.tests import make as consents
from skola.promises.decisions.tests import make as decisions
from skola.promises.disclosures.tests import make as disclosures
from skola.promises.emergency.tests import make as emergencies
from skola.promises.gate.models import Restriction
from skola.promises.incidents.tests import make as incidents
from skola.promises.inventory.api import declaration_of, declarations
from skola.promises.minors.tests import make as minors
from skola.promises.origins.models import Origin
from skola.promises.quality.tests import make as quality
from skola.promises.retention.api import Hold, record_event, record_state
from skola.promises.rights.requests.tests import make as requests
from skola.services.academies.models import (
    Academy,
    Admission,
    Assist,
    OperatorLook,
    OwnAnswer,
    OwnField,
    Subscription,
)
from skola.services.applications.models import PlanApplication
from skola.services.applications.tests import make as applications
from skola.services.archives.tests import make as archives
from skola.services.billing.models import CardPayment, Collection, IdentityCheck, Reminder
from skola.services.billing.tests import make as billing
from skola.services.briefings.tests import make as briefings
from skola.services.campaigns.models import Campaign, Delivery, Reaction, Refusal, Subscriber
from skola.services.certificates.tests import make as certificates
from skola.services.chat.tests import make as chats
from skola.services.community.tests import make as community
from skola.services.companies.tests import make as companies
from skola.services.courses.tests import make as courses
from skola.services.customers.models import Decision, Fee, Relation
from skola.services.customers.models import Subscription as OfService
from skola.services.customers.tests import make as customers
from skola.services.desk.models import CallTask, Message
from skola.services.desk.tests import make as desk
from skola.services.diary import actions as diary_actions
from skola.services.diary.models import Doubt, HomeworkDone, Look
from skola.services.diary.tests import make as diary
from skola.services.documents.models import Reissue
from skola.services.documents.tests import make as documents
from skola.services.events.models import Registration
from skola.services.events.tests import make as events
from skola.services.exams.models import Note
from skola.services.exams.tests import make as exams
from skola.services.forums.tests import make as forums
from skola.services.groups.models import Attendance, Booking, Disclosure
from skola.services.groups.tests import make as groups
from skola.services.habits.tests import make as habits
from skola.services.hiring.models import Evaluation
from skola.services.hiring.tests import make as hiring
from skola.services.licences.tests import make as licences
from skola.services.live.tests import make as live
from skola.services.messages.tests import make as messages
from skola.services.networks.tests import make as networks
from skola.services.papers.tests import make as papers
from skola.services.partners.tests import make as partners
from skola.services.premises.tests import make as premises
from skola.services.pupils import actions as pupils
from skola.services.pupils.models import HandOver, Proposal, SupportCase
from skola.services.reaching.tests import make as reaching
from skola.services.records.tests import make as records
from skola.services.runs.models import Participant, RunMail
from skola.services.runs.tests import make as runs
from skola.services.school.models import Change, LinkRequest, Pupil
from skola.services.shop.models import Interest, Refund, VatCheck
from skola.services.shop.models import Seat as ShopSeat
from skola.services.shop.tests import make as shop
from skola.services.staff.models import Acknowledgement, Grant, Passed
from skola.services.staff.tests import make as staff
from skola.services.surveys.models import FollowUp, RiskAnswer
from skola.services.surveys.models import Invitation as SurveyInvitation
from skola.services.surveys.tests import make as surveys
from skola.services.testimonials.tests import make as testimonials
from skola.services.undertakings.tests import make as undertakings
from skola.services.upkeep.models import Notice
from skola.services.upkeep.tests import make as upkeep
from skola.services.visits.tests import make as visits
from skola.services.workforce.tests import make as workforce

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def everywhere(other: Person) -> Person:
    """Make somebody of whom every table holds something; ``other`` deals with them."""
    account = make.account(email="marked@example.org")
    person = account.person
    pseudonym(person.pk)
    _account(account)
    _person(person, other)
    _services(person, other)
    _training(person, other)
    _group(person)
    _offers(person)
    _academy(person, other)
    _shop(person, other)
    for one, keys in rows_of(person):
        if not keys:
            _fill(apps.get_model(one.model), one.subject.attributes, person)
    return person


def _fill(model: Any, way: tuple[str, ...], person: Person) -> None:
    """Make a row of a table for which nobody wrote a maker here: each column has its least."""
    for flag in (False, True):
        with contextlib.suppress(IntegrityError), transaction.atomic():
            model._base_manager.create(**_least_values(model, way, person, flag))
            return


def _least_values(model: Any, way: tuple[str, ...], person: Person, flag: bool) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if len(way) == 1 and field.attname == way[0]:
            values[field.attname] = person.pk
        elif isinstance(field, models.ForeignKey) and not field.null and field.name != "tenant":
            values[field.attname] = _some_row(field.related_model, person)
        elif not field.null and not field.has_default() and not field.primary_key:
            is_flag = isinstance(field, models.BooleanField)
            values[field.attname] = flag if is_flag else _least(field)
    return values


def _some_row(model: Any, person: Person) -> Any:
    if model is Person:
        return person.pk
    for one, keys in rows_of(person):
        if one.table == model._meta.db_table and keys:
            return keys[0]
    return model._base_manager.values_list("pk", flat=True).first()


def _least(field: Any) -> Any:
    if isinstance(field, models.DateTimeField):
        return AT
    if isinstance(field, models.DateField):
        return AT.date()
    if isinstance(field, models.IntegerField | models.DecimalField):
        return 1
    if isinstance(field, models.UUIDField):
        return uuid7()
    if field.choices:
        return field.flatchoices[0][0]
    return "x"


def _account(account: Any) -> None:
    address = EmailAddress.objects.create(user=account, email=account.email, verified=True)
    EmailConfirmation.objects.create(email_address=address, sent=AT, key="k" * 40)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    outside = SocialAccount.objects.create(user=account, provider="network", uid="outside")
    SocialToken.objects.create(account=outside, token="t")
    UserSession.objects.create(
        user=account, ip="10.0.0.9", session_key="s" * 32, user_agent="Firefox", data={}
    )


def _person(person: Person, other: Person) -> None:
    make.role(person, "learner")
    Guardianship.objects.create(child=person, guardian=other, starts_at=AT, powers=["see"])
    Preferences.objects.create(person=person, display="dark", created_at=AT)
    SecurityEvent.objects.create(person=person, kind="signed-in", at=AT, device="Firefox")
    Finding.objects.create(person=person, kind="inaccurate", reason="Spelling", found_at=AT)
    ProfileChange.objects.create(
        person=person, field="phone", before="+371", by="office", changed_at=AT
    )
    TextMessage.objects.create(
        person=person, about="t", state="sent", reference="r", created_at=AT, told_at=AT
    )
    Informed.objects.create(person=person, version="2020-08-17", digest="d", at=AT)
    ended = AT + timedelta(days=1)
    consents.row(person, giver=other, end="withdrawn", ended_at=ended, ended_by="phone")
    Mail.objects.create(
        person=person, address=person.email, sender="s@example.org", text="t", created_at=AT
    )
    record_event(person.pk, "account.login", at=AT)
    record_state(person.pk, "contract.open", is_open=True, at=AT)
    Hold.objects.create(person=person, reason="A dispute", owner="officer", starts_at=AT)
    Restriction.objects.create(
        person=person, ref=person.pk, reason="A dispute", owner="o", since_at=AT, lifted_at=AT
    )
    files.register(files.Kind("test.own", frozenset({files.Family.DOCUMENT}), 1000, _nobody))
    disclosures.disclosure(person, at=AT)
    disclosures.demand(person, at=AT)
    upload = SimpleUploadedFile("own.txt", b"What I wrote myself.")
    files.store(upload, kind="test.own", person_id=person.pk, by="test", now=AT)


def _nobody(*_: Any) -> bool:
    return False


def _services(person: Person, other: Person) -> None:
    taken = courses.enrolment(courses.course(author=other), person, done=1)
    courses.attempt(taken, at=AT)
    courses.course(author=person, title="What I know")
    requests.answered(person, at=AT)
    requests.claim(person, reviewer=other, at=AT)
    incidents.incident(person, at=AT)
    minors.report(person, at=AT)
    billing.pay(billing.invoice(person, at=AT), 100, at=AT)
    contract = billing.contract(person, at=AT)
    IdentityCheck.objects.create(person=person, method="video", outcome="verified", checked_at=AT)
    decisions.decision(person, at=AT)
    emergencies.emergency(person, at=AT)
    quality.bounce(person, at=AT)
    Origin.objects.create(
        person=person, kind="conversation", name="E-00001", about=person.pk, at=AT
    )
    quality.flaw(person, at=AT)
    quality.merge(person, other, at=AT)
    PlanApplication.objects.create(plan=applications.plan(at=AT), person=person, applied_at=AT)
    call = desk.call(kind="oral-agreement", contract=contract, at=AT)
    type(call).objects.filter(pk=call.pk).update(person=person, agent=other)
    CallTask.objects.create(person=person, call=call, text="Ring back", author=other, created_at=AT)
    chat = chats.chat(person=person, email=person.email, at=AT)
    type(chat).objects.filter(pk=chat.pk).update(agent=other)
    asked = desk.enquiry(person=person, email=person.email, at=AT)
    type(asked).objects.filter(pk=asked.pk).update(assignee=other)
    Message.objects.create(enquiry=asked, kind="answer", author=other, body="In March.", sent_at=AT)
    _school(person, other)
    date = exams.date(exams.exam(term_days=14, at=AT), starts_at=AT)
    sat = exams.marked(exams.finished(person, on=date, at=AT), marker=other, at=AT)
    exams.look(sat, other, at=AT)
    exams.contest(sat, at=AT)
    exams.watched(exams.date(exams.exam(at=AT), starts_at=AT), person, at=AT)
    Note.objects.create(attempt=sat, kind="flag", text="He looked away.", author=other, at=AT)
    networks.candidate(person, came=True, at=AT)
    applied = hiring.application(at=AT)
    type(applied).objects.filter(pk=applied.pk).update(person=person)
    Evaluation.objects.create(application=applied, author=other, text="Good", written_at=AT)


def _school(person: Person, other: Person) -> None:
    world = diary.world(pupils=1, at=AT)
    pupil = world.pupil
    Pupil.objects.filter(pk=pupil.pk).update(person=person)
    pupil.refresh_from_db()
    lesson = diary.lesson(world, at=AT)
    diary_actions.note_absences(world.slot, lesson.on, {pupil.pk: ("late", 7)}, by="t", now=AT)
    HomeworkDone.objects.create(pupil=pupil, lesson=lesson, done_at=AT)
    archives.package_with(pupil)
    given = diary_actions.give_mark(
        diary.assessment(world), pupil, "4", author=other, by="teacher", now=AT
    )
    assert given is not None
    Doubt.objects.create(mark=given, sender=other, words="The test says five.", sent_at=AT)
    diary.note(pupil, other)
    Look.objects.create(person=person, reader=other, what="card", on=AT.date(), last_at=AT)
    Change.objects.create(slot=world.slot, on=AT.date(), teacher=person, created_at=AT)
    diary_actions.open_calendar(person, other.pk, by="t", now=AT)
    community.post(community.feed(world.school, at=AT), person, at=AT)
    messages.message(person, other, at=AT)
    Proposal.objects.create(
        person=person,
        school=world.school,
        field="address",
        held="Pikk 1",
        value="Pikk 2",
        register="Register",
        as_of=AT.date(),
        proposed_at=AT,
    )
    HandOver.objects.create(
        person=person,
        from_school=world.school,
        to_school=diary.world(name="Kase Kool", pupils=0, at=AT).school,
        record={"years": []},
        handed_at=AT,
    )
    SupportCase.objects.create(
        school=world.school, agent=person, words="A task", opened_at=AT, ends_at=AT
    )
    pupils.set_sight(person, phone_for="class", email_for="leader", by="t", now=AT)
    pupils.set_code(person, f"code{person.pk.hex}"[:20], by="t", now=AT)
    LinkRequest.objects.create(
        asker=person,
        school=world.school,
        child_name="Mari Mets",
        child_birth_on=AT.date(),
        words="I am her mother.",
        asked_at=AT,
    )


def _training(person: Person, other: Person) -> None:
    works = briefings.works(manager=other, employee=person, at=AT)
    briefings.sign(works, at=AT)
    licence = licences.licence(works.company, person, at=AT)
    licences.seat(licence, works.employee, at=AT)
    workforce.charge(works.company, "Vilnius", person)


def _shop(person: Person, other: Person) -> None:
    order = shop.order(person, at=AT)
    assert order.invoice is not None
    CardPayment.objects.create(
        invoice=order.invoice,
        provider="local",
        session="s",
        url="u",
        amount_cents=1,
        opened_at=AT,
        reference="r",
        paid_at=AT,
    )
    Relation.objects.create(
        person=person, start="used", version="1", digest="d", started_at=AT, ended_at=AT
    )
    Decision.objects.create(
        contract=billing.contract(person),
        request=uuid7(),
        outcome="end",
        reason="r",
        message="m",
        decider=other,
        decided_at=AT,
    )
    held = OfService.objects.create(
        contract=billing.contract(person), service=customers.service(), last_on=AT.date()
    )
    Fee.objects.create(
        subscription=held,
        invoice=order.invoice,
        from_on=AT.date(),
        until_on=AT.date(),
        quantity=1,
        unit_cents=1,
    )
    Reminder.objects.create(invoice=order.invoice, step=1, sent_at=AT)
    Collection.objects.create(
        invoice=order.invoice, party=disclosures.party(at=AT), reference="D-1", handed_at=AT
    )
    ShopSeat.objects.create(order=order, person=person, number=1, taken_at=AT)
    Refund.objects.create(
        order=order,
        reason="Too hard.",
        asked_at=AT,
        is_granted=False,
        answer="No.",
        decider=other,
        decided_at=AT,
    )
    Interest.objects.create(person=person, product=order.product, title="Bees", told_at=AT)
    VatCheck.objects.create(
        order=order, number="LV1", provider="VIES", is_valid=True, checked_at=AT
    )


def _group(person: Person) -> None:
    testimonials.said(person)
    forums.named(person, at=AT)
    board = forums.forum(name=f"Questions {person.pk}", at=AT)
    forums.report(forums.post(board, person, at=AT), person, at=AT)
    papers.paper(person, at=AT)
    live.line(person, at=AT)
    habits.use(person)
    habits.opinion(person)
    habits.complaint(person)
    premises.footage(premises.area(f"Entrance {person.pk}", at=AT), person, at=AT)
    partners.access(person, at=AT)
    reaching.device(person, at=AT)
    reaching.token(person, f"skola_{person.pk}", at=AT)
    reaching.delivery(person, "email", at=AT)
    Notice.objects.create(works=upkeep.works(at=AT), person=person, at=AT)
    companies.row(person, at=AT)
    undertakings.undertaking(person, at=AT)
    told = {"event": events.event(published=False, at=AT), "notice_version": "1"}
    Registration.objects.create(person=person, registered_at=AT, **told)
    visits.page_read(person)
    visits.interest(person)
    Invitation.objects.create(person=person, asked_at=AT, answer="confirmed", answered_at=AT)
    seat = groups.participant(who=person, at=AT)
    groups.code(seat, at=AT)
    meeting = groups.meeting(seat.run)
    Attendance.objects.create(participant=seat, meeting=meeting, way="link", signed_at=AT)
    Disclosure.objects.create(
        participant=seat, recipient="SIA", reference="C-7", what="shown", on=AT.date(), first_at=AT
    )
    groups.cooperation(person, at=AT)
    certificate = documents.document(person, at=AT)
    Reissue.objects.create(document=certificate, offered_at=AT)
    certifying = certificates.certifying(courses.course(author=person, title="What I certify"))
    certificates.certificate(person, course=certifying, at=AT)
    records.intake(person, at=AT)
    Booking.objects.create(
        run=seat.run, person=person, company="SIA", price_cents=1, vat_percent=21, booked_at=AT
    )
    SurveyInvitation.objects.create(person=person, run=seat.run, asked_at=AT)
    FollowUp.objects.create(person=person, score=4, email="left@example.org", told_at=AT)
    RiskAnswer.objects.create(
        survey=surveys.about_risk(at=AT), person=person, score=2, words="Late.", answered_at=AT
    )
    Grant.objects.create(person=person, kind="support", reason="A case", asked_at=AT)
    Passed.objects.create(person=person, course_title="D", passed_at=AT, until_at=AT)
    Acknowledgement.objects.create(version=staff.guideline(at=AT), person=person, at=AT)


def _offers(person: Person) -> None:
    campaign = Campaign.objects.create(
        kind="offers", channel="email", subject="s", text="t", created_at=AT
    )
    got = Delivery.objects.create(
        campaign=campaign, person=person, title="In spring", channel="email", queued_at=AT
    )
    Reaction.objects.create(delivery=got, kind="opened", first_at=AT)
    Subscriber.objects.create(person=person, email=person.email, source="account", since_at=AT)
    Refusal.objects.create(
        person=person, what="direct", way="phone", told_at=AT, apply_by=AT, applied_at=AT
    )


def _academy(person: Person, other: Person) -> None:
    run = runs.run(courses.course(author=other, title="For a client"), at=AT)
    seat = Participant.objects.create(run=run, person=person, way="hand", added_at=AT)
    RunMail.objects.create(participant=seat, kind="invitation", days=0, at=AT)
    academy = Academy.objects.create(
        client=uuid7(), word=person.pk.hex[-8:], name="A", reference="A-1", founded_at=AT
    )
    Subscription.objects.create(academy=academy, person=person, version="1", days=30, agreed_at=AT)
    Assist.objects.create(
        academy=academy, person=person, words="w", asked_at=AT, due_at_latest=AT, plan="p"
    )
    admission = Admission.objects.create(
        person=person, reason="A case", starts_at=AT, ends_at=AT + timedelta(days=1)
    )
    OperatorLook.objects.create(admission=admission, person=person, staff="s", at=AT)
    field = OwnField.objects.create(label="Boots", purpose="Size", days=30, made_at=AT)
    OwnAnswer.objects.create(
        person=person, field=field, asked="Boots", answer="42", answered_at=AT, ends_at=AT
    )


# ---- markers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Marked:
    """A marker in one column of one row."""

    table: str
    column: str
    key: str
    token: str


def rows_of(person: Person) -> Iterator[tuple[Any, list[Any]]]:
    """Every table with the keys of its rows that are about this person, as it is declared."""
    for one in declarations():
        if one.columns and one.subject is not None:
            model: Any = apps.get_model(one.model)
            way = "__".join(one.subject.attributes)
            keys = model._base_manager.filter(**{way: person.pk}).values_list("pk", flat=True)
            yield one, list(keys)


def mark(person: Person) -> set[Marked]:
    """Write a marker into every column of this person's rows that takes one."""
    found: set[Marked] = set()
    for one, keys in rows_of(person):
        model = apps.get_model(one.model)
        for field in model._meta.concrete_fields:
            if field.column in one.columns:
                found |= {each for key in keys if (each := _mark(one, field, key)) is not None}
    return found


def _mark(one: Any, field: Any, key: Any) -> Marked | None:
    token = "m" + hashlib.sha256(f"{one.table}{field.column}{key}".encode()).hexdigest()[:11]
    value: Any = token
    if isinstance(field, models.JSONField):
        value = f'["{token}"]'
    elif isinstance(field, models.DateTimeField):
        token = f".{int(token[1:8], 16) % 899_999 + 100_000:06d}".rstrip("0") + "+00:00"
        value = f"2026-03-02 09:00:00{token}"
    elif not _takes_words(field):
        return None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'update "{one.table}" set "{field.column}" = %s where "{one.key}" = %s',
                [value, key],
            )
    except DatabaseError:  # a constraint does not take it; the test says how many did
        return None
    return Marked(one.table, field.column, str(key), token)


def _takes_words(field: Any) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return is_text and (field.max_length or 12) >= 12


def owed_to(person: Person, marks: set[Marked]) -> set[str]:
    """The markers that belong into the person's copy, by the declarations alone."""
    mine = {(one.table, str(key)) for one, keys in rows_of(person) for key in keys}
    return {
        each.token
        for each in marks
        if (each.table, each.key) in mine and each.column not in _kept_back(each.table)
    }


def _kept_back(table: str) -> set[str]:
    """Columns that are secrets, or that name other people."""
    one = declaration_of(table)
    return {*one.secrets, *one.relations}


def written_by(person: Person, marks: set[Marked]) -> set[str]:
    """The markers in rows about others that the person wrote, or is the other side of."""
    found = set()
    for one in declarations():
        for way, relation in one.relations.items():
            if relation in ("author", "counterpart"):
                model: Any = apps.get_model(one.model)
                keys = model._base_manager.filter(**{way: person.pk}).values_list("pk", flat=True)
                mine = {(one.table, str(key)) for key in keys}
                found |= {
                    each.token
                    for each in marks
                    if (each.table, each.key) in mine and each.column not in _kept_back(each.table)
                }
    return found
