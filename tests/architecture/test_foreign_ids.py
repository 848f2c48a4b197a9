"""Every address of the site map, asked for another tenant's ids by who holds every role.

The answer is that of an id which does not exist. A route that takes an id and has no object here
fails the test, so a new one cannot be forgotten.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.files.api import store
from skola.ground.files.tests import make as files
from skola.ground.ids import uuid7
from skola.ground.people.api import change_profile, name_guardian, verify_guardianship
from skola.ground.people.models import Account, Finding, Guardianship, Person, Role
from skola.ground.people.tests import make as people
from skola.ground.signatures.tests import authority as ca
from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Host, Tenant
from skola.promises.consents.tests import make as consents
from skola.promises.decisions.tests import make as decisions
from skola.promises.disclosures.tests import make as disclosures
from skola.promises.emergency.tests import make as emergencies
from skola.promises.gate.api import restrict
from skola.promises.incidents.tests import make as incidents
from skola.promises.minors.tests import make as minors
from skola.promises.policy.api import in_force, is_there
from skola.promises.quality.tests import make as quality
from skola.promises.reports.tests import make as reports
from skola.promises.retention.api import Breaker, Forecast, place_hold
from skola.promises.rights.access.actions import ask_for_export, write_export
from skola.promises.rights.models import Erasure, Export
from skola.promises.rights.requests.tests import make as requests
from skola.promises.rights.signed.handing import hand_in
from skola.services.academies.models import Academy, Admission, Assist, OwnField, Subscription
from skola.services.academies.tests import make as academies
from skola.services.applications.tests import make as applications
from skola.services.archives.tests import make as archives
from skola.services.billing.tests import make as billing
from skola.services.briefings.rules.signing import Side
from skola.services.briefings.tests import make as briefings
from skola.services.campaigns.models import Campaign, Delivery, Partner, Refusal
from skola.services.certificates.tests import make as certificates
from skola.services.chat.tests import make as chats
from skola.services.community.tests import make as community
from skola.services.companies.tests import make as companies
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.courses.uploads import PICTURE
from skola.services.customers.models import Subscription as Subscribed
from skola.services.customers.tests import make as customers
from skola.services.desk import calling
from skola.services.desk.tests import make as desk
from skola.services.diary import actions as diary_actions
from skola.services.diary.doubting import doubt_mark
from skola.services.diary.models import CalendarLink
from skola.services.documents.models import Reissue
from skola.services.documents.tests import make as documents
from skola.services.events.tests import make as events
from skola.services.exams.actions import invigilating
from skola.services.exams.models import Take
from skola.services.exams.tests import make as exams
from skola.services.forums.actions import hide
from skola.services.forums.tests import make as forums
from skola.services.groups.tests import make as groups
from skola.services.groups.trainers import let_in
from skola.services.habits.tests import make as habits
from skola.services.hiring.tests import make as hiring
from skola.services.licences.tests import make as licences
from skola.services.live.tests import make as live
from skola.services.messages.tests import make as messages
from skola.services.networks.tests import make as networks
from skola.services.papers.models import Sheet
from skola.services.papers.tests import make as papers
from skola.services.partners.tests import make as partners
from skola.services.premises.tests import make as premises
from skola.services.pupils.models import HandOver, Proposal
from skola.services.pupils.supporting import open_case
from skola.services.reaching.tests import make as reaching
from skola.services.records.tests import make as records
from skola.services.runs.actions import running
from skola.services.runs.models import Participant, RunList
from skola.services.school import actions as school
from skola.services.school.models import School
from skola.services.school.tests import make as schools
from skola.services.shop.models import Refund
from skola.services.shop.tests import make as shop
from skola.services.staff.tests import make as staff
from skola.services.statements.tests import make as statements
from skola.services.surveys.actions import note_improvement
from skola.services.surveys.models import FollowUp
from skola.services.surveys.tests import make as surveys
from skola.services.testimonials.tests import make as testimonials
from skola.services.upkeep.tests import make as upkeep
from skola.services.workforce.models import Assignment
from skola.services.workforce.tests import make as workforce

Ids = dict[str, object]
ROOT = Path(__file__).resolve().parents[2]
A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SIGNED = {
    "web:not_me",
    "handover:by_link",
    "web:privacy_link",
    "desk:received",
    "hiring:mine",
    "hiring:withdrawals",
    "desk:sound",
    "diary:feed",
    "groups:mine",
    "billing:till",
    "shop:order",
    "shop:card-payments",
    "shop:acceptances",
    "shop:refunds",
    "shop:seat",
    "groups:withdrawals",
    "events:mine",
    "events:withdrawals",
    "groups:contracts",
    "academies:arrivals",
    "reaching:my_notice",
    "groups:phones",
    "groups:attendances",
    "groups:own-document",
    "groups:codes",
    "groups:code-erasures",
    "groups:booking",
    "surveys:answer",
    "groups:booking-answers",
    "campaigns:choices",
    "campaigns:refuse-by-link",
    "campaigns:stop",
    "campaigns:confirm",
    "campaigns:go",
    "campaigns:seen",
    "accuracy:answer",
    "accuracy:confirmations",
    "accuracy:corrections",
    "web:consent_link",
    "web:consent_withdrawals",
    "mailing:confirm",
    "mailing:denials",
    "mailing:copies",
    "mailing:fetch",
    "signed:one",
}
"""Routes that take a signed token, tried in their rooms."""
LIBRARIES = {
    "account_reset_password_from_key",
    "notices:version",
    "changes:one",
    "billing:month",
    "shop:document",
    "campaigns:new",
    "decisions:objection",
    "decisions:withdrawals",
    "web:log:tile",
    "web:log:entries",
    "web:network_leave",
    "certificates:key",
    "openid_connect_login",
    "openid_connect_callback",
}
"""Routes whose parameter names no row of a tenant, or is the library's own signed key."""


def routes(
    resolver: URLResolver | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every route with a parameter, by its full name."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        elif one.pattern.regex.groups:
            yield f"{namespace}{one.name}", one


def shop_of(me: Person, now: datetime) -> dict[str, Ids]:
    """The same for what is on offer and what was ordered."""
    partner = disclosures.party("recipient.joint-partners", at=now)
    product = shop.product(None, partner, at=now)
    order = shop.order(me, product, at=now)
    refund = Refund.objects.create(order=order, reason="Why.", asked_at=now)
    offers = ("product", "interests", "orders", "endings", "landing-form")
    page = shop.landing(product, at=now)
    return {
        "shop:landing": {"slug": page.slug},
        "shop:coupon-endings": {"pk": page.coupon_id},
        **{f"shop:{name}": {"pk": order.product_id} for name in offers},
        **{f"shop:{name}": {"pk": order.pk} for name in ("office-order", "vat-checks")},
        "shop:decisions": {"pk": refund.pk},
    }


def customers_of(me: Person, now: datetime) -> dict[str, Ids]:
    """The same for a service of the catalogue, and who has it: ``me``, also for a school."""
    what = customers.service(at=now)
    held = Subscribed.objects.create(contract=billing.contract(me, at=now), service=what)
    agreed = Subscribed.objects.create(
        contract=billing.contract(me, at=now),
        service=customers.service(audience="school", at=now),
        school=School.objects.get(name=f"School {me.pk}"),
    )
    return {
        **{f"customers:{name}": {"pk": what.pk} for name in ("orders", "withdrawals")},
        "customers:terms": {"pk": agreed.pk},
        "customers:demand": {"pk": requests.request(me, kind="erasure", at=now).pk},
        "customers:": {"pk": held.pk},
    }


def reaching_of(me: Person, now: datetime) -> dict[str, Ids]:
    """What somebody was told, a letter that waits, their devices, and somebody to be told."""
    devices = [reaching.device(me, at=now).pk for _ in range(2)]
    return {
        "reaching:settings": {"pk": devices[0]},
        "reaching:removals": {"pk": devices[1]},
        "reaching:token_removals": {"pk": reaching.token(me, f"skola_{me.pk}", at=now).pk},
        "reaching:write": {"pk": people.person().pk},
        **{
            f"reaching:{name}": {"pk": reaching.delivery(me, "post", at=now).pk}
            for name in ("outcomes", "letter")
        },
        "reaching:": {"pk": reaching.notice(me, at=now).pk},
    }


def disclosures_of(me: Person, now: datetime) -> dict[str, Ids]:
    """The same for what was passed on, and what is demanded."""
    party = disclosures.party("recipient.by-consent", papers=(), at=now)
    demand: Ids = {"pk": disclosures.demand(me, at=now).pk}
    steps = ("demand", "reviews", "approvals", "releases", "refusals")
    return {
        **{f"disclosures:{name}": demand for name in steps},
        "disclosures:settlements": {"pk": disclosures.telling(at=now).pk},
        "disclosures:": {"pk": party.pk},
        "web:sharing_consents": {"pk": party.pk},
        "web:sharing_withdrawals": {"pk": party.pk},
    }


def objects(me: Person) -> dict[str, Ids]:
    """For each kind of route the ids of something that is there and concerns ``me``."""
    course = courses.course(author=me, title=f"Bees {me.pk.hex[-6:]}")
    picture = SimpleUploadedFile("bee.png", files.picture())
    course.picture = store(picture, kind=PICTURE, person_id=me.pk, by="author", now=A_DAY)
    course.save()
    draft = courses.course(author=me, title=f"Wasps {me.pk.hex[-6:]}", state=Course.State.DRAFT)
    courses.enrolment(course, me)
    learner = people.account().person
    courses.enrolment(course, learner)
    lesson = courses.lessons_of(course)[0]
    asked = desk.enquiry(person=me)
    call = desk.call()
    now = clock.now()
    soon = (now + timedelta(days=30)).date()
    vacancy = hiring.vacancy(latest_on=soon, at=now)
    draft_vacancy = hiring.vacancy(latest_on=soon, published=False, at=now)
    suspended = people.account()
    Account.objects.filter(pk=suspended.pk).update(is_active=False)
    application = hiring.application(vacancy, at=now)
    drafted_exam = exams.exam(published=False, at=now)
    asked_there = exams.exam(term_days=14, at=now)
    date = exams.date(asked_there, starts_at=now)
    dates = [exams.date(asked_there, starts_at=now) for _ in range(4)]
    placed = exams.place(me, on=dates[0], let_in=False, at=now)
    running = exams.begun(me, on=dates[1], at=now)
    exams.film(running)
    sat = exams.finished(me, on=dates[2], at=now)
    marked = exams.marked(exams.finished(on=dates[3], at=now), at=now)
    contested = exams.contest(marked, at=now)
    flagged = exams.flagged(on=dates[0], at=now)
    exams.look(sat, me, at=now)
    exams.watched(dates[3], me, at=now)
    writing = exams.begun(on=dates[3], at=now)
    invigilating.watch(writing, invigilator=me, by="examiner", now=now)
    invoice = billing.invoice(me)
    contract = billing.offer(me)
    task = calling.note_task(call, text="Call back.", author=me, by="staff", now=A_DAY)
    link = Guardianship.objects.create(child=me, guardian=people.person(), starts_at=A_DAY)
    finding = Finding.objects.create(person=me, kind=Finding.Kind.INACCURATE, found_at=A_DAY)
    hold = place_hold(reason="a case", person_id=me.pk, by="staff", now=A_DAY)
    limited = restrict(people.person().pk, reason="a case", ground="claim", by="staff", now=A_DAY)
    entry = audit.record("test.thing.done", by="staff", at=A_DAY)
    stopped = Breaker.objects.create(rule="r", tripped_at=now, due=9, allowed=1, foreseen=0)
    foreseen = Forecast.objects.create(
        day=now.date(),
        made_on=now.date(),
        made_at=now,
        is_yardstick=False,
        rule="r",
        table="people_person",
        category="contact",
        count=1,
        at_midnight=0,
        oldest=now,
        sample=me.pk,
    )
    receipt = Erasure.objects.create(
        reason=Erasure.Reason.ASKED,
        by="staff",
        granted_at=now,
        finished_at=now,
        version="1",
        policy="p",
    )
    copy = ask_for_export(me.pk, kind=Export.Kind.ACCESS, language="en", by="staff", now=now)
    write_export(copy.pk, now=now)
    asked_for = requests.request(me, proven=False, reply_by="post", at=now)
    file = SimpleUploadedFile("mine.asice", ca.signed_container(ca.Authority().certify("A", "B")))
    signed = hand_in(asked_for, file, candidates={}, by="visitor", now=now)
    kid = people.person()
    tie = name_guardian(kid, me, powers=("see", "request"), by="staff", now=now)
    verify_guardianship(tie, proof="in-person", by="staff", now=now)
    for_kid, copy_of_kid = requests.with_copy(kid, guardian=me, at=now)
    by_number, copy_by_number = requests.with_copy(people.person(), at=now)
    letter: Ids = {"pk": asked_for.pk, "message": asked_for.messages.get().pk}
    claim = requests.claim(me, at=now)
    breach = incidents.incident(me, at=now)
    company = workforce.company(manager=me, at=now)
    worker = workforce.employee(company, at=now)
    sealed = workforce.sealed_employee(manager=me, at=now)
    rule = workforce.requirement(company, on=now.date())
    duty = workforce.charge(company, "Vilnius", people.person())
    works = briefings.works(manager=me, at=now)
    workforce.charge(works.company, "Vilnius", me, "instructor")
    half = briefings.sign_with_certificates(works, Side.INSTRUCTED, at=now)
    own = workforce.bring(
        works.company, f"9,{me.given_name},{me.family_name},{me.email},,Vilnius,Driver,", at=now
    )["9"]
    academy = Academy.objects.create(
        client=me.tenant_id or uuid7(),
        word=me.pk.hex[-8:],
        name="A",
        reference="A-1",
        founded_at=now,
    )
    Subscription.objects.create(academy=academy, person=me, version="1", days=30, agreed_at=now)
    course_task = workforce.course_task(own, course, at=now)
    admission = Admission.objects.create(
        person=me, reason="a case", starts_at=now, ends_at=now + timedelta(days=1)
    )
    own_field = OwnField.objects.create(label="Boots", purpose="Size", days=30, made_at=now)
    ordered = licences.order(company, me, at=now)
    seats = licences.licence(company, me, at=now)
    seat = licences.seat(seats, worker, at=now)
    of_licence: Ids = {"pk": company.pk, "licence": seats.pk}
    making: Ids = {"slug": draft.slug}
    drafted = courses.lessons_of(draft)[0]
    part: Ids = {**making, "pk": drafted.section_id}
    taken: Ids = {"slug": course.slug, "lesson": lesson.slug}
    return {
        **school_of(me, now),
        "messages:write": {"pk": learner.pk},
        "messages:conversation": {"pk": messages.message(me, learner).conversation_id},
        **groups_of(me, now),
        **campaigns_of(me, now),
        **disclosures_of(me, now),
        "files:": {"pk": course.picture.pk},
        "academies:person": {"pk": academy.pk, "person": me.pk},
        "academies:shut": {"pk": admission.pk},
        **{f"academies:{name}": {"pk": own_field.pk} for name in ("answers", "field-endings")},
        **{
            f"academies:{name}": {"pk": one.pk}
            for name, one in zip(
                ("acknowledge", "assist-done"),
                [assist_of(academy, me, now), assist_of(academy, me, now)],
                strict=True,
            )
        },
        "academies:": {"pk": academy.pk},
        **runs_of(me, course, now),
        **staff_of(now),
        "courses:edit_lesson": {**making, "lesson": drafted.slug},
        "courses:move_lesson": {**making, "lesson": drafted.slug},
        "courses:remove_lesson": {**making, "lesson": drafted.slug},
        **{f"courses:{name}_section": part for name in ("rename", "move", "remove")},
        "courses:add_lesson": part,
        **{f"courses:{name}": taken for name in ("lesson", "complete", "place")},
        "courses:attempt": {"slug": course.slug, "lesson": courses.exercise(course).slug},
        **{
            f"courses:{name}": {"slug": course.slug}
            for name in ("course", "enrol", "feedback", "go_on", "leave")
        },
        "courses:child": {"pk": kid.pk},
        "courses:library-lesson": {"pk": drafted.pk},
        "courses:": making,
        **{f"billing:{name}": {"pk": invoice.pk} for name in INVOICES},
        "billing:office-statement": {"pk": me.pk},
        "billing:": {"pk": contract.pk},
        "emergency:reviews": {"pk": emergencies.emergency(me, at=now).pk},
        "emergency:": {"pk": emergencies.emergency(me, by=audit.pseudonym(me.pk), at=now).pk},
        "quality:partings": {"pk": quality.merge(me, people.person(), at=now).pk},
        "quality:": {"pk": quality.flaw(me, people.person(), at=now).pk},
        "decisions:": {"pk": decisions.decision(me, at=now).pk},
        "applications:": {"pk": applications.plan(at=now).pk},
        "chat:agent-endings": {"pk": chats.chat(person=me, body="Bye.", at=now).pk},
        "chat:": {"pk": chats.chat(person=me, at=now).pk},
        "desk:task-done": {"pk": task.pk},
        "desk:line": {"pk": call.line_id},
        "desk:objections": {"pk": desk.enquiry(person=me, body="Erase this.").pk},
        "desk:mine-objections": {"pk": desk.enquiry(person=me, body="And this.").pk},
        **{f"desk:{name}": {"pk": call.pk} for name in ("call", "call-tasks", "plays")},
        "desk:history": {"pk": me.pk},
        "desk:": {"pk": asked.pk},
        **{f"hiring:{name}": {"pk": application.pk} for name in ("application", "moves", "notes")},
        "hiring:change": {"pk": draft_vacancy.pk},
        "hiring:": {"pk": vacancy.pk},
        "workforce:employee": {"pk": worker.pk},
        "workforce:identifier": {"pk": sealed.pk},
        "workforce:completions": {
            "pk": worker.pk,
            "task": Assignment.objects.get(employment=worker).pk,
        },
        "workforce:charge-endings": {"pk": company.pk, "charge": duty.pk},
        "workforce:requirement-endings": {"pk": company.pk, "rule": rule.pk},
        "workforce:take-course": {"pk": course_task.pk},
        "workforce:": {"pk": company.pk},
        **shop_of(me, now),
        "licences:payments": {"pk": ordered.pk},
        "licences:withdrawals": {"pk": company.pk, "order": ordered.pk},
        "licences:licences": {"pk": company.pk},
        "licences:order": {"pk": company.pk},
        "licences:licence": of_licence,
        "licences:seats": of_licence,
        "licences:releases": {**of_licence, "seat": seat.pk},
        "briefings:task": {"pk": works.task_of(own).pk},
        "briefings:sign": {"pk": works.task_of(own).pk},
        "briefings:evidence": {"pk": works.employee.pk},
        "briefings:evidence-file": {"pk": works.employee.pk, "kind": "pdf"},
        "briefings:signed-record": {"pk": works.employee.pk, "record": half.pk},
        "briefings:text": {"pk": works.company.pk, "training": works.training.pk},
        "briefings:": {"pk": works.company.pk},
        **{
            f"exams:{name}": {"pk": date.pk}
            for name in ("sitting", "places", "hall", "invigilators")
        },
        **{f"exams:{name}": {"pk": dates[3].pk} for name in ("live", "tell-all")},
        **{
            f"exams:{name}": {"pk": writing.pk}
            for name in ("looks", "watched", "tell", "flag", "extend", "stop")
        },
        **{
            f"exams:{name}": {"pk": placed.pk}
            for name in ("attempt", "ways", "withdrawals", "papers", "rehearsal", "identities")
        },
        **{
            f"exams:{name}": {"pk": running.pk}
            for name in ("paper", "starts", "answers", "submissions", "takes", "news", "helps")
        },
        **{
            f"exams:{name}": {"pk": sat.pk}
            for name in ("contest", "film", "marking", "viewings", "staff-film")
        },
        "exams:parts": {"pk": Take.objects.filter(recording__attempt=running)[0].pk},
        "exams:decide": {"pk": contested.pk},
        "exams:reviews": {"pk": flagged.pk},
        "exams:dates": {"pk": date.exam_id},
        "exams:removals": {"pk": drafted_exam.questions.all()[0].pk},
        "exams:": {"pk": drafted_exam.pk},
        **networks_of(me, now),
        "testimonials:": {"pk": testimonials.said(me).pk},
        **forums_of(me, now),
        "premises:endings": {"pk": premises.area("Garage", at=now).pk},
        "premises:": {"pk": premises.area(at=now).pk},
        "papers:endings": {"pk": Sheet.objects.get(paper=papers.paper(me, at=now).pk).pk},
        "papers:": {"pk": papers.paper(me, at=now).pk},
        "habits:": {"pk": habits.complaint(me, at=now).pk},
        "live:": {"pk": live.line(me, at=now).meeting_id},
        "partners:": {"pk": partners.access(me, at=now).pk},
        "upkeep:": {"pk": upkeep.works(course, at=now).pk},
        "events:": {"pk": events.event(at=now).pk},
        "companies:": {"pk": companies.row(me, at=now).pk},
        **reaching_of(me, now),
        **customers_of(me, now),
        "web:consents:": {"pk": consents.row(me).pk},
        "web:people:end_role": {"pk": me.pk, "role": Role.objects.filter(person=me)[0].pk},
        "web:people:prove": {"pk": me.pk, "link": link.pk},
        "web:people:end_guardian": {"pk": me.pk, "link": link.pk},
        "web:people:correct": {"pk": me.pk, "finding": finding.pk},
        "web:people:reinstate": {"pk": suspended.person_id},
        "web:people:": {"pk": me.pk},
        "web:officer:release_hold": {"pk": hold.pk},
        "web:officer:let_go": {"pk": stopped.pk},
        "web:officer:restrictions:of": {"pk": me.pk},
        "web:officer:restrictions:": {"pk": limited.pk},
        "web:officer:": {"pk": foreseen.pk},
        "web:auditing:": {"pk": entry.pk},
        "erasing:of": {"pk": me.pk},
        "erasing:": {"code": receipt.code},
        "access:": {"pk": copy.pk},
        "requests:copy": {"pk": for_kid.pk, "export": copy_of_kid.pk},
        "requests:desk-copy": {"pk": by_number.pk, "export": copy_by_number.pk},
        "requests:desk-letter": letter,
        "requests:desk-postings": letter,
        "requests:desk-fates": letter,
        "requests:desk-again": letter,
        "requests:dispute": {"pk": requests.answered(me, at=now).pk},
        "requests:desk-erasures": {"pk": requests.request(me, kind="erasure", at=now).pk},
        "requests:": {"pk": asked_for.pk},
        "signed:fetch": {"pk": asked_for.pk, "signed": signed.pk},
        "signed:": {"pk": asked_for.pk},
        "objections:": {"pk": requests.objection(me, at=now).pk},
        "minors:": {"pk": minors.report(me, at=now).pk},
        "incidents:risk": {"pk": incidents.risk(at=now).pk},
        "incidents:risk-closings": {"pk": incidents.risk(at=now).pk},
        "incidents:told": {"pk": breach.pk, "affected": breach.affected.get().pk},
        "incidents:": {"pk": breach.pk},
        "reports:": {"pk": reports.report(at=now).pk},
        "claims:": {"pk": claim.pk if claim else uuid7()},
    }


def networks_of(me: Person, now: datetime) -> dict[str, Ids]:
    """Somebody was sent to an exam outside, and an operator is switched on."""
    sent = networks.candidate(me, at=now)
    party = networks.connected(at=now)
    return {
        **{f"networks:{name}": {"pk": party.pk} for name in ("connections", "endings", "send")},
        "networks:": {"pk": sent.sending_id},
    }


def runs_of(me: Person, course: Course, now: datetime) -> dict[str, Ids]:
    """A run of a course in which ``me`` and somebody else take part."""
    run = running.make_run(
        title=f"Run {me.pk}",
        course=course,
        starts_on=now.date(),
        ends_on=now.date(),
        site="",
        by="staff",
        now=now,
    )
    running.set_link(
        run, is_open=True, password="a password", limit=9, ends_on=None, by="staff", now=now
    )
    Participant.objects.create(run=run, person=me, way="hand", added_at=now)
    other = Participant.objects.create(run=run, person=people.person(), way="hand", added_at=now)
    applied = RunList.objects.create(run=run, applied_at=now, added=0)
    reminder = run.rules.get(kind="reminder")
    return {
        **{f"runs:{name}": {"key": run.link.key} for name in ("join", "joined")},
        "runs:withdrawals": {"pk": run.pk, "applied": applied.pk},
        "runs:removals": {"pk": run.pk, "participant": other.pk},
        "runs:rule-removals": {"pk": run.pk, "rule": reminder.pk},
        "runs:": {"pk": run.pk},
    }


def assist_of(academy: Academy, me: Person, now: datetime) -> Assist:
    """A client has asked its operator for something."""
    return Assist.objects.create(
        academy=academy, person=me, words="Delete it.", asked_at=now, due_at_latest=now
    )


def staff_of(now: datetime) -> dict[str, Ids]:
    """A role that is asked for, one that runs, and a guideline."""
    about = people.person()
    left = [
        FollowUp.objects.create(person=about, score=4, email="left@example.org", told_at=now)
        for _ in range(2)
    ]
    version = staff.guideline(title=f"Keys {uuid7().hex[-6:]}", at=now)
    asked = [staff.grant(people.person(), at=now) for _ in range(2)]
    return {
        "staff:read": {"pk": version.pk},
        "staff:approve": {"pk": asked[0].pk},
        "staff:refuse": {"pk": asked[1].pk},
        "staff:review": {"pk": asked[0].pk},
        "staff:": {"pk": version.guideline_id},
        "surveys:risk": {"pk": surveys.about_risk(at=now).pk},
        "surveys:risk-endings": {"pk": surveys.about_risk(at=now).pk},
        "surveys:follow-up": {"pk": left[0].pk},
        "surveys:closings": {"pk": left[1].pk},
        "surveys:finish": {"pk": note_improvement("Louder", now.date(), by="staff", now=now).pk},
    }


def school_of(me: Person, now: datetime) -> dict[str, Ids]:
    """A school in which ``me`` administers, teaches, leads a class, learns and is a parent."""
    where = school.open_school(name=f"School {me.pk}", municipality="", by="staff", now=now)
    today = now.astimezone(schools.TALLINN).date()
    year = school.begin_year(
        where,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=300),
        zone=schools.TALLINN,
        by="staff",
        now=now,
    )
    school.name_administrator(where, me, by="staff", now=now)
    found = school.open_class(year, name="7.B", grade=7, by="school", now=now)
    school.name_form_teacher(found, me, by="school", now=now)
    group = schools.group(found, me, at=now)
    slot = school.add_slot(
        group,
        where.bells.get(number=1),
        weekday=today.isoweekday(),
        room="12",
        from_on=year.starts_on,
        by="school",
        now=now,
    )
    child = people.person()
    own, others = [
        school.enter_pupil(found, one, joined_on=year.starts_on, by="school", now=now)
        for one in (me, child)
    ]
    link = Guardianship.objects.create(
        child=child,
        guardian=me,
        starts_at=now,
        proof="school",
        verified_at=now,
        powers=["see", "marks", "excuse"],
    )
    Person.objects.filter(pk=me.pk).update(birth_on=today - timedelta(days=11_000))
    grown_up = Guardianship.objects.create(child=me, guardian=child, starts_at=now)
    lesson = diary_actions.enter_lesson(
        slot, today, topic="x", homework="y", due_on=None, by="teacher", now=now
    )
    column = diary_actions.add_assessment(
        group, on=today, kind="test", title="x", by="teacher", now=now
    )
    mark = diary_actions.give_mark(column, own, "5", author=me, by="teacher", now=now)
    assert mark is not None
    doubt = doubt_mark(mark, sender=child, words="x", by="guardian", now=now)
    note = diary_actions.send_note(
        others,
        first_on=today,
        last_on=today,
        reason="illness",
        text="",
        sender=me,
        by="guardian",
        now=now,
    )
    asked = school.ask_for_link(
        child,
        where,
        child_name="x",
        child_birth_on=today,
        words="",
        by="parent",
        now=now,
    )
    diary_actions.open_calendar(me, child.pk, by="guardian", now=now)
    calendar = CalendarLink.objects.get(reader=me)
    here: Ids = {"pk": slot.pk, "on": today.isoformat()}
    away = school.open_school(name=f"Away {me.pk}", municipality="", by="staff", now=now)
    handed = HandOver.objects.create(
        person=child, from_school=away, to_school=where, record={"years": []}, handed_at=now
    )
    proposal = Proposal.objects.create(
        person=child,
        school=where,
        field="address",
        value="Pikk 1",
        register="Register",
        as_of=today,
        proposed_at=now,
    )
    case = open_case(where, me, words="A task", days=7, by="school", now=now)
    changed = change_profile(me, {"phone": "+372 5550"}, by="guardian", now=now)[0]
    feed = community.feed(where, at=now)
    post = community.post(feed, me, at=now)
    local = statements.authority(f"Council {me.pk}", f"Place {me.pk}", at=now)
    given = statements.stored(where, at=now)
    kept = archives.package_with(others)
    return {
        "school:": {"pk": where.pk},
        **{f"school:{name}": {"pk": asked.pk} for name in ("request", "refusals")},
        **{
            f"school:{name}": {"pk": found.pk}
            for name in ("class", "pupils", "groups", "leaders", "slots")
        },
        "school:pupil-leavings": {"pk": others.pk},
        **{f"school:{name}": {"pk": slot.pk} for name in ("slot-endings", "lesson-changes")},
        **{f"diary:{name}": here for name in ("lesson", "absences", "texts")},
        **{f"diary:{name}": {"pk": group.pk} for name in ("journal", "assessments")},
        "diary:marks": {"pk": column.pk},
        **{f"diary:{name}": {"pk": mark.pk} for name in ("mark", "reports")},
        "diary:doubt-answers": {"pk": doubt.pk},
        "diary:ticks": {"pk": lesson.pk},
        "diary:guardian": {"pk": grown_up.pk},
        **{
            f"diary:{name}": {"pk": link.child_id}
            for name in ("child", "record", "note", "looks", "calendar")
        },
        "diary:revocations": {"pk": calendar.pk},
        **{f"diary:{name}": {"pk": found.pk} for name in ("class", "notes", "confirmations")},
        "diary:answers": {"pk": note.pk},
        "diary:pupil": {"pk": others.pk},
        **{f"community:{name}": {"pk": post.pk} for name in ("post", "removals")},
        **{f"pupils:{name}": {"pk": me.pk} for name in ("contacts", "sights", "own-codes")},
        "pupils:class": {"pk": found.pk},
        **{f"pupils:{name}": {"pk": where.pk} for name in ("register", "data", "comparisons")},
        **{f"pupils:{name}": {"pk": own.pk} for name in ("pupil", "leavings")},
        **{f"pupils:{name}": {"pk": handed.pk} for name in ("hand-over", "takings")},
        "pupils:cases": {"pk": where.pk},
        **{f"pupils:{name}": {"pk": case.pk} for name in ("case", "closings")},
        "pupils:reversals": {"pk": changed.pk},
        "pupils:decisions": {"pk": proposal.pk},
        **{f"community:{name}": {"pk": feed.pk} for name in ("feed", "audience")},
        "community:settings": {"pk": where.pk},
        **{f"statements:{name}": {"pk": given.pk} for name in ("statement", "sheet")},
        "statements:school": {"pk": where.pk},
        "archives:packages": {"pk": found.year_id},
        "archives:": {"pk": kept.pk},
        **{f"statements:{name}": {"pk": local.pk} for name in ("people", "endings")},
    }


def groups_of(me: Person, now: datetime) -> dict[str, Ids]:
    """A training group that ``me`` leads, with somebody who applied and who has a seat."""
    run = groups.run(at=now)
    contract = groups.cooperation(people.person(), at=now)
    role = let_in(run, me, zone=groups.RIGA, by="office", now=now)
    meeting = groups.meeting(run)
    holders = (me, *(people.person() for _ in range(3)))
    papers = [documents.document(who, at=now) for who in holders]
    Reissue.objects.create(document=papers[3], offered_at=now)
    certifying = certificates.certifying(courses.course(author=me, title="Certified"))
    courses.enrolment(certifying, me)
    given = [certificates.certificate(me, at=now) for _ in range(2)]
    Reissue.objects.create(document=given[1], offered_at=now)
    brought, kept = (records.intake(me, at=now) for _ in range(2))
    graduate = groups.participant(run, family_name="Kalns", at=now)
    graduate.document = papers[0]
    graduate.save()
    seat = groups.participant(run, at=now)
    groups.code(seat, at=now)
    return {
        "groups:decisions": {"pk": groups.application(run, family_name="Liepa", at=now).pk},
        "groups:programme": {"pk": run.programme_id},
        "groups:meeting-removals": {"pk": groups.meeting(run, run.ends_on).pk},
        "groups:here": {"pk": meeting.pk, "code": "AAAAAAAA"},
        **{f"groups:{name}": {"pk": meeting.pk} for name in ("meeting", "wall", "notes")},
        "groups:document": {"pk": graduate.pk},
        "groups:papers": {"pk": groups.booking(run, at=now).pk},
        "documents:": {"pk": papers[0].pk},
        "documents:own-reissues": {"pk": given[1].pk},
        **{f"certificates:{name}": {"pk": given[0].pk} for name in ("certificate", "badge")},
        "certificates:share": {"pk": given[0].pk, "network": "facebook"},
        "certificates:": {"slug": certifying.slug},
        "records:removals": {"pk": brought.pk},
        "records:badge": {"pk": kept.brought.get(kind="badge").pk},
        "documents:annulments": {"pk": papers[1].pk},
        "documents:duplicates": {"pk": papers[2].pk},
        "documents:reissues": {"pk": papers[3].pk},
        "groups:partner": {"pk": contract.pk},
        "groups:partner-endings": {"pk": contract.pk},
        "groups:trainer-endings": {"pk": run.pk, "role": role.pk},
        **{f"groups:{name}": {"pk": seat.pk} for name in ("results", "leavings", "code")},
        "groups:": {"pk": run.pk},
    }


def forums_of(me: Person, now: datetime) -> dict[str, Ids]:
    """A board, a chat room, and posts: one's own, another's, and one that is hidden."""
    board = forums.forum(name=f"Questions {me.pk}", reads="everybody", at=now)
    chat = forums.forum("chat", name=f"Talk {me.pk}", at=now)
    own, others = forums.post(board, me, at=now), forums.post(board, people.person(), at=now)
    hidden = forums.post(board, people.person(), "Rude.", at=now)
    hide(hidden, because="Rude.", link="", by="staff", now=now)
    return {
        **{f"forums:{name}": {"pk": own.topic} for name in ("topic", "answers")},
        **{f"forums:{name}": {"pk": own.pk} for name in ("edit", "removals")},
        **{f"forums:{name}": {"pk": others.pk} for name in ("reports", "hidings", "decisions")},
        "forums:restorations": {"pk": hidden.pk},
        "forums:lines": {"pk": chat.pk},
        "forums:": {"pk": board.pk},
    }


def campaigns_of(me: Person, now: datetime) -> dict[str, Ids]:
    """A campaign that is written, one whose calls are made, a partner, a refusal to be read."""
    offers = [one.id for one in in_force(now).policy.message if one.kind == "offer"]
    said = {"kind": offers[0] if offers else "offers", "subject": "s", "created_at": now}
    draft = Campaign.objects.create(channel="email", text="t", **said)
    partner = Partner.objects.create(name="P", website="https://p.example/", created_at=now)
    calls = Campaign.objects.create(
        channel="phone", state="running", started_at=now, partner=partner, **said
    )
    call = Delivery.objects.create(
        campaign=calls, person=me, title="s", channel="phone", ground="g", queued_at=now
    )
    refusal = Refusal.objects.create(
        person=me, what="direct", way="email", told_at=now, apply_by=now + timedelta(days=1)
    )
    return {
        "campaigns:results": {"pk": call.pk},
        "campaigns:judgements": {"pk": partner.pk},
        "campaigns:applications": {"pk": refusal.pk},
        **{f"campaigns:{name}": {"pk": calls.pk} for name in ("list", "report", "endings")},
        "campaigns:": {"pk": draft.pk},
    }


INVOICES = ("invoice", "office-invoice", "payments", "credit-notes", "card-payments", "hand-overs")


def ids_for(route: str, known: dict[str, Ids]) -> Ids | None:
    """The ids for a route: those under its own name, else those of its room."""
    return known.get(route) or known.get(f"{route.rpartition(':')[0]}:")


def nobodys(ids: Ids) -> Ids:
    """Ids of the same shape that exist nowhere."""
    return {
        key: uuid7() if isinstance(value, UUID) else "nowhere-at-all" for key, value in ids.items()
    }


def somebody(tenant: Tenant) -> Account:
    """Somebody at ``tenant`` with every role."""
    with inside(tenant.pk):
        account = people.account()
        for kind in Role.Kind:
            people.role(account.person, kind)
        return account


def everything(tenant: Tenant) -> tuple[Account, dict[str, Ids]]:
    """Somebody at ``tenant`` with every role, and one object of each kind that concerns them."""
    account = somebody(tenant)
    with inside(tenant.pk):
        return account, objects(account.person)


def answer(client: Client, method: str, address: str) -> tuple[int, bytes]:
    """Status and body; a body may name the address, so that is taken out."""
    one = client.get(address) if method == "GET" else client.post(address, {})
    return one.status_code, one.content.replace(address.encode(), b"")


@pytest.mark.parametrize("slug", ["ilearn", "ema", "ekool", "kic"])
def test_another_tenants_ids_answer_like_ids_that_do_not_exist(
    slug: str, db: None, client_of: Callable[[Tenant, Account], Client]
) -> None:
    here, there = make_tenants(slug)
    _, theirs = everything(there)
    client = client_of(here, somebody(here))
    nothing = answer(client, "GET", "/nowhere-at-all/")
    assert nothing[0] == 404
    leaks, forgotten = [], []
    for route, pattern in routes():
        if route in SIGNED | LIBRARIES:
            continue
        ids = ids_for(route, theirs)
        if ids is None:
            forgotten.append(route)
            continue
        with inside(here.pk):
            there_is_one = is_there(pattern.callback, now=clock.now())
        if not there_is_one:
            assert client.get(reverse(route, kwargs=ids)).status_code in {404, 405}
            continue
        for method in ("GET", "POST"):
            foreign = answer(client, method, reverse(route, kwargs=ids))
            if foreign == nothing:
                continue
            unknown = answer(client, method, reverse(route, kwargs=nobodys(ids)))
            if foreign != unknown or foreign[0] not in (404, 405):
                leaks.append((route, method, foreign[0]))

    assert forgotten == [], "Say in objects() what these routes are about."
    assert leaks == []


def test_the_same_routes_answer_with_ones_own_ids(
    db: None, client_of: Callable[[Tenant, Account], Client], tmp_path: Path, settings: Settings
) -> None:
    """Without this the test above would pass on a site that answers nothing."""
    views = {route: pattern.callback for route, pattern in routes()}
    silent = views.keys() - SIGNED - LIBRARIES
    from conftest import make_tenant

    settings.POLICIES = shutil.copytree(ROOT / "policies", tmp_path / "policies")
    here = None
    for slug in ("ilearn", "ema", "ekool", "kic", "learnifier", "an academy"):
        here = make_tenant(slug, A_DAY) if slug != "an academy" else academy_of(here)
        account, own = everything(here)
        client = client_of(here, account)
        with inside(here.pk):
            there = [route for route in sorted(silent) if is_there(views[route], now=clock.now())]
        for ask in (client.get, client.post):  # first all that only look, then what changes
            for route in [one for one in there if one in silent]:
                address = reverse(route, kwargs=ids_for(route, own))
                if ask(address).status_code not in (404, 405):
                    silent.discard(route)

    assert silent == set()


def academy_of(operator: Tenant | None) -> Tenant:
    """An academy that a customer of ``operator`` has founded."""
    assert operator is not None
    with inside(operator.pk):
        made = Tenant.objects.get(pk=academies.founded(now=A_DAY).academy.client)
    Host.objects.create(name=f"{made.slug}.localhost", tenant=made)
    return made


def make_tenants(slug: str) -> tuple[Tenant, Tenant]:
    """A tenant, and one beside it with the same policy's capabilities turned to another people."""
    from conftest import make_tenant

    there = "kic" if slug == "ema" else "learnifier"
    return make_tenant(slug, A_DAY), make_tenant(there, A_DAY)


@pytest.fixture
def client_of() -> Callable[[Tenant, Account], Client]:
    """A browser at a tenant's door, signed in."""

    def enter(tenant: Tenant, account: Account) -> Client:
        client = Client(HTTP_HOST=f"{tenant.slug}.localhost")
        with inside(tenant.pk):
            client.force_login(account)
        return client

    return enter
