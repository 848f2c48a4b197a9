"""A correction goes where the data went: papers in an old name, recipients; and what an erasure
leaves of somebody who learned here."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from skola.ground.audit.models import Entry
from skola.ground.people.models import Mail, Person
from skola.ground.tenants.models import Tenant
from skola.promises.consents.models import Consent
from skola.promises.disclosures.models import Telling
from skola.services.billing.models import Invoice
from skola.services.billing.tests import make as billing
from skola.services.campaigns.tests.make import agree
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from skola.services.documents.models import Document
from skola.services.documents.tests import make as documents
from tests.promises.asking import DESK, OWN, ask, decide, text
from tests.promises.disclosing import Office
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import PASSWORD, browser, customer, signed_in, staff

pytestmark = [pytest.mark.tenant("kic"), pytest.mark.usefixtures("standing")]


@keeps("kic-rights-rectify")
def test_a_corrected_surname_is_in_the_record_offered_on_documents_and_told_to_recipients(
    tenant: Tenant,
) -> None:
    """Each who was given the name is told old and new; who was given nothing learns nothing."""
    ilze = customer().person
    old = documents.document(ilze)
    other = documents.document(customer("anna@example.org").person)
    mine, officer = signed_in(tenant, "ilze@example.org"), staff("officer")
    office = Office(signed_in(tenant, officer.email))
    got = office.party("recipient.by-consent", "SIA First", email="first@recipient.example")
    office.party("recipient.by-consent", "SIA Other", email="other@recipient.example")
    place = "/account/privacy/sharing/"
    assert mine.post(f"{place}{got.pk}/consents/").status_code == 302
    assert office.pass_on(got, ilze, ground="consent").status_code == 200

    asked = ask(mine, "rectification", words="I am Kalniņa-Ozola since I married.")
    assert "Now: Kalniņa." in text(office.who, f"{DESK}{asked.pk}/")
    assert decide(office.who, asked, "granted", family_name="Kalniņa-Ozola") == 302

    ilze.refresh_from_db()
    assert (ilze.given_name, ilze.family_name) == ("Ilze", "Kalniņa-Ozola")
    change = ilze.profile_changes.get()
    assert (change.field, change.before, change.ground) == ("family_name", "Kalniņa", asked.label)
    (task,) = Telling.objects.all()
    assert (task.party, task.what, task.case) == (got, "rectification", asked.pk)
    letter = Mail.objects.get(address="first@recipient.example").text
    quoted = re.findall("[„“]([^”“]+)[”“]", letter)  # however the tenant's language quotes
    assert quoted[:2] == ["Kalniņa", "Kalniņa-Ozola"]
    assert not Mail.objects.filter(address="other@recipient.example").exists()
    assert "We looked at it." in text(mine, f"{OWN}{asked.pk}/")

    coordinator = signed_in(tenant, staff("coordinator").email)
    assert "1 document is in a name that was corrected" in text(coordinator, "/")
    register = text(coordinator, reverse("documents:register"))
    waiting = register.partition("To be issued anew")[2].partition("</table>")[0]
    assert old.label in waiting
    assert other.label not in waiting
    assert "The office decides" in text(mine, reverse("documents:own"))
    place = reverse("documents:reissues", args=[old.pk])
    assert coordinator.post(place).status_code == 302
    assert coordinator.post(place).status_code == 409  # twice makes no second one
    made = Document.objects.get(person=ilze, annulled_at=None)
    assert (made.holder, made.replaces, made.kind) == ("Ilze Kalniņa-Ozola", old, "certificate")
    told = {"number": old.label, "code": old.code}
    assert "annulled" in browser(tenant).get(reverse("documents:check"), told).content.decode()
    assert "was corrected" not in text(coordinator, "/")
    assert Entry.objects.filter(kind="documents.reissue.offered").count() == 1


def test_a_document_is_left_in_its_name_and_no_other_is_offered(tenant: Tenant) -> None:
    """Nothing is offered where the name on it is right, and a refusal changes no name."""
    ilze = customer().person
    held = documents.document(ilze)
    mine = signed_in(tenant, "ilze@example.org")
    officer = signed_in(tenant, staff("officer").email)
    coordinator = signed_in(tenant, staff("coordinator").email)
    page = reverse("documents:document", args=[held.pk])

    refused = ask(mine, "rectification")
    assert decide(officer, refused, "refused", ground="identity", family_name="Ozola") == 302
    phone = ask(mine, "rectification")
    assert decide(officer, phone, "granted", phone="+371 20000000") == 302
    assert "The name was corrected" not in text(coordinator, page)
    assert coordinator.post(reverse("documents:reissues", args=[held.pk])).status_code == 409

    name = ask(mine, "rectification")
    assert decide(officer, name, "granted", given_name="Ilzīte") == 302
    assert "The name was corrected" in text(coordinator, page)
    assert coordinator.post(reverse("documents:keepings", args=[held.pk])).status_code == 302
    assert "The name was corrected" not in text(coordinator, page)
    assert Document.objects.get(person=ilze).annulled_at is None
    person = Person.objects.get(pk=ilze.pk)
    assert (person.given_name, person.family_name) == ("Ilzīte", "Kalniņa")


@keeps("kic-rights-erase")
def test_of_a_past_learner_marketing_and_enquiries_go_and_legal_records_stay_until_their_day(
    tenant: Tenant,
) -> None:
    """The answer to the request lists what went and what stays, why and until when."""
    account = customer()
    ilze = account.person
    agree(ilze, "marketing.own", at=AT - timedelta(days=700))
    billing.invoice(ilze)
    courses.enrolment(courses.course(), ilze, done=2)
    desk.enquiry(person=ilze, at=AT - timedelta(days=300))
    desk.enquiry(person=customer("anna@example.org").person)
    mine, officer = signed_in(tenant, account.email), signed_in(tenant, staff("officer").email)

    asked = ask(mine, "erasure", words="I learned here two years ago. Delete what you need not.")
    place = f"{DESK}{asked.pk}/erasures/"
    assert "Requests and questions" in text(officer, place)
    again = officer.post(place, {"understood": "on"})
    assert officer.post(again["Location"], {"password": PASSWORD}).status_code == 302

    assert not Consent.objects.filter(person_id=ilze.pk).exists()
    assert Enquiry.objects.exclude(person=None).get().person.email == "anna@example.org"
    assert not Enrolment.objects.exists()
    assert Invoice.objects.get().person_id == ilze.pk
    answer = Mail.objects.filter(address=account.email).latest("created_at").text
    went, _, stays = answer.partition("Kept, because we must")
    assert "Requests and questions: 1" in went.partition("Erased:")[2]
    assert "Consents and withdrawals: 1" in went
    assert "Invoices and payments" in stays
    assert "Accounting Act of Latvia" in stays
    assert "2031" in stays
    assert "Invoices" not in went
