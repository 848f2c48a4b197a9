"""What becomes of files, good and bad, by an authority that the test makes."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from skola.ground.signatures.api import LARGEST, Trust, Verdict, check, is_person, trust_in
from skola.ground.signatures.rules import Signer, born_on
from skola.ground.signatures.tests import authority as ca
from skola.ground.signatures.tests.authority import DOCUMENTS, Authority, Holder

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def trusted() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def ilze(trusted: Authority) -> Holder:
    return trusted.certify("ILZE", "BĒRZIŅA")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return ca.plain_pdf()


@pytest.fixture
def trust(trusted: Authority, tmp_path: Path) -> Trust:
    trusted.publish(tmp_path, crl=trusted.revoked(at=NOW, now=NOW))
    return trust_in(tmp_path)


def verdict(content: bytes, trust: Trust, now: datetime = NOW) -> Verdict:
    return check(content, trust=trust, now=now).verdict


def test_a_container_and_a_pdf_say_who_signed_them(
    trusted: Authority, ilze: Holder, trust: Trust, pdf: bytes
) -> None:
    at = NOW - A_DAY
    for stamper in (None, trusted.stamper(at)):
        for content in (
            ca.signed_container(ilze, stamper=stamper),
            ca.signed_pdf(ilze, pdf, stamper=stamper),
        ):
            found = check(content, trust=trust, now=NOW)
            assert found.verdict == Verdict.VALID
            assert found.signers == (
                Signer("ILZE", "BĒRZIŅA", "PNOLV-320000-12345", "Example Qualified CA"),
            )
            assert found.signed_at == (at if stamper else None)


def test_whoever_is_not_trusted_or_no_longer_is_not_taken(
    trusted: Authority, ilze: Holder, trust: Trust, tmp_path: Path, pdf: bytes
) -> None:
    old = trusted.certify("ILZE", "BĒRZIŅA", until=NOW - A_DAY)
    simple = trusted.certify("ILZE", "BĒRZIŅA", qualified=False)
    foreign = Authority("Example Qualified CA").certify("ILZE", "BĒRZIŅA")
    for holder, said in (
        (old, Verdict.EXPIRED),
        (simple, Verdict.UNFIT),
        (foreign, Verdict.FOREIGN),
    ):
        assert verdict(ca.signed_container(holder), trust) == said
        assert verdict(ca.signed_pdf(holder, pdf), trust) == said
    before = trusted.stamper(NOW - 2 * A_DAY)
    assert verdict(ca.signed_container(old, stamper=before), trust) == Verdict.VALID
    assert verdict(ca.signed_pdf(old, pdf, stamper=before), trust) == Verdict.VALID
    unknown = Authority("Unknown TSA").stamper(NOW - 2 * A_DAY)
    assert verdict(ca.signed_container(old, stamper=unknown), trust) == Verdict.EXPIRED

    trusted.publish(tmp_path, crl=trusted.revoked(ilze, at=NOW - A_DAY, now=NOW))
    revoking = trust_in(tmp_path)
    assert verdict(ca.signed_container(ilze), revoking) == Verdict.REVOKED
    assert verdict(ca.signed_pdf(ilze, pdf), revoking) == Verdict.REVOKED
    assert verdict(ca.signed_container(ilze, stamper=before), revoking) == Verdict.VALID
    after = trusted.stamper(NOW - A_DAY / 2)
    assert verdict(ca.signed_container(ilze, stamper=after), revoking) == Verdict.REVOKED

    (tmp_path / "authority.crl").unlink()
    assert verdict(ca.signed_container(ilze), trust_in(tmp_path)) == Verdict.UNCERTAIN
    lenient = trust_in(tmp_path, needs_revocation=False)
    assert verdict(ca.signed_container(ilze), lenient) == Verdict.VALID
    assert verdict(ca.signed_container(ilze), Trust()) == Verdict.FOREIGN


def test_what_was_changed_after_signing_is_broken(ilze: Holder, trust: Trust, pdf: bytes) -> None:
    good = ca.signature(ilze, DOCUMENTS)
    other = {"request.txt": b"Delete everything."}
    added = {**DOCUMENTS, "more.txt": b"And this, too."}
    value = good.index(b"<ds:SignatureValue")
    start = good.index(b">", value) + 1
    forged = good[:start] + bytes([good[start] ^ 3]) + good[start + 1 :]
    later = good.replace(b"2026-03-01T09:00:00Z", b"2026-03-02T08:00:00Z")
    two = ca.signature(ilze, other)
    for documents, signatures in (
        (other, [good]),
        (added, [good]),
        (DOCUMENTS, [forged]),
        (DOCUMENTS, [later]),
        (DOCUMENTS, [good, two]),
        ({}, [ca.signature(ilze, {})]),
    ):
        assert verdict(ca.container(documents, signatures), trust) == Verdict.BROKEN
    signed = ca.signed_pdf(ilze, pdf)
    place = signed.index(b"stream") + 20
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert verdict(changed, trust) in (Verdict.BROKEN, Verdict.UNREADABLE)


def test_what_is_no_signed_file_or_means_harm_is_told_apart(
    ilze: Holder, trust: Trust, pdf: bytes
) -> None:
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    good = ca.signature(ilze, DOCUMENTS).partition(b"?>")
    laughs = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("a.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "two")
    for content, said in (
        (b"", Verdict.UNSIGNED),
        (b"Please delete my data.", Verdict.UNSIGNED),
        (pdf, Verdict.UNSIGNED),
        (ca.container(), Verdict.UNSIGNED),
        (ca.container({"zeros": bytes(90 * 2**20)}), Verdict.HARMFUL),
        (ca.container({f"{one}": b"" for one in range(300)}), Verdict.HARMFUL),
        (ca.container(signatures=[entity + good[2]]), Verdict.HARMFUL),
        (ca.container(signatures=[laughs]), Verdict.HARMFUL),
        (ca.container(signatures=[b"<unclosed"]), Verdict.UNREADABLE),
        (ca.container()[:60], Verdict.UNREADABLE),
        (twice.getvalue(), Verdict.UNREADABLE),
        (b"%PDF-1.7 and no more", Verdict.UNREADABLE),
        (b"%PDF-" + bytes(LARGEST), Verdict.HARMFUL),
    ):
        assert verdict(content, trust) == said, content[:80]


def test_whatever_a_file_is_made_of_it_has_a_verdict(
    ilze: Holder, trust: Trust, pdf: bytes
) -> None:
    chance = Random(29)
    for whole in (ca.signed_container(ilze), ca.signed_pdf(ilze, pdf)):
        for _try in range(60):
            changed = bytearray(whole)
            for _byte in range(chance.choice((1, 8, 200))):
                changed[chance.randrange(8, len(changed))] = chance.randrange(256)
            found = check(
                bytes(changed[: chance.choice((len(changed), 900))]), trust=trust, now=NOW
            )
            assert isinstance(found.verdict, Verdict)


def test_a_signer_is_a_person_by_name_and_by_the_birthday_that_the_code_tells() -> None:
    assert born_on("PNOLV-010190-12345") == date(1990, 1, 1)
    assert born_on("PNOLV-320000-12345") is None
    assert born_on("PNOEE-49403136515") == date(1994, 3, 13)
    assert born_on("PNOLT-38912316515") == date(1989, 12, 31)
    assert born_on("PNOLV-999999-12345") is None
    ilze = Signer("ILZE", "BĒRZIŅA-KALNA", "PNOLV-010190-12345")
    assert is_person(ilze, "Ilze Bērziņa Kalna", None)
    assert is_person(ilze, "Ilze Bērziņa-Kalna", date(1990, 1, 1))
    assert not is_person(ilze, "Ilze Bērziņa-Kalna", date(1991, 1, 1))
    assert not is_person(ilze, "Ilze Berzina-Kalna", None)
    assert not is_person(Signer("", ""), "", None)
