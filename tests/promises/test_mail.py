"""Plain mail that becomes a case, handed over by a mail server, confirmed by a link."""

import io
import re
import smtplib
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.people.models import Account, Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.intake.models import Arrival
from skola.promises.policy.commands import check
from skola.promises.retention import api as retention
from skola.promises.rights.access.actions import write_export
from skola.promises.rights.models import Export, Objection, RightsRequest
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from tests.promises.asking import DESK, decide, do, note, text
from tests.promises.keeping import keeps
from tests.promises.mailing import hand_over, letter
from tests.promises.marking import AT
from tests.promises.people import browser, customer, latest_mail, working

A_DAY = timedelta(days=1)
ROOT = Path(__file__).resolve().parents[2]


pytestmark = pytest.mark.usefixtures("standing")


def newest() -> RightsRequest:
    return RightsRequest.objects.latest("number")


def link_in(mail: Mail) -> str:
    """The address of our page that a mail names, as a browser at our door opens it."""
    found = re.search(r"https://[^/\s]+(/privacy/mail/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def plain(mail: Mail) -> str:
    """A mail without what is of this one request: number and link."""
    return re.sub(r"R-\d+|https://\S+", "…", f"{mail.subject}\n{mail.text}")


@pytest.mark.tenant("ema")
@keeps("ema-9.2", "ema-intro.b")
def test_who_never_registered_asks_by_mail_confirms_by_link_and_gets_their_own_data(
    tenant: Tenant, officer: Client, tmp_path: Path
) -> None:
    desk.enquiry(email="rasa@example.org", body="When does the course on bees begin?")
    desk.enquiry(email="other@example.org", body="Do you sell honey?")
    asks = "Please send me a copy of my personal data."

    hand_over(letter("Rasa <rasa@example.org>", "My data", asks), "privacy@ema.example")
    asked = newest()
    hand_over(letter("Jonas <jonas@example.org>", "My data", asks), "privacy@ema.example")

    assert (asked.kind, asked.channel, asked.email) == ("access", "email", "rasa@example.org")
    assert asked.label in text(officer, DESK)
    assert asks in text(officer, f"{DESK}{asked.pk}/")
    known, unknown = latest_mail("rasa@example.org"), latest_mail("jonas@example.org")
    assert plain(known) == plain(unknown), "nobody learns who is known here"
    assert decide(officer, asked, "granted") == 409, "nobody has confirmed it"

    visitor = browser(tenant)
    link = link_in(known)
    assert asks in text(visitor, link)
    asked.refresh_from_db()
    assert not asked.proof, "a machine that opens links confirms nothing"
    assert visitor.post(link).status_code == 302
    assert "is confirmed" in text(visitor, link)
    assert decide(officer, asked, "granted") == 302
    for export in Export.objects.all():
        write_export(export.pk, now=clock.now())
    mail = latest_mail("rasa@example.org")
    assert asked.label in mail.subject
    fetched = re.findall(r'href="(/privacy/mail/[^"]+/copies/[^"]+)"', text(visitor, link_in(mail)))
    copies = [zipfile.ZipFile(io.BytesIO(visitor.get(one).getvalue())) for one in fetched]
    held = b"".join(copy.read(name) for copy in copies for name in copy.namelist())
    assert b"course on bees" in held
    assert b"honey" not in held

    source = (ROOT / "policies" / "ema" / "2019-01-01.toml").read_text()
    there = tmp_path / "ema" / "2019-01-01.toml"
    there.parent.mkdir()
    for named, code in (("privacy@ema.example", 0), ("", 2), ("pri***@ema.example", 2)):
        head, contact, rest = source.partition("[[contact]]")
        rest = rest.replace("privacy@ema.example", named, 1)
        there.write_text(head + contact + rest)
        assert check([there]) == code, f"the policy names {named!r}"


@pytest.mark.tenant("learnifier")
@keeps("learnifier-17.a", "learnifier-10.c")
def test_a_mail_from_a_foreign_address_does_nothing_until_the_registered_one_confirms(
    tenant: Tenant, officer: Client
) -> None:
    account = customer()
    hand_over(
        letter("eva@example.org", "Statement", "Who is your processor?"),
        "privacy@red.learnifier.com",
    )
    assert newest().assignee is not None
    assert newest().assignee.email == "officer@example.org"  # type: ignore[union-attr]

    def ask(number: str) -> RightsRequest:
        words = "Delete my registration, please. I am ilze@example.org."
        foreign = letter("villain@elsewhere.example", "My account", words, number=number)
        hand_over(foreign, "support@red.learnifier.com")
        return newest()

    asked = ask("1")
    assert asked.kind == "erasure"
    receipt = latest_mail("villain@elsewhere.example").text
    assert "/privacy/mail/" not in receipt
    erasures = f"{DESK}{asked.pk}/erasures/"
    assert officer.get(erasures).status_code == 404
    assert officer.post(erasures, {"sure": "on"}).status_code == 404
    assert decide(officer, asked, "granted") in (302, 409)
    asked.refresh_from_db()
    assert (asked.outcome, asked.person.name) == ("", "")
    assert Account.objects.filter(pk=account.pk).exists()

    visitor = browser(tenant)
    link = link_in(latest_mail("ilze@example.org"))
    assert visitor.post(f"{link}denials/").status_code == 302
    asked.refresh_from_db()
    assert asked.outcome == "withdrawn"
    assert Account.objects.filter(pk=account.pk).exists()

    again = ask("2")
    assert visitor.post(link_in(latest_mail("ilze@example.org"))).status_code == 302
    again.refresh_from_db()
    assert (again.person_id, again.email, again.proof) == (
        account.person_id,
        "ilze@example.org",
        "code",
    )
    assert officer.get(f"{DESK}{again.pk}/erasures/").status_code == 200
    forged = link.replace(link.split("/")[3], "x" + link.split("/")[3])
    assert visitor.get(forged).status_code == 410


@pytest.mark.tenant("ekool")
@keeps("ekool-8.2")
def test_a_complaint_by_mail_has_its_day_and_the_processing_can_be_stopped_meanwhile(
    tenant: Tenant, officer: Client
) -> None:
    parent = customer("parent@example.org").person
    asked_before = desk.enquiry(person=parent, email=parent.email, body="Where is the gym?")
    support = working(tenant, "support")
    queue = f"/desk/queue/{asked_before.pk}/"
    assert support.get(queue).status_code == 200

    words = "I complain: the privacy of my child was infringed in the diary."
    hand_over(letter("parent@example.org", "Complaint", words), "hello@ekool.eu")

    asked = newest()
    assert asked.kind == "complaint"
    assert asked.promised_on > AT.date()
    assert f"{asked.promised_on:%-d %B %Y}" in text(officer, f"{DESK}{asked.pk}/")
    assert do(officer, asked, "freezes", ground="unlawful") == 409, "nobody knows who wrote"
    assert support.get(queue).status_code == 200
    assert browser(tenant).post(link_in(latest_mail("parent@example.org"))).status_code == 302
    assert do(officer, asked, "freezes", ground="unlawful") == 302
    assert support.get(queue).status_code == 404, "nobody reads the parent's data meanwhile"
    assert decide(officer, asked, "granted", reasons="We closed the gap.") == 302
    with reading_for(RIGHTS):
        assert "We closed the gap." in latest_mail("parent@example.org").text


@pytest.mark.tenant("ilearn")
@keeps("ilearn-2.a")
def test_a_question_about_data_becomes_a_privacy_ticket_however_it_comes(
    tenant: Tenant, officer: Client
) -> None:
    words = "Kādi mani personas dati Jums ir, un kam tos dodat?"

    hand_over(letter("Ilze <ilze@example.org>", "Jautājums", words), "info@ilearn.lv")

    page = text(officer, f"{DESK}{newest().pk}/")
    assert words in page
    assert "ilze@example.org" in page
    for channel in ("in-person", "post"):
        assert note(officer, "information", channel=channel).channel == channel

    hand_over(letter("ilze@example.org", "Kurss", "Kad sākas bišu kurss?"), "info@ilearn.lv")
    assert RightsRequest.objects.count() == 3
    assert Enquiry.objects.get().messages.get().body.endswith("Kad sākas bišu kurss?")


@pytest.mark.tenant("kic")
@keeps("kic-data-start")
def test_the_first_mail_of_a_stranger_begins_a_lead_that_goes_when_nothing_follows(
    tenant: Tenant,
) -> None:
    before = set(Person.objects.values_list("pk", flat=True))

    hand_over(letter("Uldis <uldis@example.org>", "Courses", "Do you teach?"), "info@kic.example")

    lead = Person.objects.exclude(pk__in=before).get()
    assert (lead.status, lead.created_at.date()) == (Person.Status.LEAD, AT.date())
    enquiry = Enquiry.objects.get(person=lead)
    assert enquiry.notice_version
    reply = latest_mail("uldis@example.org").text
    assert f"https://{tenant.slug}.localhost/privacy/" in reply

    retention.sweep(now=AT + 360 * A_DAY)
    assert Enquiry.objects.filter(pk=enquiry.pk).exists()
    retention.sweep(now=AT + 370 * A_DAY)
    assert not Enquiry.objects.filter(pk=enquiry.pk).exists()
    assert not Person.objects.filter(pk=lead.pk).exclude(given_name="", email="").exists()


@pytest.mark.tenant("ema")
def test_a_message_counts_once_and_what_nobody_should_answer_is_not_taken(
    tenant: Tenant,
) -> None:
    privacy = "privacy@ema.example"
    mine = letter("ona@example.org", "My data", "Please delete my data.")
    for _ in range(2):
        hand_over(mine, privacy, privacy.upper())
    hand_over(b"Received: from elsewhere\r\n" + mine, privacy)
    assert RightsRequest.objects.count() == Arrival.objects.count() == 1
    asked = newest()

    answers = letter("ona@example.org", f"Re: {asked.label}", "The old account, too.")
    hand_over(answers, privacy)
    forged = letter("villain@example.org", f"Re: {asked.label}", "I withdraw it.")
    hand_over(forged, privacy)
    assert "The old account, too." in "".join(m.body for m in asked.messages.all())
    assert "I withdraw it." not in "".join(m.body for m in asked.messages.all())
    assert newest().email == "villain@example.org", "a mail from elsewhere is a case of its own"

    count, mails = RightsRequest.objects.count(), Mail.objects.count()
    away = letter("ona@example.org", "Away", "I am away.", Auto_Submitted="auto-replied")
    ours = letter(privacy, "Round", "Please delete my data.")
    bounce = letter("MAILER-DAEMON@example.org", "Undelivered", "Please delete my data.")
    for raw in (away, ours, bounce):
        hand_over(raw, privacy)
    assert (RightsRequest.objects.count(), Mail.objects.count()) == (count, mails)

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        hand_over(mine, "somebody@ema.example")
    with pytest.raises(smtplib.SMTPSenderRefused):  # by the size that is announced
        hand_over(letter("ona@example.org", "Large", "x" * 26 * 2**20), privacy)
    hand_over(b"From: \xff\xfe <broken@example.org>\r\n\r\n\x00\xff", privacy)
    assert newest().email == "broken@example.org"

    for number in range(5):
        hand_over(letter("flood@example.org", "Again", f"Number {number}"), privacy)
    flood = RightsRequest.objects.filter(email="flood@example.org")
    assert flood.count() == 3
    assert Mail.objects.filter(address="flood@example.org").count() == 3


@pytest.mark.tenant("ema")
def test_staff_sort_a_mail_anew_and_ask_the_registered_address(
    tenant: Tenant, officer: Client
) -> None:
    account = customer()
    hand_over(letter("elsewhere@example.org", "Hello", "It is me."), "privacy@ema.example")
    asked = newest()
    assert asked.kind == "information"

    assert do(officer, asked, "sortings", kind="objection") == 302
    assert do(officer, asked, "confirmations", email="nobody@example.org") == 422
    assert do(officer, asked, "confirmations", email=account.email) == 302
    assert browser(tenant).post(link_in(latest_mail(account.email))).status_code == 302

    asked.refresh_from_db()
    assert (asked.kind, asked.person_id) == ("objection", account.person_id)
    assert Objection.objects.stopping().filter(person=account.person).exists()
    assert not Objection.objects.exclude(person=account.person).exists()
