"""Checking a file: which kind it is, whether each signature fits, and who is trusted."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from skola.ground.signatures import containers, pdfs
from skola.ground.signatures.rules import LARGEST, Checked, FileError, Verdict, together
from skola.ground.signatures.signed import Signed
from skola.ground.signatures.trust import Trust, judge, trust_in
from skola.ground.tenants.api import Tenant, current_id


def trusted_here() -> Trust:
    """Return whom the speaking tenant trusts."""
    slug = Tenant.objects.values_list("slug", flat=True).get(pk=current_id())
    return trust_in(
        settings.TRUST / "all", settings.TRUST / slug, needs_revocation=settings.TRUST_REVOCATION
    )


def check(content: bytes, *, now: datetime, trust: Trust | None = None) -> Checked:
    """Return what a file is and who signed it. It never raises, whatever the file is."""
    try:
        found = _signatures(content)
    except FileError as problem:
        return Checked(problem.verdict)
    judged = [judge(one, trust or trusted_here(), now=now) for one in found]
    verdict = together(one.verdict for one in judged)
    if verdict is not Verdict.VALID:
        return Checked(verdict)
    good = [one for one in judged if one.verdict is Verdict.VALID]
    return Checked(verdict, tuple(one.signer for one in good), good[0].signed_at)


def _signatures(content: bytes) -> Sequence[Signed]:
    if len(content) > LARGEST:
        raise FileError(Verdict.HARMFUL)
    if content.startswith(b"%PDF-"):
        return pdfs.signatures_of(content)
    if content.startswith(b"PK\x03\x04"):
        return containers.signatures_of(content)
    raise FileError(Verdict.UNSIGNED)


def may_be_signed(content: bytes) -> bool:
    """Whether a file is of a kind that holds signatures: a container or a PDF."""
    return content.startswith((b"%PDF-", b"PK\x03\x04"))
