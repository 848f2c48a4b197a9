"""Records signed with certificates: one PDF, two signatures, and what is refused."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground.files.api import open_file
from skola.ground.files.models import StoredFile
from skola.ground.people.models import Person
from skola.ground.people.tests.make import account
from skola.ground.signatures import api as signatures
from skola.ground.signatures.local import LocalAuthority
from skola.ground.signatures.tests.authority import Authority, Holder
from skola.services.briefings import actions, certified, queries
from skola.services.briefings.evidence import VERIFIER, as_json, evidence_of
from skola.services.briefings.models import Record, Signature
from skola.services.briefings.rules.signing import Refusal, Side, Way, refusal
from skola.services.briefings.sealing import public_key
from skola.services.briefings.tests import make
from skola.services.briefings.tests.test_signing import proven
from skola.services.workforce.tests.test_views import text_of

__all__ = ["proven"]

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ema")]


@pytest.fixture(autouse=True)
def local(settings: Any) -> None:
    settings.SIGNING = "local"


class Elsewhere:
    """A provider as there are outside: certificates of its authority, judged by the tenant."""

    title, question, is_test = "Provider", "Personal code", False

    def __init__(self, holder: Holder | None, *, fails: str = "") -> None:
        self.holder, self.fails = holder, fails

    def credential(self, who: signatures.Who, *, now: datetime) -> signatures.Credential:
        if self.holder is None:
            raise signatures.ProviderError(signatures.NotProvided.UNKNOWN)
        return signatures.Credential(self.holder.der)

    def sign(self, credential: signatures.Credential, data: bytes, *, now: datetime) -> bytes:
        if self.fails:
            raise signatures.ProviderError(signatures.NotProvided(self.fails))
        assert self.holder is not None
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        assert isinstance(self.holder.key, ec.EllipticCurvePrivateKey)
        return self.holder.key.sign(data, ec.ECDSA(hashes.SHA256()))

    def stamper(self, *, now: datetime) -> None:
        return None

    def trust(self, *, now: datetime) -> None:
        return None


def verified(folder: Path, evidence: str, authorities: bytes = b"") -> tuple[int, str]:
    """Run the program alone, in a folder of its own, without Skola on its path."""
    (folder / "verify.py").write_text(VERIFIER.read_text())
    (folder / "e.json").write_text(evidence)
    (folder / "key").write_text(public_key())
    (folder / "a.pem").write_bytes(authorities)
    told = ["verify.py", "e.json", "key", *(["a.pem"] if authorities else [])]
    done = subprocess.run(
        [sys.executable, "-I", *told], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.keeps("ema-2.1.8")
def test_both_sides_sign_one_pdf_and_anybody_verifies_it_without_the_service(
    client: Client, proven: Callable[..., None], tmp_path: Path
) -> None:
    where = make.works(agreed=False)
    proven(where.employee.person)
    page = client.post(reverse("briefings:task", args=[where.task.pk]), make.RIGHT)
    assert "Its certificates prove nothing" in text_of(client.get(page["Location"]))
    assert client.post(page["Location"], {"sure": "on"}).status_code == 302
    proven(where.instructor.person)
    signing = reverse("briefings:signing", args=[where.company.pk])
    assert "with a certificate" in text_of(client.get(signing))
    done = client.post(signing, {"task": [str(where.task.pk)], "way": "simple"})
    assert done.status_code == 302, "whom the other side signed with a certificate is signed so"

    record = queries.records().get()
    assert (record.way, queries.shown(record, make.TODAY).state) == ("pades", "whole")
    assert where.task.done_on == make.TODAY
    proven(where.manager)
    told = client.get(reverse("briefings:signed-record", args=[where.employee.pk, record.pk]))
    content = told.content
    trust = LocalAuthority(_folder()).trust(now=make.A_DAY)
    checked = signatures.check(content, now=make.A_DAY, trust=trust)
    assert [one.name for one in checked.signers] == ["Rasa Jonaitė1", "Rasa Jonaitė2"]
    first, second = (one.document for one in record.signatures.all())
    assert first is not None
    assert second is not None
    with open_file(first) as half:
        assert content.startswith(half.read()), "the second side signed what the first had signed"

    url = reverse("briefings:evidence-file", args=[where.employee.pk, "json"])
    evidence = client.get(url).content.decode()
    authorities = client.get(reverse("briefings:authorities")).content
    code, said = verified(tmp_path, evidence, authorities)
    assert code == 0, said
    assert "Rasa Jonaitė2 (instructor) signed the PDF by certificate of Test authority" in said
    assert "with a time stamp" in said
    code, said = verified(tmp_path, evidence)
    assert (code, "say whom you trust" in said) == (1, True)
    other = Authority().holder.certificate
    from cryptography.hazmat.primitives.serialization import Encoding

    code, said = verified(tmp_path, evidence, other.public_bytes(Encoding.PEM))
    assert (code, "proves nothing" in said) == (1, True)

    client.force_login(account().person.account)
    assert client.get(
        reverse("briefings:signed-record", args=[where.employee.pk, record.pk])
    ).status_code in (302, 404)


def _folder() -> Path:
    held = signatures.provider()
    assert isinstance(held, LocalAuthority)
    return held.folder


def test_an_altered_pdf_is_no_evidence(tmp_path: Path) -> None:
    where = make.works(agreed=False)
    record = make.sign_with_certificates(where)
    evidence = json.loads(as_json(evidence_of(where.employee, now=make.A_DAY)))
    from base64 import b64decode, b64encode

    held = evidence["evidence"]["records"][0]
    altered = b64decode(held["document"]).replace(b"/Title", b"/Tytle", 1)
    held["document"] = b64encode(altered).decode()
    code, said = verified(tmp_path, json.dumps(evidence), signatures.authorities(now=make.A_DAY))
    assert (code, "altered" in said) == (1, True)

    half = Signature.objects.filter(record=record)[0]
    assert half.document_id is not None
    StoredFile.objects.filter(pk=half.document_id).update(sha256="0" * 64)
    assert queries.shown(queries.records().get(), make.TODAY).state == "altered"


def holder(of: Person, authority: Authority, **told: Any) -> Holder:
    return authority.certify(of.given_name, of.family_name, **told)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("expired", Refusal.EXPIRED),
        ("revoked", Refusal.REVOKED),
        ("foreign", Refusal.FOREIGN),
        ("simple", Refusal.UNFIT),
        ("unlisted", Refusal.UNCERTAIN),
        ("another", Refusal.SOMEBODY_ELSE),
        ("unknown", Refusal.UNKNOWN),
        ("refused", Refusal.NOT_CONFIRMED),
        ("unreachable", Refusal.UNREACHABLE),
        ("good", None),
    ],
)
def test_what_is_no_good_certificate_signs_nothing_and_leaves_nothing(
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    kind: str,
    wanted: Refusal | None,
) -> None:
    where = make.works(agreed=False)
    person, authority, settings.TRUST = where.employee.person, Authority(), tmp_path
    told: dict[str, Any] = {"qualified": kind != "simple"}
    if kind == "expired":
        told["until"] = datetime(2026, 1, 1, tzinfo=UTC)
    held = holder(person, authority, **told)
    if kind == "another":
        held = authority.certify("Ona", "Petraitė")
    gone = [held] if kind == "revoked" else []
    crl = authority.revoked(*gone, at=make.A_DAY - timedelta(days=1), now=make.A_DAY)
    trusted = Authority("Another") if kind == "foreign" else authority
    trusted.publish(tmp_path / "all", crl=b"" if kind == "unlisted" else crl)
    fails = kind if kind in ("refused", "unreachable") else ""
    provider = Elsewhere(None if kind == "unknown" else held, fails=fails)
    monkeypatch.setattr(signatures, "provider", lambda: provider)
    files = StoredFile.objects.count()

    if wanted is None:
        assert make.sign_with_certificates(where, Side.INSTRUCTED).way == "pades"
        return
    with pytest.raises(actions.CannotSignError) as refused:
        make.sign_with_certificates(where, Side.INSTRUCTED)
    assert refused.value.refusal is wanted
    assert (Record.objects.count(), Signature.objects.count()) == (0, 0)
    assert StoredFile.objects.count() == files
    assert queries.records().count() == 0


def test_both_sides_sign_in_one_way_on_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    where = make.works()
    make.sign(where, Side.INSTRUCTED)
    with pytest.raises(actions.CannotSignError) as mixed:
        make.sign_with_certificates(where, Side.INSTRUCTOR)
    assert mixed.value.refusal is Refusal.OTHER_WAY

    late = make.A_DAY + timedelta(days=1)
    first = make.sign_with_certificates(where, Side.INSTRUCTED, at=late)
    second = make.sign_with_certificates(where, Side.INSTRUCTOR, at=late + timedelta(days=1))
    assert (first.number, second.number) == (2, 3)
    assert where.task.done_on is None

    edition = queries.newest_edition(where.training)
    assert edition is not None
    told = actions.Signing(where.task, edition, Side.INSTRUCTED, where.employee.person, None)
    record = actions.todays(told, second.day)
    again = certified.sign(
        told.task,
        edition,
        told.side,
        told.signer,
        record=record,
        answer="",
        today=second.day,
        now=second.opened_at,
    )
    with pytest.raises(actions.CannotSignError) as late_half:
        actions.sign(
            told,
            zone=make.VILNIUS,
            by="x",
            now=second.opened_at,
            signed=replace(again, before="of another"),
        )
    assert late_half.value.refusal is Refusal.MEANWHILE


def test_a_certificate_needs_no_agreement_and_a_simple_signature_does() -> None:
    common: dict[str, Any] = {"signed": [], "is_instructed": True, "is_newest": True}
    for way, wanted in ((Way.SIMPLE, Refusal.NO_AGREEMENT), (Way.PADES, Refusal.NONE)):
        assert refusal(Side.INSTRUCTED, has_agreement=False, way=way, **common) is wanted


def test_without_a_provider_there_is_no_such_way(settings: Any) -> None:
    settings.SIGNING = ""
    with pytest.raises(actions.CannotSignError) as refused:
        make.sign_with_certificates(make.works(), Side.INSTRUCTED)
    assert refused.value.refusal is Refusal.NO_PROVIDER
