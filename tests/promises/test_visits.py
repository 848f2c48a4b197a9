"""Visits and interests from outside: kept by consent alone, by nobody's name, and not for long."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from pytest_django import Settings

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Person, SecurityEvent
from skola.ground.tenants.models import Tenant
from skola.promises.consents.models import Consent
from skola.promises.cookies.sealing import opened
from skola.promises.retention.api import clock_missing, record_state, sweep
from skola.services.campaigns.tests.make import agree
from skola.services.courses.tests.make import course
from skola.services.desk.models import Enquiry
from skola.services.visits.models import DeviceInterest, Fault, Interest, PageRead, Visit
from tests.promises import visiting as visit
from tests.promises.keeping import keeps
from tests.promises.marketing import started
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, signed_in, working
from tests.promises.test_access import copy_of, text_of

ADDRESS = "203.0.113.77"
SEEN: Any = {"REMOTE_ADDR": ADDRESS, "HTTP_REFERER": "https://search.example/?q=anna"}
COLUMNS = {"page", "come_from", "browser", "language", "system", "region", "error"}
SWITCH = "/account/privacy/consents/"


pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def office(tenant: Tenant) -> Client:
    return working(tenant)


def visitor(tenant: Tenant, choice: str = "none", *classes: str) -> Client:
    """A browser that answered the question about cookies."""
    found = browser(tenant)
    visit.choose(found, choice, *classes)
    return found


def text(who: Client, address: str) -> str:
    answer = who.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def numbers(page: str, row: str) -> list[str]:
    """The numbers of one row of the report."""
    cells = re.search(rf'<th scope="row"[^>]*>{re.escape(row)}</th>(.*?)</tr>', page, re.DOTALL)
    assert cells, row
    return re.findall(r">([^<]*)</td>", cells[1])


def filled(one: Visit) -> set[str]:
    return {name for name in COLUMNS if getattr(one, name)}


def everything() -> dict[str, int]:
    """How many rows each table has, but those that tell of this room's work and of its absence."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@keeps("kic-cookie-performance", "kic-cookie-data")
@pytest.mark.tenant("kic")
def test_a_visit_is_counted_with_consent_alone_and_its_traces_end(
    tenant: Tenant, office: Client
) -> None:
    silent = browser(tenant)
    for who in (silent, visitor(tenant, "none"), visitor(tenant, "chosen", "marketing")):
        who.get("/courses/", **SEEN)
    assert Visit.objects.count() == 0
    for _number in range(5):
        visitor(tenant, "chosen", "performance").get("/courses/", **SEEN)
    assert numbers(text(office, "/visits/"), "/courses/") == ["0", "0", "0", "5", "5"]
    visitor(tenant, "all").get("/courses/", **SEEN)
    assert numbers(text(office, "/visits/"), "/courses/")[-1] == "6", "one more page view"
    visitor(tenant, "all").get("/privacy/", **SEEN)
    assert numbers(text(office, "/visits/"), "/privacy/")[-1] == "–", "a small number is left out"

    # the fields of the policy, and no other: no column says who it was, or from which address
    (said,) = [one for one in policy("kic")["tracker"] if "visits" in one["measures"]]
    one = Visit.objects.filter(page="/courses/")[0]
    assert filled(one) == set(said["fields"]) == {"page", "come_from", "browser"}
    assert (one.come_from, one.browser) == ("search.example", "Firefox")
    columns = {field.name for field in Visit._meta.concrete_fields}
    assert columns == COLUMNS | {"id", "tenant", "day_at", "due_at"}
    assert not any(ADDRESS.rpartition(".")[0] in str(vars(each)) for each in Visit.objects.all())

    clock_missing(now=AT)
    sweep(now=AT + timedelta(days=88))
    assert Visit.objects.count() == 7
    sweep(now=AT + timedelta(days=92))
    assert Visit.objects.count() == 0


def policy(tenant: str) -> dict[str, Any]:
    (file,) = (visit.POLICIES / tenant).glob("*.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@keeps("learnifier-2.f", "learnifier-5.a", "learnifier-5.cookie-performance")
@keeps("learnifier-5.l", "learnifier-5.m")
@pytest.mark.tenant("learnifier")
def test_navigation_is_kept_apart_without_address_or_visitor(
    tenant: Tenant, office: Client, settings: Settings, tmp_path: Path
) -> None:
    table = tmp_path / "regions.csv"
    table.write_text("192.0.2.0,192.0.2.255,SE\n203.0.113.0,203.0.113.255,LV\n")
    settings.REGIONS = str(table)
    before = everything()
    refused = visitor(tenant, "none")
    for path in ("/", "/privacy/", "/courses/", "/courses/nothing/", "/cookies/"):
        refused.get(path, **SEEN)
    assert everything() == before, "without consent nothing is stored"

    homes = [ADDRESS] * 6 + ["192.0.2.9"] * 5
    for home in homes:
        who = visitor(tenant, "chosen", "performance")
        seen = {**SEEN, "REMOTE_ADDR": home}
        for path in ("/courses/", "/courses/nothing/"):
            who.get(path, **seen)
        assert not set(who.cookies) - {"cookie_choice", "csrftoken"}, "no cookie counts"
    grown = {name for name, count in everything().items() if count != before[name]}
    assert grown == {"visits.Visit"}, "it is in that store only"
    assert Visit.objects.count() == 2 * len(homes)
    (said,) = [one for one in policy("learnifier")["tracker"] if "visits" in one["measures"]]
    for one in Visit.objects.all():
        assert filled(one) <= set(said["fields"])
        assert not re.search(r"192\.0|203\.0", str(vars(one))), "no address"
    shown = Visit.objects.filter(page="/courses/")
    keys = set(shown.values_list("come_from", "browser", "system", "language"))
    assert keys == {("search.example", "Firefox", "Linux", "en")}, "nobody can be told apart"
    for path in ("/", "/account/login/"):
        assert refused.get(path)["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert numbers(text(office, "/visits/?by=region"), "LV")[-1] == str(6 * 2)
    assert numbers(text(office, "/visits/?by=region"), "SE")[-1] == str(5 * 2)
    assert numbers(text(office, "/visits/?by=error"), "404 /courses/nothing/")[-1] == "11"
    assert numbers(text(office, "/visits/"), "/courses/")[-1] == "11"

    clock_missing(now=AT)
    sweep(now=AT + timedelta(days=92))
    assert Visit.objects.count() == 0


@keeps("learnifier-5.c")
@pytest.mark.tenant("learnifier")
def test_a_form_joins_no_pages_to_who_fills_it_in(tenant: Tenant) -> None:
    course()
    who = visitor(tenant, "all")
    for path in ("/", "/courses/", "/courses/first-aid-at-work/"):
        who.get(path, **SEEN)
    assert Visit.objects.count() >= 3
    assert DeviceInterest.objects.count() == 1
    form = text(who, "/desk/")
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    topic = re.findall(r'<option value="([a-z-]+)"', form)[0]
    sent |= {"topic": topic, "given_name": "Anna", "family_name": "Ozola"}
    sent |= {"email": "anna@example.org", "body": "Please call me."}
    with clock.standing_at(AT + timedelta(minutes=1)):
        assert who.post("/desk/", sent).status_code == 302
    assert Enquiry.objects.count() == 1
    assert Interest.objects.count() == PageRead.objects.count() == 0
    # nor does an account that the same browser signs in to
    account = customer()
    assert log_in(who)
    text(who, "/")
    assert Interest.objects.count() == PageRead.objects.count() == 0
    for model in (Visit, DeviceInterest):
        related = {field.related_model for field in model._meta.concrete_fields}
        assert related == {None, Tenant}, "there is no column that could join them"
    assert account.person_id


def rows_of(page: str) -> list[str]:
    """The courses of the catalogue in their order."""
    return re.findall(r'course-card-title"><a href="/courses/([^/]+)/', page)


def shelf() -> list[str]:
    """Four courses; the newest stands first for everybody."""
    titles = ("Baking bread", "First aid for children", "Garden and bees", "First aid at work")
    for days, title in enumerate(titles):
        course(title=title, summary="What to know.", published_at=AT - timedelta(days=days + 1))
    return ["baking-bread", "first-aid-for-children", "garden-and-bees", "first-aid-at-work"]


SUITED = ["first-aid-at-work", "baking-bread", "first-aid-for-children", "garden-and-bees"]


@keeps("kic-targeting", "kic-rights-targeted", "kic-rights-targeted-effect")
@pytest.mark.tenant("kic")
def test_targeting_is_by_consent_and_who_refuses_sees_what_everybody_sees(
    tenant: Tenant, office: Client
) -> None:
    neutral = shelf()
    # two visitors without consent and with different histories see the same
    one, other = visitor(tenant, "none"), browser(tenant)
    one.get("/courses/first-aid-for-children/")
    other.get("/courses/garden-and-bees/")
    assert rows_of(text(one, "/courses/")) == rows_of(text(other, "/courses/")) == neutral
    assert one.get("/courses/").content == visitor(tenant, "none").get("/courses/").content
    assert DeviceInterest.objects.count() == 0

    account = customer()
    Person.objects.filter(pk=account.person_id).update(phone="+37120000001")
    agree(account.person, "marketing.own", scope="phone", at=AT)
    who = signed_in(tenant)
    visit.choose(who, "chosen", "marketing")
    who.get("/courses/first-aid-for-children/")
    page = text(who, "/courses/")
    assert rows_of(page) == SUITED
    assert "because of what you looked at: First aid for children" in " ".join(page.split())
    assert Interest.objects.filter(person=account.person).count() == 1
    assert audience(office) == [account.person.name]

    # the switch in the account is the choice in the browser, and the other way round
    switch(who, account, "targeting", on=False)
    assert Interest.objects.count() == 0
    assert opened(who.cookies["cookie_choice"].value).split(".")[1] == "0"
    assert rows_of(text(who, "/courses/")) == neutral
    assert audience(office) == []
    who.get("/courses/first-aid-for-children/")
    assert Interest.objects.count() == 0
    switch(who, account, "targeting", on=True)
    assert opened(who.cookies["cookie_choice"].value).split(".")[1] == "m"
    who.get("/courses/first-aid-for-children/")
    assert rows_of(text(who, "/courses/")) == SUITED
    visit.choose(who, "none")
    assert not Consent.objects.filter(purpose="targeting", ended_at=None).exists()
    assert Interest.objects.count() == 0
    assert audience(office) == []
    assert {one.kind for one in Entry.objects.filter(kind__startswith="visits.")} == {
        "visits.interests.forgotten"
    }


def switch(who: Client, account: Any, purpose: str, *, on: bool) -> None:
    told = {"purpose": purpose, "scope": "", "person": str(account.person_id)}
    assert who.post(SWITCH if on else f"{SWITCH}withdrawals/", told).status_code == 302


def audience(office: Client) -> list[str]:
    """Whom a campaign by behaviour reaches now: the names on the list that is given out."""
    behaved = {"field_1": "visits.interest.label", "op_1": "contains", "value_1": "First aid"}
    campaign = started(office, "courses", channel="phone", offer="More first aid", **behaved)
    answer = office.post(f"/offers/office/{campaign.pk}/list/")
    return [line.split(",")[1] for line in answer.content.decode().splitlines()[1:]]


@keeps("ilearn-cookie-marketing", "ilearn-25.b")
@pytest.mark.tenant("ilearn")
def test_an_interest_profile_needs_its_own_consent_and_goes_with_it(tenant: Tenant) -> None:
    neutral = shelf()
    counted = visitor(tenant, "chosen", "performance")
    counted.get("/courses/first-aid-for-children/")
    assert Visit.objects.count() == 1, "usage is analysed"
    assert rows_of(text(counted, "/courses/")) == neutral, "and nothing is advertised by it"
    assert DeviceInterest.objects.count() == Interest.objects.count() == 0
    assert "interests" not in counted.cookies
    account = customer()
    who = signed_in(tenant)
    visit.choose(who, "chosen", "performance")
    who.get("/courses/first-aid-for-children/")
    assert rows_of(text(who, "/courses/")) == neutral
    assert set(Consent.objects.values_list("purpose", flat=True)) == {"improve.usage"}
    assert Interest.objects.count() == 0

    liking = visitor(tenant, "chosen", "marketing")
    liking.get("/courses/first-aid-for-children/")
    assert DeviceInterest.objects.get().topic == "first-aid-for-children"
    assert rows_of(text(liking, "/courses/")) == SUITED
    shown = text(liking, "/visits/interests/")
    assert "First aid for children" in shown
    assert liking.post("/visits/interests/removals/").status_code == 302
    assert DeviceInterest.objects.count() == 0
    liking.get("/courses/first-aid-for-children/")
    assert liking.cookies["interests"]["max-age"] == 180 * 86_400
    answer = visit.choose(liking, "none")
    assert answer.cookies["interests"]["max-age"] == 0
    assert DeviceInterest.objects.count() == 0
    assert rows_of(text(liking, "/courses/")) == neutral
    assert account.person_id


@pytest.mark.tenant("ilearn")
def test_a_signal_of_the_browser_or_the_end_of_the_cookie_ends_the_profile(tenant: Tenant) -> None:
    shelf()
    for act in ("signal", "time"):
        who = visitor(tenant, "all")
        who.get("/courses/first-aid-for-children/")
        assert DeviceInterest.objects.count() == 1
        if act == "signal":
            who.get("/courses/", headers={"Sec-GPC": "1"})
        else:
            sweep(now=AT + timedelta(days=179))
            assert DeviceInterest.objects.count() == 1
            sweep(now=AT + timedelta(days=181))
        assert DeviceInterest.objects.count() == 0, act


@keeps("learnifier-4.f")
@pytest.mark.tenant("learnifier")
def test_personal_content_says_by_what_it_was_chosen(tenant: Tenant) -> None:
    neutral = shelf()
    who = visitor(tenant, "chosen", "performance")
    who.get("/courses/first-aid-for-children/")
    assert rows_of(text(who, "/courses/")) == neutral
    visit.choose(who, "all")
    who.get("/courses/first-aid-for-children/")
    page = " ".join(text(who, "/courses/").split())
    assert rows_of(page) == SUITED
    assert "because of what you looked at: First aid for children" in page
    assert '<a href="/visits/interests/"' in page
    told = text(who, "/visits/interests/")
    assert "First aid for children" in told
    assert "Personalised information" in told


@keeps("ilearn-cookie-no-identify")
@pytest.mark.tenant("ilearn")
def test_no_cookie_says_who_it_is_and_no_visit_leads_to_an_account(tenant: Tenant) -> None:
    shelf()
    account = customer()
    who = visitor(tenant, "all")
    who.get("/courses/first-aid-for-children/")
    assert log_in(who)
    visit.choose(who, "all")
    who.get("/display/")
    looks = {"scheme": "dark", "more_contrast": "1", "size": "125", "readable_font": "0"}
    who.post("/display/", {**looks, "language": "lv"})
    text(who, "/courses/")
    assert {"sessionid", "view_cookie_policy", "display"} <= set(who.cookies)
    person = account.person
    own = [person.given_name, person.family_name, account.email, person.phone]
    own += [str(person.pk), person.pk.hex, str(account.pk), account.pk.hex]
    for name, morsel in who.cookies.items():
        for word in filter(None, own):
            assert word.casefold() not in morsel.value.casefold(), name
    assert Visit.objects.count() > 0
    assert {field.related_model for field in Visit._meta.concrete_fields} == {None, Tenant}
    for one in Visit.objects.all():
        assert not any(str(word) in str(vars(one)) for word in filter(None, own))


@keeps("ekool-3.1.6")
@pytest.mark.tenant("ekool")
def test_an_adult_keeps_own_pages_by_consent_and_a_pupil_never(tenant: Tenant) -> None:
    account, child = customer(), customer("pupil@example.org")
    record_state(child.person_id, "enrolment.active", is_open=True, at=AT)
    agree(child.person, "usage.visits", scope="", at=AT)
    pupil, who = browser(tenant), browser(tenant)
    assert log_in(pupil, child.email)
    assert log_in(who)
    text(who, "/account/")
    switch(who, account, "usage.visits", on=True)
    for one in (who, pupil):
        text(one, "/account/")
        text(one, "/account/privacy/")
    kept = PageRead.objects.filter(person=account.person)
    assert set(kept.values_list("page", flat=True)) == {"/account/", "/account/privacy/"}
    assert PageRead.objects.exclude(person=account.person).count() == 0, "no pupil's"
    assert Visit.objects.count() == 0
    assert SecurityEvent.objects.filter(person=child.person).exists()
    copied = text_of(copy_of(account.person))
    assert "Page that you opened" in copied
    assert "/account/privacy/" in copied

    clock_missing(now=AT)
    with clock.standing_at(AT + timedelta(days=170)):
        sweep(now=clock.now())
        assert kept.count() == 2
    with clock.standing_at(AT + timedelta(days=190)):
        sweep(now=clock.now())
        assert kept.count() == 0
    # the switch takes the rest with it, and nothing is kept from then on
    text(who, "/account/")
    assert kept.count() == 1
    switch(who, account, "usage.visits", on=False)
    text(who, "/account/")
    assert kept.count() == 0


@keeps("ilearn-8.m")
@pytest.mark.tenant("ilearn")
def test_an_error_is_kept_without_what_was_entered_and_goes_in_time(
    tenant: Tenant, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "Zebediah Quux"

    def breaks(form: Any, *args: Any) -> bool:
        raise LookupError(f"Nobody is called {form.data['body']}.")

    who = browser(tenant)
    who.raise_request_exception = False
    sent = {"given_name": secret, "body": secret, "email": "zebediah@example.org"}
    with monkeypatch.context() as patched:
        patched.setattr("skola.services.desk.forms.ContactForm.is_valid", breaks)
        assert who.post("/desk/?q=Zebediah", sent).status_code == 500

    page = text(office, "/visits/faults/")
    (row,) = re.findall(r"<tr><th scope=\"row\"[^>]*>(.*?)</tr>", page, re.DOTALL)
    assert row.startswith("/desk/<")
    assert "LookupError" in row
    assert "skola.services.desk.views" in row
    one = Fault.objects.get()
    for word in ("Zebediah", "Quux", "zebediah@"):
        assert word not in page
        assert word not in str(vars(one))
    columns = {field.name for field in Fault._meta.concrete_fields}
    assert columns == {"id", "tenant", "day_at", "page", "error", "place", "due_at"}

    clock_missing(now=AT)
    sweep(now=AT + timedelta(days=88))
    assert Fault.objects.count() == 1
    sweep(now=AT + timedelta(days=95))
    assert Fault.objects.count() == 0
