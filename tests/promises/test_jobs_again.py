"""Every job that is done twice, or a week late, leaves what it leaves once and on time.

The queue delivers at least once, and a worker may stand still for days (promise-engine 5.1). Each
job of the registry has its story here; one without a story fails.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import storages
from django.db import connection
from procrastinate.contrib.django import app
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from conftest import make_tenant
from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.files import storage
from skola.ground.files.models import DoomedObject, StoredFile
from skola.ground.jobs import actions as jobs
from skola.ground.jobs import pulse, registry
from skola.ground.jobs import tasks as housekeeping
from skola.ground.journal import api as journal
from skola.ground.people import mail
from skola.ground.people.models import Account, Mail, Role, TextMessage
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import inside
from skola.promises.connectors import actions as connecting
from skola.promises.connectors.models import Connection, Shipment
from skola.promises.connectors.payloads import ErrorEvent
from skola.promises.consents import api as consents
from skola.promises.disclosures import texting
from skola.promises.disclosures.models import Party
from skola.promises.disclosures.tests import make as disclosures
from skola.promises.handover.actions import cancel, tell_everybody
from skola.promises.handover.tests import make as handover
from skola.promises.incidents.tests import make as incidents
from skola.promises.intake.models import Arrival
from skola.promises.minors.tests import make as minors
from skola.promises.notices.actions import tell_of_changes
from skola.promises.quality.tests import make as quality
from skola.promises.retention.api import clock_missing, clock_of, record_state, sweep
from skola.promises.rights.access.actions import ask_for_export
from skola.promises.rights.erasing import actions as erasing
from skola.promises.rights.erasing.freeze import freeze
from skola.promises.rights.models import Erasure
from skola.promises.rights.requests.tests import make as requests
from skola.services.academies.policy import Edition
from skola.services.academies.policy import written as policy_of_academy
from skola.services.academies.tests import make as academies
from skola.services.archives.tests import make as archives
from skola.services.billing.tests import make as billing
from skola.services.briefings.rules.signing import Side
from skola.services.briefings.tests import make as briefings
from skola.services.campaigns.api import receive
from skola.services.campaigns.models import Delivery
from skola.services.campaigns.tests import make as campaigns
from skola.services.chat import actions as chatting
from skola.services.chat.models import Chat
from skola.services.chat.rules import SILENCE
from skola.services.chat.tests import make as chats
from skola.services.customers.actions import give_notice
from skola.services.customers.tests import make as customers
from skola.services.desk import actions as desk_actions
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from skola.services.events.tests import make as events
from skola.services.exams.actions.sitting import show_papers
from skola.services.exams.rules import OFFLINE
from skola.services.exams.tests import make as exams
from skola.services.groups.tests import make as groups
from skola.services.hiring.tests import make as hiring
from skola.services.licences.tests import make as licences
from skola.services.reaching.actions import PUSH, reach
from skola.services.reaching.tests import make as reaching
from skola.services.runs.tests import make as runs
from skola.services.school.tests import make as schools
from skola.services.shop.tests import make as shop
from skola.services.undertakings.tests import make as undertakings
from skola.services.upkeep.tests import make as upkeep
from skola.services.visits.models import Visit
from skola.services.workforce.tests import make as workforce
from tests.promises.again import State, Watched
from tests.promises.editing import Folder

pytestmark = pytest.mark.django_db

T = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_SECOND, A_DAY, A_WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(days=7)
TALLINN = ZoneInfo("Europe/Tallinn")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
OUTSOURCED = ("agreement", "rules", "organisational", "physical", "technical")
EFFECTIVE = datetime(2026, 5, 1, 0, 0, tzinfo=TALLINN)


@dataclass
class Story:
    """What is there before a job is done, and when it is to be done."""

    at: datetime = T
    values: dict[str, Any] = field(default_factory=dict)
    never_before: bool = True
    """A second earlier there is nothing to do yet."""
    beside: tuple[str, ...] = ()
    """Tables into which every run writes."""
    wait: Callable[[timedelta], None] = lambda _span: None
    """Lets time pass where the database's own clock decides, which cannot be moved."""


STORIES: dict[str, tuple[str, Callable[[Path], Story]]] = {}


def story(job: str, tenant: str = "ilearn") -> Callable[..., Callable[[Path], Story]]:
    """Register what is there before this job."""

    def register(begin: Callable[[Path], Story]) -> Callable[[Path], Story]:
        STORIES[job] = (tenant, begin)
        return begin

    return register


def every_job() -> dict[str, Callable[..., None]]:
    """Whatever a worker can be given to do, and what it does each second."""
    found = {name: work for work, name in registry._names.items()}
    found |= {f"{work.__module__}.{work.__qualname__}": work for work in pulse._beats}
    found |= {one.name: one.func for one in (housekeeping.reap, housekeeping.clear_finished)}
    return found


JOBS = every_job()


def test_every_job_has_a_story() -> None:
    rounds = {f"{name}:every" for name in JOBS}
    known = {name for name in app.tasks if "builtin" not in name}
    assert known - rounds == set(JOBS) - {"skola.ground.audit.tasks.publish_entries"}
    assert set(STORIES) == set(JOBS)


@pytest.mark.parametrize("job", sorted(JOBS))
def test_twice_or_late_is_as_once_and_on_time(
    job: str,
    tmp_path: Path,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    slug, begin = STORIES[job]
    work = JOBS[job]
    with inside(make_tenant(slug, T).pk), a_place(tmp_path, settings):
        now = begin(tmp_path)
        watched = Watched()

        def left(*moments: datetime) -> State:
            with watched.run(*now.beside) as found:
                for moment in moments:
                    now.wait(moment - now.at)
                    with (
                        clock.standing_at(moment),
                        django_capture_on_commit_callbacks(execute=True),
                    ):
                        work(**now.values)
            return found[0]

        nothing, once = left(), left(now.at)
        assert once != nothing, "the story must give the job something to do"
        assert left(now.at, now.at) == once
        assert left(now.at, now.at + timedelta(minutes=20)) == once
        assert left(now.at + A_WEEK) == once
        if now.never_before:
            assert left(now.at - A_SECOND) == nothing


@contextmanager
def a_place(path: Path, settings: Settings) -> Iterator[None]:
    """Objects, the log and the journal of one test."""
    settings.DATA, settings.JOURNAL = path / "data", path / "journal"
    settings.DATA.mkdir()
    settings.SMS, settings.SMS_FOLDER = "local", path / "texts"
    journal.book().begin()
    made = {"location": settings.DATA / "objects"}
    backend = "django.core.files.storage.FileSystemStorage"
    before = storages["objects"]
    storages._storages["objects"] = storages.create_storage(  # type: ignore[attr-defined]
        {"BACKEND": backend, "OPTIONS": made}
    )
    try:
        yield
    finally:
        storages._storages["objects"] = before  # type: ignore[attr-defined]


def _two_files() -> tuple[StoredFile, StoredFile]:
    hiring.application(documents=["cv", "other"], at=T)
    first, second = StoredFile.objects.order_by("pk")
    return first, second


@story("files.erase_objects", tenant="ema")
def _(_path: Path) -> Story:
    files.forget(_two_files()[0], by="system", now=T)
    return Story(never_before=False)


@story("files.remove_orphans", tenant="ema")
def _(_path: Path) -> Story:
    lost = _two_files()[0]
    StoredFile.objects.filter(pk=lost.pk).delete()
    DoomedObject.objects.all().delete()
    return Story(at=storage.changed_at(lost.stored_as) + 2 * A_DAY, never_before=False)


@story(mail.SEND)
def _(_path: Path) -> Story:
    letter = mail.post(
        person_id=people.person().pk,
        address="anna@example.org",
        sender="service@example.org",
        subject="News",
        text="…",
        now=T,
        about="policy 2",
    )
    return Story(values={"mail": str(letter.pk), "about": "policy 2"}, never_before=False)


@story("accuracy.invite", tenant="kic")
def _(_path: Path) -> Story:
    people.account(created_at=T)
    people.account(created_at=T + 30 * A_DAY)
    return Story(at=datetime(2027, 3, 2, 22, 0, tzinfo=UTC))


@story("quality.run", tenant="kic")
def _(_path: Path) -> Story:
    quality.bounce(people.person(created_at=T), at=T)
    return Story(at=T + 2 * A_DAY, never_before=False)


@story("quality.forget_old", tenant="kic")
def _(_path: Path) -> Story:
    quality.merge(people.person(created_at=T), people.person(created_at=T), at=T)
    return Story(at=T + 30 * A_DAY)


@story("incidents.warn_of_breaches", tenant="kic")
def _(_path: Path) -> Story:
    officer = people.account(email="officer@example.org")
    Role.objects.create(person=officer.person, kind="officer", starts_at=T)
    incidents.incident(at=T)
    incidents.incident(is_breach=False, at=T)
    return Story(at=T + timedelta(hours=73), never_before=False)


@story("minors.escalate", tenant="learnifier")
def _(_path: Path) -> Story:
    officer = people.account(email="officer@example.org")
    Role.objects.create(person=officer.person, kind="officer", starts_at=T)
    minors.report(people.account(email="child@example.org").person, at=T)
    return Story(at=T + A_DAY, never_before=False)


@story("intake.forget_old")
def _(_path: Path) -> Story:
    for number, at in enumerate((T, T + 30 * A_DAY)):
        Arrival.objects.create(digest=f"{number:064}", arrived_at=at)
    return Story(at=T + 90 * A_DAY)


@story("campaigns.deliver")
def _(_path: Path) -> Story:
    campaigns.person("Anna", agreed="marketing.own", at=T)
    campaigns.start(campaigns.campaign("offers", offer="Courses", at=T), at=T)
    return Story(values={"delivery": str(Delivery.objects.get().pk)}, never_before=False)


@story("campaigns.apply_refusals")
def _(_path: Path) -> Story:
    campaigns.person("Anna", at=T)
    receive("anna@example.org", told_at=T, by="intake", now=T)
    receive("nobody@example.org", told_at=T + 9 * A_DAY, by="intake", now=T)
    return Story(at=T + A_WEEK)


@story("campaigns.keep_addresses")
def _(_path: Path) -> Story:
    campaigns.person("Anna", agreed="marketing.own", at=T)
    return Story()


@story("disclosures.follow_list", tenant="ekool")
def _(_path: Path) -> Story:
    waits = disclosures.party("processor.mail", papers=OUTSOURCED, published=False)
    Party.objects.filter(pk=waits.pk).update(warned_at=T)
    return Story(at=datetime(2026, 4, 1, 0, 0, tzinfo=TALLINN))


def _text() -> TextMessage:
    papers = ("agreement", "rules")
    disclosures.party("recipient.service-partners", papers=papers, reference="2019-09", at=T)
    told = people.person()
    told.phone = "+372 5550 123"
    told.save()
    made = texting.text(told, "Absent.", about="diary.absence:1", by="teacher", now=T)
    assert made is not None
    return made


@story(texting.SEND, tenant="ekool")
def _(_path: Path) -> Story:
    return Story(values={"text": str(_text().pk)}, never_before=False)


def _connected(path: Path, task: str, entry: str) -> None:
    """A processor that is switched on; what is sent to it is written into a folder."""
    from django.conf import settings

    settings.CONNECTORS_FOLDER = path / "connectors"
    disclosures.party(f"processor.{entry}", country="LT", at=T)
    connecting.switch(task, is_on=True, by="officer", now=T)


@story(connecting.SHIP, tenant="ema")
def _(path: Path) -> Story:
    _connected(path, "error-logging", "error-logging")
    broken = ErrorEvent("LookupError", "skola.web.views:home", "1", "/", "GET", 500, "ema")
    connecting.report_error(broken, now=T)
    return Story(values={"shipment": str(Shipment.objects.get().pk)}, never_before=False)


@story(connecting.PASS, tenant="ema")
def _(path: Path) -> Story:
    _connected(path, "contact-register", "crm")
    order = shop.order(people.person(), at=T)
    values = {"person": str(order.person_id), "records": [f"shop.order:{order.pk}"]}
    return Story(values=values, never_before=False)


@story(connecting.FOLLOW, tenant="ema")
def _(path: Path) -> Story:
    _connected(path, "usage-analysis", "data-analysis")
    day = datetime(2026, 3, 2, 0, 0, tzinfo=ZoneInfo("Europe/Vilnius"))
    for _number in range(6):
        Visit.objects.create(day_at=day, page="/courses/")
    return Story(at=day.astimezone(UTC) + A_DAY)


@story(connecting.FETCH, tenant="ema")
def _(path: Path) -> Story:
    connecting.switch("cloud-office", is_on=False, by="officer", now=T)
    Connection.objects.update(holds=True)
    return Story(never_before=False)


@story("disclosures.follow_texts", tenant="ekool")
def _(_path: Path) -> Story:
    texting.send(_text().pk, by="job", now=T)
    return Story(never_before=False)


@story("groups.end_cooperations", tenant="kic")
def _(_path: Path) -> Story:
    over = groups.cooperation(people.person(), days=0, at=T)
    groups.cooperation(people.person(), days=60, at=T)
    return Story(at=clock.last_second(over.ends_on, groups.RIGA) + A_SECOND)


@story("hiring.close_selections", tenant="ema")
def _(_path: Path) -> Story:
    over = hiring.vacancy(latest_on=date(2026, 3, 2))
    hiring.application(over, at=T)
    hiring.application(hiring.vacancy(title="Another", latest_on=date(2026, 4, 2)), at=T)
    return Story(at=clock.last_second(date(2026, 3, 2), hiring.VILNIUS) + A_SECOND)


@story("billing.end_contracts")
def _(_path: Path) -> Story:
    billing.contract(ends_on=date(2026, 3, 2))
    billing.contract(ends_on=date(2026, 4, 2))
    return Story(at=clock.last_second(date(2026, 3, 2), billing.RIGA) + A_SECOND)


@story("academies.look_after", tenant="learnifier")
def _(path: Path) -> Story:
    from django.conf import settings

    published = path / "published"
    shutil.copytree(settings.ROOT / "policies" / "learnifier", published / "learnifier")
    settings.POLICIES = published
    academies.founded(now=T)
    return Story(at=T + A_DAY, never_before=False)


@story("academies.tell_of_subprocessor", tenant="learnifier")
def _(path: Path) -> Story:
    from django.conf import settings

    published = path / "published"
    shutil.copytree(settings.ROOT / "policies" / "learnifier", published / "learnifier")
    settings.POLICIES = published
    academies.founded(now=T)
    sub = disclosures.party("processor.hosting", country="SE")
    return Story(values={"party": str(sub.pk)}, never_before=False)


@story("runs.send_mails", tenant="learnifier")
def _(path: Path) -> Story:
    from django.conf import settings

    own = path / "published" / "learnifier"
    own.mkdir(parents=True)
    about = replace(academies.WANTED, slug="learnifier")
    (own / "1.toml").write_text(policy_of_academy(about, Edition("1", T - A_DAY, T - A_DAY)))
    settings.POLICIES = own.parent
    run = runs.run(at=T)
    run.rules.filter(kind="invitation").delete()
    runs.participant(run, at=T)
    return Story(at=clock.last_second(T.date() + 21 * A_DAY, STOCKHOLM) + A_SECOND)


@story("briefings.tell_of_missing_halves", tenant="ema")
def _(_path: Path) -> Story:
    briefings.sign(briefings.works(at=T), Side.INSTRUCTED, at=T)
    return Story(at=clock.last_second(T.date(), briefings.VILNIUS) + A_SECOND)


@story("workforce.remind", tenant="ema")
def _(_path: Path) -> Story:
    company = workforce.company(manager=people.account().person, at=T)
    workforce.employee(company, at=T)
    workforce.requirement(company, days=40, on=T.date())
    monday = datetime(2026, 3, 16, 8, 0, tzinfo=licences.VILNIUS)
    return Story(at=monday.astimezone(UTC))


@story("licences.settle", tenant="ema")
def _(_path: Path) -> Story:
    manager = people.account().person
    company = workforce.company(manager=manager, at=T)
    licence = licences.licence(company, manager, months=1, at=T)
    licences.seat(licence, workforce.employee(company, at=T), at=T)
    licences.licence(company, manager, of=licence.course, months=12, at=T)
    eve = licence.ends_on - timedelta(days=1)
    return Story(at=clock.last_second(eve, licences.VILNIUS) + A_SECOND)


@story("billing.remind", tenant="ilearn")
def _(_path: Path) -> Story:
    billing.invoice(people.person(email="debtor@example.org"), at=T)
    third_day = T.date() + 17 * A_DAY
    return Story(at=clock.last_second(third_day, billing.RIGA) + A_SECOND)


@story("shop.cancel_unpaid", tenant="ilearn")
def _(_path: Path) -> Story:
    order = shop.order(people.person(), at=T)
    shop.order(people.person(), order.product, way="invoice", at=T)
    return Story(at=T + A_DAY)


@story("surveys.ask", tenant="kic")
def _(_path: Path) -> Story:
    seat = groups.participant(at=T)
    over = clock.last_second(seat.run.ends_on, groups.RIGA) + A_SECOND
    return Story(at=over)


@story("staff.take_over", tenant="kic")
def _(_path: Path) -> Story:
    people.role(people.account().person, "support", starts_at=T)
    return Story()


@story("events.close", tenant="kic")
def _(_path: Path) -> Story:
    over, ahead = events.event(days=10, at=T), events.event(days=30, at=T)
    both = events.registration(over, at=T).person
    events.registration(ahead, both, at=T)
    events.registration(over, at=T)
    return Story(at=over.ends_at)


@story("exams.close_what_is_over")
def _(_path: Path) -> Story:
    date = exams.date(starts_at=T - timedelta(hours=7))
    ended = exams.begun(on=date, at=T).ends_at
    waiting = exams.place(on=date, let_in=False, at=T)
    show_papers(waiting, exams.picture(), by="candidate", now=T)
    later = T + 30 * A_DAY
    exams.begun(on=exams.date(exams.exam(title="Honey"), starts_at=later), at=later)
    assert ended is not None
    return Story(at=ended + OFFLINE + A_SECOND, never_before=False)


@story("exams.tell_receipts")
def _(_path: Path) -> Story:
    exams.finished(at=T)
    gone = T + 15 * A_DAY
    sweep(now=gone)
    return Story(at=gone, never_before=False)


@story("chat.end_silent", tenant="ema")
def _(_path: Path) -> Story:
    chats.chat(at=T)
    return Story(at=T + SILENCE)


@story("chat.mail_transcript", tenant="ema")
def _(_path: Path) -> Story:
    chat = chats.chat(at=T, email="ruta@example.org")
    chatting.end(chat, Chat.Ending.ENQUIRER, done=False, by="visitor", now=T)
    return Story(values={"chat": str(chat.pk)}, never_before=False)


@story("desk.mail_answer")
def _(_path: Path) -> Story:
    answer = desk_actions.answer(
        desk.enquiry(), body="In May.", author=people.person(), by="staff", now=T
    )
    return Story(values={"message": str(answer.pk)}, never_before=False)


def _due_and_not_due() -> Story:
    for at in (T, T + 60 * A_DAY):
        desk_actions.close(desk.enquiry(at=at), ending="answered", by="staff", now=at)
    clock_missing(now=T)
    found = [clock_of(one, now=T) for one in Enquiry.objects.order_by("received_at")]
    due, later = (one.at for one in found if one is not None)
    assert due + 3 * A_WEEK < later
    return Story(at=due, beside=("retention_forecast", "queue"))


@story("retention.sweep", tenant="ema")
def _(_path: Path) -> Story:
    return _due_and_not_due()


@story("retention.foresee", tenant="ema")
def _(_path: Path) -> Story:
    return Story(at=_due_and_not_due().at - A_DAY, never_before=False)


@story("rights.finish_erasure")
def _(_path: Path) -> Story:
    person = people.account().person
    desk.enquiry(person=person, at=T)
    with pytest.MonkeyPatch.context() as killed:
        killed.setattr(erasing, "TOGETHER", 0)
        killed.setattr(erasing._Run, "carry_out", lambda _run: None)
        erasing.erase_person(person.pk, reason="asked", by="system", now=T)
    begun = Erasure.objects.get(finished_at=None)
    values = {"erasure": str(begun.pk), "person": str(person.pk)}
    return Story(at=T + erasing.TAKEN_UP_AFTER, values=values, never_before=False)


@story("rights.finish_frozen")
def _(_path: Path) -> Story:
    person = people.account().person
    desk.enquiry(person=person, at=T)
    freeze(person.pk, reason="asked", by="system", now=T)
    return Story(at=T + erasing.TAKEN_UP_AFTER + A_SECOND, never_before=False)


@story("notices.look")
def _(_path: Path) -> Story:
    return Story(never_before=False)


@story("rights.write_export")
def _(_path: Path) -> Story:
    somebody = people.account().person
    asked = ask_for_export(somebody.pk, kind="access", language="en", by="person", now=T)
    return Story(values={"export": str(asked.pk)}, never_before=False)


@story("rights.warn_of_deadlines")
def _(_path: Path) -> Story:
    for kind in ("officer", "administrator"):
        people.role(people.account().person, kind)
    requests.request(at=T)
    half = datetime(2026, 3, 18, 0, 0, tzinfo=ZoneInfo("Europe/Riga"))
    return Story(at=half)


LONGER = (
    'then = { action = "erase", within = "6 months" }\nclaimed = "As long as needed (7.5)',
    'then = { action = "erase", within = "2 years" }\nclaimed = "As long as needed (7.5)',
)
MAIL = ('publish_in = ["site"]', 'publish_in = ["site"]\nalso_notify = ["email"]')


def _changed(path: Path, tenant: str, *edits: tuple[str, str], effective: datetime) -> Account:
    """A policy that is published at T, and somebody who was there before."""
    from django.conf import settings

    folder = Folder(path, tenant)
    settings.POLICIES = folder.published
    found = people.account()
    Account.objects.filter(pk=found.pk).update(created_at=T - 90 * A_DAY)
    if tenant == "ilearn":
        record_state(
            found.person_id, "consent:publication.consented", is_open=True, at=T - 30 * A_DAY
        )
    draft = folder.version("next", *edits, effective=effective, published=T)
    folder.publish(draft, now=T)
    return found


@story("notices.tell_of_changes", tenant="ekool")
def _(path: Path) -> Story:
    _changed(path, "ekool", LONGER, MAIL, effective=EFFECTIVE)
    return Story()


@story("handover.tell", tenant="ema")
def _(_path: Path) -> Story:
    people.account()
    handover.announced(at=T)
    return Story(at=T + A_DAY, never_before=False)


@story("handover.tell_cancelled", tenant="ema")
def _(_path: Path) -> Story:
    people.account()
    told = handover.announced(at=T)
    tell_everybody(now=T + A_SECOND)
    cancel(told, "The buyer withdrew.", by="officer", now=T + A_DAY)
    return Story(at=T + 2 * A_DAY, values={"handover": str(told.pk)}, never_before=False)


@story("notices.lapse_consents")
def _(path: Path) -> Story:
    purpose = ('granularity = "this text only"', 'granularity = "this text and its author"')
    effective = T + 10 * A_DAY
    _changed(path, "ilearn", purpose, effective=effective)
    return Story(at=effective)


@story("consents.expire")
def _(_path: Path) -> Story:
    given = consents.give(
        people.person(), "improve.usage", consents.Shown("account"), by="test", now=T
    )
    return Story(at=given.valid_until)


@story("notices.release_who_did_not_object", tenant="ekool")
def _(path: Path) -> Story:
    _changed(path, "ekool", LONGER, MAIL, effective=EFFECTIVE)
    tell_of_changes(T)
    mail.send(Mail.objects.get().pk, about="policy next", now=T)
    return Story(at=EFFECTIVE)


@story("customers.bill", tenant="ekool")
def _(_path: Path) -> Story:
    what = customers.service(months=1, at=T)
    leaving = customers.subscription(what, people.person(), at=T)
    customers.subscription(what, people.person(), at=T)
    last_on = give_notice(leaving, by="customer", now=T)
    return Story(at=clock.last_second(last_on, schools.TALLINN) + A_SECOND)


@story("undertakings.ask", tenant="ekool")
def _(_path: Path) -> Story:
    people.role(people.account().person, "support", starts_at=T)
    signed = people.account().person
    people.role(signed, "support", starts_at=T)
    undertakings.undertaking(signed, at=T)
    return Story(never_before=False)


@story("reaching.follow")
def _(_path: Path) -> Story:
    told = reach(people.person(email="a@example.org"), "A", "B", about="t", by="office", now=T)
    assert told is not None
    mail.send(Mail.objects.get().pk, now=T)
    return Story(never_before=False)


@story(PUSH)
def _(_path: Path) -> Story:
    reaching.carrier(T)
    waits = reaching.delivery(people.account().person, "push", at=T)
    return Story(values={"delivery": str(waits.pk)}, never_before=False)


@story("archives.settle", tenant="ekool")
def _(_path: Path) -> Story:
    made = archives.packed(pupils=1)  # anew, it would have another key at each run
    made.held.get().pupil.delete()
    return Story(at=archives.OVER, never_before=False)


@story("upkeep.tell")
def _(_path: Path) -> Story:
    billing.contract()
    return Story(values={"works": str(upkeep.works(at=T).pk)}, never_before=False)


@story("web.close_accounts", tenant="learnifier")
def _(_path: Path) -> Story:
    over, later = people.account(), people.account()
    Account.objects.filter(pk=over.pk).update(closes_at=T)
    Account.objects.filter(pk=later.pk).update(closes_at=T + 30 * A_DAY)
    return Story()


@story("web.mail_checkpoint")
def _(_path: Path) -> Story:
    officer = people.account()
    Role.objects.create(person=officer.person, kind=Role.Kind.OFFICER, starts_at=T)
    audit.record("people.account.signed_in", by="system", at=T)
    audit.sequence(now=T)
    return Story(never_before=False)


@story("skola.ground.audit.tasks.publish_entries")
def _(_path: Path) -> Story:
    audit.record("people.account.signed_in", by="system", at=T)
    return Story(never_before=False)


def _job(status: str, age: timedelta) -> Callable[[timedelta], None]:
    """A job that was begun so long ago; returns what lets more time pass."""
    jobs.enqueue("files.erase_objects", key="all")
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = null")
        if status != "doing":
            cursor.execute("update procrastinate_jobs set status = %s", [status])

    def pass_by(span: timedelta) -> None:
        with connection.cursor() as cursor:
            seconds = span.total_seconds()
            cursor.execute(
                "update procrastinate_events set at = at - make_interval(secs => %s)", [seconds]
            )

    pass_by(age)
    return pass_by


@story("jobs.reap")
def _(_path: Path) -> Story:
    return Story(values={"timestamp": 0}, never_before=False, wait=_job("doing", A_DAY))


@story("jobs.clear_finished")
def _(_path: Path) -> Story:
    wait = _job("failed", A_WEEK + A_SECOND)
    return Story(values={"timestamp": 0}, never_before=False, wait=wait)
