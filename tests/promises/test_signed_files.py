"""Requests that are signed: good and bad files, uploaded and attached to mail."""

from collections.abc import Iterator
from datetime import date, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from skola.ground import clock
from skola.ground.files.models import StoredFile
from skola.ground.people.models import Person
from skola.ground.people.tests import make
from skola.ground.signatures.tests import authority as ca
from skola.ground.signatures.tests.authority import DOCUMENTS, Authority, Holder
from skola.ground.tenants.models import Tenant
from skola.promises.rights.models import RightsRequest, SignedFile
from tests.promises.asking import DESK, OWN, ask, decide, text
from tests.promises.keeping import keeps
from tests.promises.mailing import hand_over, letter
from tests.promises.marking import AT
from tests.promises.people import browser, customer, latest_mail, log_in

SIGNED = "/privacy/signed/"
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def trusted() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def ilze(trusted: Authority) -> Holder:
    return trusted.certify("ILZE", "BĒRZIŅA")


@pytest.fixture(autouse=True)
def standing(db: None, trusted: Authority, tmp_path: Path, settings: object) -> Iterator[Path]:
    cache.clear()
    settings.TRUST = tmp_path / "trust"  # type: ignore[attr-defined]
    folder = tmp_path / "trust" / "ilearn"
    trusted.publish(folder, crl=trusted.revoked(at=AT, now=AT))
    with clock.standing_at(AT):
        yield folder
    cache.clear()


def known(email: str = "ilze@example.org", born: date | None = None) -> Person:
    made = make.person(given_name="Ilze", family_name="Bērziņa", email=email)
    Person.objects.filter(pk=made.pk).update(birth_on=born)
    return made


def upload(
    who: Client, content: bytes, email: str = "ilze@example.org", where: str = SIGNED
) -> tuple[RightsRequest, str]:
    """Send a file by the page; return the request, and the page that tells what became of it."""
    file = SimpleUploadedFile("request.asice", content)
    told = {"kind": "access", "email": email, "words": "A copy, please.", "file": file}
    answer = who.post(where, told)
    assert answer.status_code == 302, answer.content.decode()
    return RightsRequest.objects.latest("number"), str(answer["Location"])


@pytest.mark.tenant("ilearn")
@keeps("ilearn-24.b")
def test_a_signed_file_is_matched_to_its_signer_and_a_broken_one_asks_for_another_way(
    tenant: Tenant, officer: Client, trusted: Authority, ilze: Holder
) -> None:
    person, visitor = known(), browser(tenant)
    assert SIGNED in text(visitor, "/privacy/mine/")
    broken = ca.container({"request.txt": b"Send it to me."}, [ca.signature(ilze, DOCUMENTS)])

    asked, page = upload(visitor, broken)
    told = text(visitor, page)
    assert "identity not confirmed" in told
    assert "something was changed after it was signed" in told
    assert "Sign in to your account" in told
    assert "with an identity document" in told
    assert (asked.proof, asked.step, asked.person == person) == ("", "identity", False)
    assert decide(officer, asked, "granted") == 409, "nothing is released"
    desk = text(officer, f"{DESK}{asked.pk}/")
    assert "identity not confirmed" in desk

    good = ca.signed_container(ilze)
    assert (
        visitor.post(page, {"file": SimpleUploadedFile("request.asice", good)}).status_code == 302
    )
    assert "Your identity is confirmed by the signature of ILZE BĒRZIŅA." in text(visitor, page)
    asked.refresh_from_db()
    assert (asked.person, asked.proof, asked.step) == (person, "signed-file", "decide")
    assert asked.email == person.email
    desk = text(officer, f"{DESK}{asked.pk}/")
    assert "Signed by ILZE BĒRZIŅA, certified by Example Qualified CA" in desk
    one = SignedFile.objects.get(is_matched=True)
    kept = officer.get(f"{DESK}{asked.pk}/signatures/{one.pk}/")
    assert b"".join(kept.streaming_content) == good  # type: ignore[attr-defined]
    assert browser(tenant).get(f"{DESK}{asked.pk}/signatures/{one.pk}/").status_code in (302, 404)
    assert decide(officer, asked, "granted") == 302

    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "ilze@example.org", "info@ilearn.lv", "Mani dati"
    mail.set_content("Lūdzu manu personas datu kopiju. Sūtiet uz other@example.org.")
    pdf = ca.signed_pdf(ilze, ca.plain_pdf(), stamper=trusted.stamper(AT - A_DAY))
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename="lugums.pdf")
    hand_over(bytes(mail), "info@ilearn.lv")
    by_mail = RightsRequest.objects.latest("number")
    assert (by_mail.person, by_mail.proof, by_mail.channel) == (person, "signed-file", "email")
    receipt = latest_mail("ilze@example.org").text
    assert "ILZE BĒRZIŅA" in receipt
    assert "/privacy/mail/" not in receipt, "nothing is left to be confirmed"
    assert by_mail.email == "ilze@example.org", "the answer goes where the signer is known"


@pytest.mark.tenant("ilearn")
def test_each_bad_file_has_its_answer_and_the_case_stands_open(
    tenant: Tenant, trusted: Authority, ilze: Holder, standing: Path
) -> None:
    known()
    gone = trusted.certify("ILZE", "BĒRZIŅA")
    trusted.publish(standing, crl=trusted.revoked(gone, at=AT - A_DAY, now=AT))
    old = trusted.certify("ILZE", "BĒRZIŅA", until=AT - A_DAY)
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    for content, said, is_kept in (
        (b"Please send me a copy.", "There is no electronic signature in the file.", False),
        (ca.plain_pdf(), "There is no electronic signature in the file.", False),
        (ca.signed_container(gone), "The certificate of the signature was revoked.", True),
        (ca.signed_container(old), "The certificate was not valid", True),
        (ca.signed_container(Authority().certify("ILZE", "BĒRZIŅA")), "not trusted here", True),
        (ca.signed_container(trusted.certify("JANIS", "BĒRZIŅŠ")), "could not be connected", True),
        (ca.container({"zeros": bytes(50 * 2**20)}), "unpacks to far more than we open", False),
        (ca.container(signatures=[entity]), "wants to read other files", False),
        (ca.signed_container(ilze)[:300], "The file cannot be read.", False),
    ):
        cache.clear()
        asked, page = upload(browser(tenant), content)
        told = text(browser(tenant), page)
        assert said in told
        assert ("It was not kept." in told) is not is_kept
        assert "identity not confirmed" in told
        assert "A copy, please." in asked.words
        assert (asked.step, asked.person.name) == ("identity", "")
    count = RightsRequest.objects.count()
    large = SimpleUploadedFile("large.pdf", b"%PDF-" + bytes(25 * 2**20))
    told_large = {"kind": "access", "email": "ilze@example.org", "words": "Mine.", "file": large}
    answer = browser(tenant).post(SIGNED, told_large)
    assert answer.status_code == 422
    assert "larger than 25 MB" in answer.content.decode()
    assert "Mine." in answer.content.decode(), "what was written is not lost"
    assert RightsRequest.objects.count() == count

    scan = letter("ilze@example.org", "Mani dati", "Lūdzu manu personas datu kopiju.")
    hand_over(scan, "info@ilearn.lv")
    assert "confirm your request here" in latest_mail("ilze@example.org").text


@pytest.mark.tenant("ilearn")
def test_nobody_learns_who_is_known_and_a_namesake_is_somebody_else(
    tenant: Tenant, trusted: Authority, ilze: Holder
) -> None:
    person = known()
    born = known("born@example.org", date(1990, 1, 1))
    visitor = browser(tenant)
    other = ca.signed_container(trusted.certify("JANIS", "OZOLS"))
    pages = []
    for email in ("ilze@example.org", "nobody@example.org"):
        _asked, page = upload(visitor, other, email)
        pages.append(text(visitor, page).split("</table>")[0].split("<table")[1])
    assert pages[0] == pages[1]

    asked, _page = upload(visitor, ca.signed_container(ilze))
    assert asked.person == person
    namesake = trusted.certify("ILZE", "BĒRZIŅA", "PNOLV-320000-99999")
    asked, _page = upload(visitor, ca.signed_container(namesake))
    assert asked.proof == "", "another code than before is another person"
    elder = trusted.certify("ILZE", "BĒRZIŅA", "PNOLV-010150-10000")
    asked, _page = upload(visitor, ca.signed_container(elder), born.email)
    assert asked.proof == "", "the code tells another birthday"

    who, account = browser(tenant), customer("anna@example.org")
    Person.objects.filter(pk=account.person_id).update(given_name="Anna", family_name="Liepa")
    assert log_in(who, "anna@example.org")
    mine = ask(who, "information")
    foreign = {"file": SimpleUploadedFile("mine.asice", ca.signed_container(ilze))}
    assert who.post(f"{OWN}{mine.pk}/signatures/", foreign).status_code == 302
    assert "identity not confirmed" in text(who, f"{OWN}{mine.pk}/")
    assert who.post(f"{OWN}{asked.pk}/signatures/", foreign).status_code == 404
    kept = StoredFile.objects.filter(kind="rights.signed").count()
    RightsRequest.objects.all().delete()
    assert kept
    assert not StoredFile.objects.filter(kind="rights.signed").exists()


@pytest.mark.tenant("learnifier")
def test_where_the_policy_takes_no_signature_there_is_no_page(tenant: Tenant) -> None:
    assert browser(tenant).get(SIGNED).status_code == 404
    assert SIGNED not in text(browser(tenant), "/privacy/mine/")
