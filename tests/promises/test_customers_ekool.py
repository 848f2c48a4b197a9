"""Customers of eKool: services under contract, fees by the tariff, and what ends with them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.api import name_guardian, verify_guardianship
from skola.ground.people.models import Account, Mail, Person, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant
from skola.promises.rights.api import RightsRequest
from skola.services.billing.models import Contract, Invoice
from skola.services.billing.tests import make as billing
from skola.services.customers.models import Relation, Service, Subscription
from skola.services.customers.rules import Step
from skola.services.customers.tasks import bill
from skola.services.customers.tests import make as customers
from skola.services.diary.tests import make as diary
from skola.services.school import actions as school_actions
from skola.services.school.models import SCHOOL, Pupil, School
from skola.services.school.tests import make as schools
from skola.web.tasks import close_accounts
from tests.promises.keeping import keeps
from tests.promises.people import PASSWORD, browser, customer, log_in, staff, working

pytestmark = pytest.mark.tenant("ekool")
NOW = schools.A_DAY + timedelta(hours=3)
A_DAY = timedelta(days=1)


def seen_by(tenant: Tenant, person: Person) -> Client:
    """A browser in which somebody is signed in."""
    made = browser(tenant)
    made.force_login(Account.objects.get(person=person))
    return made


def office(tenant: Tenant) -> Client:
    return working(tenant, "finance")


def put_into_catalogue(
    who: Client,
    name: str,
    audience: str,
    *steps: tuple[int, str],
    function: str = "",
    months: int = 12,
) -> Service:
    """The office adds a service, each step from so many pupils on."""
    told = {
        "audience": audience,
        "name": name,
        "about": "What is named.",
        "function": function,
        "months": str(months),
        "currency": "EUR",
        "vat_percent": "24.0",
        "step-TOTAL_FORMS": "4",
        "step-INITIAL_FORMS": "0",
    }
    for number, (pupils, price) in enumerate(steps):
        told |= {f"step-{number}-from_pupils": str(pupils), f"step-{number}-price": price}
    assert who.post(reverse("customers:new"), told).status_code == 302
    return Service.objects.get(name=name)


def text(page: str) -> str:
    """The words of a page, one space between each."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@keeps("ekool-1.3")
def test_the_relation_begins_with_registration_or_first_use_and_ends_with_the_account(
    tenant: Tenant,
) -> None:
    version = "2019-09-01"
    with clock.standing_at(NOW):
        admin = working(tenant)
        told = {"given_name": "Liis", "family_name": "Mets", "language": "en"}
        for kind, email in (("", "liis@example.org"), ("support", "desk@example.org")):
            invited = {**told, "email": email, "kind": kind}
            assert admin.post("/people/new/", invited).status_code == 302
        liis = Account.objects.get(email="liis@example.org")
        earlier = people.account(email="earlier@example.org")
        assert [one.person_id for one in Relation.objects.all()] == [liis.person_id]
    with clock.standing_at(NOW + A_DAY):
        for account, began in (
            (liis, "2 March 2026, registration"),
            (earlier, "3 March 2026, first use"),
        ):
            mine = seen_by(tenant, account.person)
            for _twice in range(2):
                words = text(mine.get(reverse("customers:catalogue")).content.decode())
            for part in ("Relation with us active", f"since {began}", f"version {version}"):
                assert part in words, part
        assert Relation.objects.count() == 2, "whoever works for the service is no customer"
        assert seen_by(tenant, Person.objects.get(email="desk@example.org")).get("/account/")
        closing = {"last_on": "2026-03-04"}
        assert admin.post(f"/people/{liis.person_id}/closings/", closing).status_code == 302
        close_accounts()
        assert Relation.objects.active().count() == 2, "its last day is yet to come"
    with clock.standing_at(NOW + 3 * A_DAY):
        for _twice in range(2):
            close_accounts()
        page = text(admin.get(f"/people/{liis.person_id}/security/").content.decode())
        assert "Relation with us ended Customer since 2 March 2026, registration" in page
        assert "5 March 2026" in page, "with the midnight after its last day"
        assert f"version {version}" in page
    ended = Relation.objects.get(person=liis.person_id)
    assert (ended.version, ended.is_active) == (version, False)
    assert Relation.objects.active().get().person_id == earlier.person_id


@keeps("ekool-1.6")
def test_when_a_family_ends_its_extra_the_function_closes_and_the_diary_stays(
    tenant: Tenant,
) -> None:
    with clock.standing_at(NOW):
        world = diary.world()
        child = world.pupil.person
        mother, father = schools.guardian(child), schools.guardian(child)
        at_home, at_work = seen_by(tenant, mother), seen_by(tenant, father)
        calendar = f"/diary/children/{child.pk}/calendar/"
        pages = [f"/diary/children/{child.pk}/", f"/diary/children/{child.pk}/record/"]
        assert "Make an address" in at_work.get(calendar).content.decode(), "nobody sells it yet"

        sold = put_into_catalogue(
            office(tenant),
            "Calendar for families",
            "family",
            (1, "1.50"),
            function="diary.calendar",
            months=1,
        )
        for who in (at_home, at_work):
            assert "This function is closed" in who.get(calendar).content.decode()
            assert who.post(calendar).status_code == 404
        assert sold.name in at_home.get(reverse("customers:catalogue")).content.decode()
        ordering = reverse("customers:orders", args=[sold.pk])
        assert "1.50" in text(at_home.get(ordering).content.decode())
        assert at_home.post(ordering, {}).status_code == 422, "nobody orders by mistake"
        assert at_home.post(ordering, {"sure": "on"}).status_code == 302
        held = Subscription.objects.get()
        made = at_home.post(calendar).content.decode()
        address = re.search(r"<code[^>]*>http://[^/]+([^<]+)</code>", made)
        assert address
        feed = address[1]
        assert browser(tenant).get(feed).status_code == 200
        assert "This function is closed" in at_work.get(calendar).content.decode(), "each has one"

        # the customer gives notice, thinks better of it, and gives notice again
        mine = reverse("customers:one", args=[held.pk])
        at_home.post(reverse("customers:notices", args=[held.pk]))
        at_home.post(reverse("customers:continuations", args=[held.pk]))
        assert "If you give notice" in text(at_home.get(mine).content.decode())
        at_home.post(reverse("customers:notices", args=[held.pk]))
        assert "ends on 1 Apr 2026" in text(at_home.get(mine).content.decode())

    with clock.standing_at(NOW + 30 * A_DAY):
        bill()
        assert browser(tenant).get(feed).status_code == 200, "its last day is paid"
    with clock.standing_at(NOW + 31 * A_DAY):
        for _before_and_after_the_job in range(2):
            assert browser(tenant).get(feed).status_code == 404
            bill()
        assert "This function is closed" in at_home.get(calendar).content.decode()
        assert at_home.post(calendar).status_code == 404
        assert "ended" in text(at_home.get(mine).content.decode())
        assert {page: at_home.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    contract = Contract.objects.get()
    assert (contract.ending, Invoice.objects.count()) == ("notice", 1)


def school_of(pupils: int) -> tuple[School, Person]:
    """A school of so many pupils, and who runs it."""
    school_class = schools.school_class(pupils=1)
    other = schools.school_class(schools.school("Another school"), pupils=3)
    assert other.pupils.count() == 3
    names = [people.person(given_name=f"Pupil {n}") for n in range(pupils - 1)]
    Pupil.objects.bulk_create(
        Pupil(school_class=school_class, person=one, joined_on=schools.FIRST, created_at=NOW)
        for one in names
    )
    runs = customer("school@example.org").person
    where = school_class.year.school
    Role.objects.create(person=runs, kind="school", scope=SCHOOL, scope_id=where.pk, starts_at=NOW)
    return where, runs


@keeps("ekool-4.2.2-perform")
def test_a_school_of_100_pupils_is_billed_by_the_tariff_and_a_payment_closes_it(
    tenant: Tenant,
) -> None:
    with clock.standing_at(NOW):
        where, runs = school_of(100)
        finance = office(tenant)
        steps = ((1, "3.00"), (100, "2.40"), (101, "1.00"))
        sold = put_into_catalogue(finance, "The diary for schools", "school", *steps)
        at_school = seen_by(tenant, runs)
        ordering = reverse("customers:orders", args=[sold.pk])
        assert "240.00" in text(at_school.get(ordering).content.decode())
        told = {"sure": "on", "school": str(where.pk)}
        assert at_school.post(ordering, told).status_code == 302
        bill()
        issued = Invoice.objects.get()
        page = reverse("billing:invoice", args=[issued.pk])
        words = text(at_school.get(page).content.decode())
        assert (issued.net_cents, issued.vat_cents, issued.total_cents) == (24_000, 5_760, 29_760)
        for part in ("Lepiku Kool", "The diary for schools", "100", "2.40", "297.60", "to pay"):
            assert part in words, part

        paid = {"way": "in", "amount": "297.60", "paid_on": "2026-03-02", "method": "transfer"}
        finance.post(reverse("billing:payments", args=[issued.pk]), paid)
        words = text(at_school.get(page).content.decode())
        assert "paid" in words
        assert "to pay" not in words
        account = text(at_school.get(reverse("billing:statement")).content.decode())
        assert re.search(r"297\.60.*297\.60.*\b0\.00", account), account

    # a year later the school has grown by one, and so the next step of the tariff holds
    with clock.standing_at(NOW + 365 * A_DAY):
        grown = school_actions.begin_year(
            where,
            starts_on=schools.LAST + A_DAY,
            ends_on=schools.LAST + 365 * A_DAY,
            zone=schools.TALLINN,
            by="school",
            now=clock.now(),
        )
        later = school_actions.open_class(grown, name="8.B", grade=8, by="school", now=NOW)
        Pupil.objects.bulk_create(
            Pupil(
                school_class=later,
                person=people.person(given_name=f"Pupil {n}"),
                joined_on=grown.starts_on,
                created_at=NOW,
            )
            for n in range(101)
        )
        for _twice in range(2):
            bill()
    assert list(Invoice.objects.order_by("number").values_list("net_cents", flat=True)) == [
        24_000,
        10_100,
    ]


ERASURE = {"kind": "erasure", "reply_by": "account", "words": "Delete what you have of me."}


@keeps("ekool-7.6")
def test_a_demand_tells_which_contracts_fall_and_staff_end_them_with_a_credit_note(
    tenant: Tenant,
) -> None:
    with clock.standing_at(NOW):
        world = diary.world()
        child, school = world.pupil.person, world.school
        mother = customer("mother@example.org").person
        link = name_guardian(child, mother, powers=("see",), by="school", now=NOW - A_DAY)
        verify_guardianship(link, proof="school", by="school", now=NOW - A_DAY)
        calendar = customers.service("diary.calendar", steps=(Step(1, 36_500),), at=NOW)
        extra = customers.subscription(calendar, mother, at=NOW)
        other = billing.contract(mother, at=NOW)
        of_school = customers.service("", audience="school", at=NOW)
        for_school = customers.subscription(of_school, mother, school=school, at=NOW)
        bill_of_extra = Invoice.objects.get(contract=extra.contract)
        billing.pay(bill_of_extra, bill_of_extra.total_cents, at=NOW)

    with clock.standing_at(NOW + 64 * A_DAY):
        at_home, officer = browser(tenant), browser(tenant)
        assert log_in(at_home, mother.email)
        assert log_in(officer, staff("officer").email)

        # before anything is filed: which contracts and functions cannot go on, and what stays
        told = text(at_home.post("/account/requests/new/", ERASURE).content.decode())
        for what in (calendar.name, "lessons in one's own calendar", "Course on bees"):
            assert re.search(rf"{re.escape(what)}.* cannot go on", unescape(told)), told
        for what in (of_school.name, f"The diary of {school.name}"):
            assert re.search(rf"{re.escape(what)} stays", unescape(told)), told
        assert not RightsRequest.objects.exists()
        asked_once_more = at_home.post("/account/erasure/", {"understood": "on"})["Location"]
        alone = at_home.post(asked_once_more, {"password": PASSWORD})
        assert "cannot go on" in text(alone.content.decode()), "nobody decided about them yet"
        assert Contract.objects.running().count() == 3

        # the demand itself ends nothing
        sent = at_home.post("/account/requests/new/", {**ERASURE, "seen": "yes"})
        assert sent.status_code == 302
        asked = RightsRequest.objects.get()
        assert Contract.objects.running().count() == 3

        desk = officer.get(reverse("requests:desk-one", args=[asked.pk])).content.decode()
        deciding = reverse("customers:demand", args=[asked.pk])
        assert deciding in desk
        assert at_home.get(deciding).status_code == 404, "staff decide"
        erasing = reverse("requests:desk-erasures", args=[asked.pk])
        assert officer.get(erasing).status_code == 409, "not before it is decided"
        decision = {
            "contract": str(extra.contract_id),
            "outcome": "end",
            "reason": "There is nobody to whom the calendar belongs.",
            "message": "We end the calendar with today.",
        }
        for lacks in ("outcome", "reason", "message"):
            bare = {key: value for key, value in decision.items() if key != lacks}
            assert officer.post(deciding, bare).status_code == 422
        assert officer.post(deciding, decision).status_code == 302
        stays = {**decision, "contract": str(other.pk), "outcome": "go-on", "message": "It stays."}
        assert officer.post(deciding, stays).status_code == 302
        third = {**decision, "contract": str(for_school.contract_id)}
        assert officer.post(deciding, third).status_code == 422, "the school's is not theirs to end"
        page = text(officer.get(deciding).content.decode())
        assert "There is nobody to whom the calendar belongs." in page

        running = set(Contract.objects.running().values_list("pk", flat=True))
        assert running == {other.pk, for_school.contract_id}
        extra.contract.refresh_from_db()
        assert extra.contract.ending == "demand"
        note = Invoice.objects.get(kind="credit-note")
        # 365 days were paid at 1.00 each; 65 are used, with the day of the decision
        assert (note.credits_id, note.net_cents) == (bill_of_extra.pk, -30_000)
        letters = Mail.objects.filter(address=mother.email).order_by("created_at")
        ended = letters.get(subject__contains="has ended")
        goes_on = letters.get(subject__contains="goes on")
        for part in ("We end the calendar with today.", asked.label, note.label, "372.00"):
            assert part in ended.text, ended.text
        assert "It stays." in goes_on.text
        assert "Credit note" not in goes_on.text
        assert "we owe you" in text(
            at_home.get(reverse("billing:invoice", args=[bill_of_extra.pk])).content.decode()
        )
        assert (
            "This function is closed"
            in at_home.get(f"/diary/children/{child.pk}/calendar/").content.decode()
        )
        assert at_home.get(f"/diary/children/{child.pk}/").status_code == 200, "the school's stays"
        decided = Entry.objects.filter(kind="customers.demand.decided", clause="ekool-7.6")
        assert decided.count() == 2
