"""Answers on paper: printed, posted with their number, received or back, as the policy says."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.tenants.models import Tenant
from skola.promises.rights.models import RightsRequest
from skola.promises.rights.requests.rules import is_misread
from tests.promises.asking import DESK, decide, do, note, text
from tests.promises.editing import Folder
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, signed_in

QUEUE = f"{DESK}letters/"
A_DAY = timedelta(days=1)
NUMBER = "RR123456785LV"

pytestmark = pytest.mark.usefixtures("standing")


def decided(officer: Client, **told: str) -> RightsRequest:
    """A request that came by post, proven and decided; its answer waits to be posted."""
    asked = note(officer, "rectification", given_name="Ilze", family_name="Ozola", **told)
    assert do(officer, asked, "proofs", proof="document", document="passport") == 302
    assert decide(officer, asked, "granted", reasons="It is corrected now.") == 302
    asked.refresh_from_db()
    return asked


def answer_of(asked: RightsRequest) -> str:
    return str(asked.messages.filter(kind="answer").latest("said_at").pk)


def kinds(asked: RightsRequest) -> list[str]:
    found = Entry.objects.filter(target__endswith=str(asked.pk), kind__contains="request.letter-")
    return [kind.rpartition("-")[2] for kind in found.order_by("at").values_list("kind", flat=True)]


@keeps("ilearn-24.e")
@pytest.mark.tenant("ilearn")
def test_a_registered_letter_is_printed_posted_and_followed_until_it_arrives(
    tenant: Tenant, officer: Client
) -> None:
    account = customer()
    asked = decided(officer, known_as=account.email)
    other = decided(officer)
    RightsRequest.objects.filter(pk=other.pk).update(address="")
    answer, receipt = answer_of(asked), str(asked.messages.get(kind="receipt").pk)

    page = text(officer, QUEUE)
    assert "Ilze Ozola" in page
    assert "no address" in page
    assert officer.post(f"{QUEUE}prints/").status_code == 409, "nothing was ticked"
    refused = officer.post(f"{QUEUE}prints/", {"letter": [answer, answer_of(other)]})
    assert (refused.status_code, other.label in refused.content.decode()) == (409, True)
    printed = officer.post(f"{QUEUE}prints/", {"letter": [answer, receipt]})
    assert printed["Content-Type"] == "application/pdf"
    assert PdfFileReader(BytesIO(printed.content)).root["/Pages"]["/Count"] == 2
    assert kinds(asked) == ["printed", "printed"]
    assert "printed" in text(officer, QUEUE)

    posting = f"letters/{answer}/postings"
    with clock.standing_at(AT + 2 * A_DAY):
        misread = do(officer, asked, posting, tracking="RR123456784LV")
        too_early = do(officer, asked, posting, tracking=NUMBER, day=f"{AT - 5 * A_DAY:%Y-%m-%d}")
        too_late = do(officer, asked, posting, tracking=NUMBER, day=f"{AT + 9 * A_DAY:%Y-%m-%d}")
        assert (misread, too_early, too_late) == (422, 409, 422)
        assert asked.messages.get(pk=answer).sent_at is None
        told = {"tracking": "rr 123456785 lv", "day": f"{AT + A_DAY:%Y-%m-%d}", "at": "queue"}
        assert do(officer, asked, posting, **told) == 302
        asked.refresh_from_db()
        assert asked.closed_at is not None
        assert asked.closed_at.date() == (AT + A_DAY).date()
        page = text(officer, QUEUE)
        assert NUMBER in page.split("On their way")[1]

    fates, again = f"letters/{answer}/fates", f"letters/{answer}/again"
    with clock.standing_at(AT + 9 * A_DAY):
        assert do(officer, asked, again, address="Elsewhere 2") == 409, "it did not come back"
        assert do(officer, asked, fates, fate="returned", day=f"{AT:%Y-%m-%d}") == 409
        assert do(officer, asked, fates, fate="returned", day=f"{AT + 8 * A_DAY:%Y-%m-%d}") == 302
        assert "It came back on" in text(officer, f"{DESK}{asked.pk}/")
        assert do(officer, asked, again, address="Jaunā iela 2, Ogre") == 302
        assert do(officer, asked, again, address="Jaunā iela 2, Ogre") == 409, "it waits already"
        assert "Jaunā iela 2, Ogre" in text(officer, QUEUE)
    anew = answer_of(asked)
    with clock.standing_at(AT + 10 * A_DAY):
        assert do(officer, asked, f"letters/{anew}/postings", tracking="RR473124829DE") == 302
    with clock.standing_at(AT + 14 * A_DAY):
        assert do(officer, asked, f"letters/{anew}/fates", fate="received") == 302
        assert "received" in text(officer, f"{DESK}{asked.pk}/")
        own = text(signed_in(tenant, account.email), f"/account/requests/{asked.pk}/")
    assert "RR473124829DE, received" in own
    expected = ["printed", "printed", "sent", "returned", "again", "sent", "received"]
    assert kinds(asked) == expected


@pytest.mark.tenant("ilearn")
def test_the_queue_says_by_when_the_policy_wants_a_letter_posted(officer: Client) -> None:
    asked = decided(officer)
    with clock.standing_at(AT + 20 * A_DAY):
        assert not re.search(r"\blate\b", text(officer, QUEUE))
    with clock.standing_at(AT + 40 * A_DAY):
        page = text(officer, QUEUE)
        assert re.search(r"\blate\b", page)
    assert asked.label in page


@pytest.mark.tenant("ekool")
def test_a_letter_that_the_policy_does_not_call_registered_needs_no_number(
    officer: Client,
) -> None:
    asked = decided(officer)
    page = text(officer, QUEUE)
    assert "registered" not in page
    assert do(officer, asked, f"letters/{answer_of(asked)}/postings") == 302
    asked.refresh_from_db()
    assert asked.closed_at is not None
    assert do(officer, asked, f"letters/{answer_of(asked)}/fates", fate="received") == 409


@pytest.mark.tenant("ilearn")
def test_where_the_policy_names_no_letter_there_is_no_queue(
    officer: Client, folder: Folder
) -> None:
    way = 'reply = ["registered-letter", "account", "as-asked"]'
    draft = folder.version("later", (way, 'reply = ["account"]'), effective=AT, published=AT)
    folder.publish(draft, now=AT)
    with clock.standing_at(AT + A_DAY):
        assert officer.get(QUEUE).status_code == 404
        assert QUEUE not in text(officer, DESK)


def test_the_check_digit_of_a_postal_item_is_read_as_the_post_does() -> None:
    assert not any(is_misread(one) for one in ("RR123456785LV", "RR473124829DE", "K 17/2026", ""))
    assert is_misread("RR123456784LV")
