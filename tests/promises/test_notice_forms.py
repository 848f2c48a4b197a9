"""What stands beside a form when data go abroad, and what sending it does not mean."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.services.desk.models import Enquiry
from tests.promises.keeping import keeps

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EN = {"Accept-Language": "en"}


@keeps("ema-6.1-consent")
@pytest.mark.tenant("ema")
def test_sending_a_form_is_no_consent_to_a_transfer_and_the_form_leads_to_the_list(
    client: Client,
) -> None:
    with clock.standing_at(NOW):
        form = client.get("/desk/", headers=EN).content.decode()
    notice = form.split('class="at-collection"')[1].split("</aside>")[0]
    assert "may leave the European Economic Area" in notice
    assert 'href="/privacy/recipients/#transfers"' in notice
    listed = client.get("/privacy/recipients/?language=en", headers=EN).content.decode()
    transfers = unescape(listed.split('id="transfers"')[1])
    assert "standard contractual clauses" in transfers or "adequacy decision" in transfers
    assert "explicit consent" not in transfers

    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*value="([^"]*)"', form))
    topics = re.findall(r'name="topic" value="([a-z-]+)"', form) or re.findall(
        r'<option value="([a-z-]+)"', form
    )
    sent = {
        **hidden,
        "topic": topics[0],
        "body": "Does the licence hold for a class?",
        "given_name": "Rasa",
        "family_name": "Jonaitė",
        "email": "rasa@example.org",
    }
    with clock.standing_at(NOW + timedelta(minutes=1)):
        assert client.post("/desk/", sent).status_code == 302
    assert Enquiry.objects.count() == 1
    acts = set(Entry.objects.values_list("kind", flat=True))
    assert acts
    assert not [kind for kind in acts if "consent" in kind or "transfer" in kind]
    person = Enquiry.objects.get().person
    assert not [name for name in vars(person) if "consent" in name or "transfer" in name]
