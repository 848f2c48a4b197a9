"""Versions of a policy: how they are published, announced, shown and kept."""

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people.models import Account, Mail
from skola.ground.people.tests import make
from skola.ground.tenants.queries import forget_hosts
from skola.promises.notices.tasks import tell_people_of_changes
from skola.promises.policy.problems import PolicyError
from skola.promises.retention.api import sweep
from skola.services.desk.actions import close
from skola.services.desk.models import Enquiry
from skola.services.desk.tests.make import enquiry
from skola.web.tenancy import publish_for
from tests.promises.editing import Folder
from tests.promises.keeping import keeps

RIGA = ZoneInfo("Europe/Riga")
TODAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CAMERAS = 'at_most = {{ period = "{} days", after = {{ latest = ["record.created", "footage'
TITLE_LV = (
    'title = { en = "Privacy Policy and Cookies"',
    'title = { en = "Privacy Policy, renewed"',
)


def seen(client: Client, path: str, at: datetime) -> str:
    """What a visitor reads at an address on another day."""
    with clock.standing_at(at):
        answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    words = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split())


def page(client: Client, path: str, at: datetime) -> str:
    with clock.standing_at(at):
        answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    return answer.content.decode()


@keeps("ilearn-41")
@pytest.mark.tenant("ilearn")
def test_a_version_dated_tomorrow_binds_tomorrow_and_links_the_one_it_replaces(
    client: Client, folder: Folder
) -> None:
    assert "In force from 17 August 2020" in seen(client, "/privacy/", TODAY)
    tomorrow = datetime(2026, 3, 3, 0, 0, tzinfo=RIGA)
    draft = folder.version(
        "2026-03-03", TITLE_LV, effective=tomorrow, published=TODAY.astimezone(RIGA)
    )
    folder.publish(draft, now=TODAY)

    today = seen(client, "/privacy/", TODAY)
    assert "In force from 17 August 2020" in today
    assert "Privacy Policy, renewed" not in today

    then = tomorrow + timedelta(minutes=1)
    words = seen(client, "/privacy/", then)
    assert "In force from 3 March 2026" in words
    assert "Privacy Policy, renewed" in words
    assert 'href="/privacy/versions/2020-08-17/"' in page(client, "/privacy/", then)


@keeps("ekool-9.1")
@pytest.mark.tenant("ekool")
def test_a_new_version_shows_the_difference_and_the_old_ones_stay_readable(
    client: Client, folder: Folder
) -> None:
    effective = datetime(2026, 5, 1, 0, 0, tzinfo=ZoneInfo("Europe/Tallinn"))
    draft = folder.version(
        "2026-05-01",
        ('update_within = "30 days"', 'update_within = "20 days"'),
        effective=effective,
        published=TODAY,
    )
    folder.publish(draft, now=TODAY)

    for path in ("/privacy/versions/", "/privacy/versions/2026-05-01/"):
        words = seen(client, path, TODAY)
        assert "Shortened [processor_list] update_within 30 days 20 days" in words
    after = effective + timedelta(days=1)
    old = seen(client, "/privacy/versions/2019-09-01/", after)
    assert "Customer data processing principles" in old
    assert "no later than 30 days" in old or "30 days" in old


@keeps("ekool-9.4")
@pytest.mark.tenant("ekool")
def test_the_page_of_an_old_version_says_what_replaced_it(client: Client, folder: Folder) -> None:
    effective = datetime(2026, 5, 1, 0, 0, tzinfo=ZoneInfo("Europe/Tallinn"))
    folder.publish(folder.version("2026-05-01", effective=effective, published=TODAY), now=TODAY)
    before = seen(client, "/privacy/versions/2019-09-01/", TODAY)
    assert "replaced by" not in before

    after = effective + timedelta(hours=1)
    words = seen(client, "/privacy/versions/2019-09-01/", after)
    assert "replaced by 2026-05-01 on 1 May 2026" in words
    assert 'href="/privacy/versions/2026-05-01/"' in page(
        client, "/privacy/versions/2019-09-01/", after
    )


@keeps("ekool-9.2")
@pytest.mark.tenant("ekool")
def test_a_change_is_announced_a_month_ahead_unless_only_the_law_changed(
    client: Client, folder: Folder
) -> None:
    tallinn = ZoneInfo("Europe/Tallinn")
    published = datetime(2027, 1, 31, 10, 0, tzinfo=tallinn)
    too_soon = folder.version(
        "soon", effective=datetime(2027, 2, 28, 0, 0, tzinfo=tallinn), published=published
    )
    with pytest.raises(PolicyError, match="2027-03-01T00:00:00"):
        folder.publish(too_soon, now=published)
    assert "soon" not in seen(client, "/privacy/versions/", published)

    # the month from 31 January ends with the last day of February, 2028 with the 29th
    leap = datetime(2028, 1, 31, 10, 0, tzinfo=tallinn)
    early = folder.version(
        "early", effective=datetime(2028, 2, 29, 0, 0, tzinfo=tallinn), published=leap
    )
    with pytest.raises(PolicyError, match="2028-03-01T00:00:00"):
        folder.publish(early, now=leap)

    right = datetime(2027, 3, 1, 0, 0, tzinfo=tallinn)
    folder.publish(folder.version("right", effective=right, published=published), now=published)
    assert "The privacy policy changes on 1 March 2027." in seen(client, "/", published)
    assert "The privacy policy changes" in seen(client, "/", right - timedelta(minutes=1))
    assert "The privacy policy changes" not in seen(client, "/", right + timedelta(minutes=1))

    law = folder.version(
        "law",
        effective=published + timedelta(minutes=1),
        published=published,
        classification="legislation",
        reason="The Education Act was amended.",
    )
    folder.publish(law, now=published)
    words = seen(client, "/privacy/versions/", published + timedelta(minutes=2))
    assert "A change that follows the law" in words
    assert "The Education Act was amended." in words


@keeps("learnifier-16.b")
@pytest.mark.tenant("learnifier")
def test_a_material_change_waits_thirty_working_days_under_a_banner_on_every_site(
    client: Client, folder: Folder
) -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    published = datetime(2027, 3, 1, 9, 0, tzinfo=stockholm)
    day_30 = datetime(2027, 3, 31, 0, 0, tzinfo=stockholm)
    with pytest.raises(PolicyError) as refused:
        folder.publish(
            folder.version("early", effective=day_30, published=published), now=published
        )
    found = re.search(r"from (2027-[-:T0-9+]+) on", str(refused.value))
    assert found
    # thirty working days after Monday 1 March: not Good Friday 26 March, not Easter Monday 29 March
    effective = datetime.fromisoformat(found[1]).astimezone(stockholm)
    assert effective == datetime(2027, 4, 15, 0, 0, tzinfo=stockholm)

    folder.publish(folder.version("right", effective=effective, published=published), now=published)
    banner = "The privacy policy changes on 15 April 2027."
    last = (effective - published).days
    for day in (0, 1, *range(7, last - 1, 14), last - 1, last):
        for path in ("/", "/privacy/", "/account/login/"):
            assert banner in seen(client, path, published + timedelta(days=day)), (day, path)
    assert banner not in seen(client, "/", effective + timedelta(minutes=1))


@keeps("learnifier-16.a")
@pytest.mark.tenant("learnifier")
def test_nothing_is_published_without_a_classification(client: Client, folder: Folder) -> None:
    effective = datetime(2027, 1, 1, 0, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
    draft = folder.version("new", effective=effective, published=TODAY, classification="")
    with pytest.raises(PolicyError, match="classification"):
        folder.publish(draft, now=TODAY)
    assert "Version new" not in seen(client, "/privacy/versions/", TODAY)
    folder.publish(folder.version("new", effective=effective, published=TODAY), now=TODAY)
    assert "A material change" in seen(client, "/privacy/versions/", TODAY)


@keeps("learnifier-17.b")
@pytest.mark.tenant("learnifier")
def test_the_change_log_has_its_two_lines_and_publishing_adds_a_third(
    client: Client, folder: Folder
) -> None:
    lines = ("Privacy statement added.", "GDPR")
    before = seen(client, "/privacy/?language=en", TODAY)
    for words in (*lines, "2014-05-01", "2018-05-03"):
        assert words in before, words
    assert "1 May 2014" in seen(client, "/privacy/versions/", TODAY)
    effective = datetime(2027, 1, 4, 0, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
    draft = folder.version("third", effective=effective, published=TODAY, reason="A third line.")
    folder.publish(draft, now=TODAY)
    after = seen(client, "/privacy/?language=en", TODAY)
    for words in (*lines, "A third line.", "4 January 2027"):
        assert words in after, words
    assert "Privacy statement" in seen(client, "/privacy/versions/2018-05-03/?language=en", TODAY)


@keeps("kic-change")
@pytest.mark.tenant("kic")
def test_a_version_without_a_reason_is_refused_and_the_log_shows_date_and_reason(
    client: Client, folder: Folder
) -> None:
    effective = datetime(2026, 4, 1, 0, 0, tzinfo=RIGA)
    draft = folder.version("april", effective=effective, published=TODAY, reason=None)
    with pytest.raises(PolicyError, match="without a reason"):
        folder.publish(draft, now=TODAY)
    reason = "Jauna mācību programma."
    folder.publish(
        folder.version("april", effective=effective, published=TODAY, reason=reason), now=TODAY
    )
    words = seen(client, "/privacy/versions/", TODAY)
    assert reason in words
    assert "1 April 2026" in words


@keeps("kic-change-current")
@pytest.mark.tenant("kic")
def test_the_same_address_shows_a_changed_term_without_another_edit(
    client: Client, folder: Folder
) -> None:
    def term(at: datetime) -> str:
        found = re.search(
            r"Invoices and payments (?:(?!At most).)*At most (\d+ years) after the invoice",
            seen(client, "/privacy/?language=en", at),
        )
        assert found
        return found[1]

    assert term(TODAY) == "5 years"
    effective = datetime(2026, 4, 1, 0, 0, tzinfo=RIGA)
    draft = folder.version(
        "longer",
        (
            'at_most = { period = "5 years", after = "invoice.issued", action = "erase" }',
            'at_most = { period = "7 years", after = "invoice.issued", action = "erase" }',
        ),
        effective=effective,
        published=TODAY,
    )
    folder.publish(draft, now=TODAY)
    assert term(TODAY) == "5 years"
    assert term(effective + timedelta(minutes=1)) == "7 years"


@keeps("ilearn-39")
@pytest.mark.tenant("ilearn")
def test_a_published_version_is_on_the_site_and_in_the_account_at_once_with_the_difference(
    client: Client, folder: Folder, sign_in: Callable[[Account], Account]
) -> None:
    sign_in(make.account())
    assert "changed" not in seen(client, "/account/", TODAY).split("The privacy policy")[1][:40]
    draft = folder.version(
        "2026-03-02",
        (CAMERAS.format("30"), CAMERAS.format("20")),
        effective=TODAY,
        published=TODAY,
    )
    folder.publish(draft, now=TODAY)
    soon = TODAY + timedelta(minutes=1)
    assert "Version 2026-03-02" in seen(client, "/privacy/", soon)
    account = seen(client, "/account/", soon).split("The privacy policy")[1]
    assert "Version 2026-03-02 changed" in account
    assert "Shortened" in account
    assert "30 days 20 days" in account
    assert "Privacy Policy and Cookies" in seen(client, "/privacy/versions/2020-08-17/", soon)


@keeps("ema-10.2")
@pytest.mark.tenant("ema")
def test_a_minor_change_binds_at_once_without_a_mail_and_a_material_one_reaches_everybody(
    client: Client, folder: Folder
) -> None:
    people = [make.account(email=f"{name}@example.org") for name in ("jonas", "rasa", "ona")]
    Account.objects.update(created_at=TODAY - timedelta(days=30))

    minor = folder.version(
        "minor", effective=TODAY, published=TODAY, classification="minor", reason="A word."
    )
    folder.publish(minor, now=TODAY)
    with clock.standing_at(TODAY + timedelta(minutes=1)):
        tell_people_of_changes()
    assert "Version minor" in seen(client, "/privacy/", TODAY + timedelta(minutes=1))
    assert Mail.objects.count() == 0

    later = TODAY + timedelta(days=1)
    material = folder.version("big", effective=later, published=later, reason="A new register.")
    folder.publish(material, now=later)
    for minutes in (1, 11):
        with clock.standing_at(later + timedelta(minutes=minutes)):
            tell_people_of_changes()
    mails = list(Mail.objects.order_by("address"))
    assert [each.address for each in mails] == [
        "jonas@example.org",
        "ona@example.org",
        "rasa@example.org",
    ]
    assert all("A new register." in each.text for each in mails)
    told = Entry.objects.filter(kind="notices.change.told", detail__version="big")
    assert {each.subject for each in told} == {pseudonym(each.person_id) for each in people}
    old = seen(client, "/privacy/versions/2019-01-01/?language=en", later + timedelta(hours=1))
    assert "replaced by minor" in old


@keeps("ekool-9.3")
@pytest.mark.tenant("ekool")
def test_a_shorter_term_reaches_old_records_on_the_day_it_binds_and_not_before(
    client: Client, folder: Folder
) -> None:
    tallinn = ZoneInfo("Europe/Tallinn")
    asked = datetime(2026, 1, 12, 10, 0, tzinfo=tallinn)
    old = enquiry(at=asked)
    close(old, ending=Enquiry.Ending.choices[0][0], by="test", now=asked)
    published = datetime(2026, 2, 2, 10, 0, tzinfo=tallinn)
    effective = datetime(2026, 4, 1, 0, 0, tzinfo=tallinn)
    draft = folder.version(
        "shorter",
        (
            'keep_while = ["enquiry.open", "contact.ongoing"]\n'
            'then = { action = "erase", within = "6 months" }\nclaimed = "As long as needed (7.5)',
            'keep_while = ["enquiry.open", "contact.ongoing"]\n'
            'then = { action = "erase", within = "1 month" }\nclaimed = "As long as needed (7.5)',
        ),
        effective=effective,
        published=published,
    )
    folder.publish(draft, now=published)
    # a month after the closing is long past, and the longer term still binds
    sweep(now=effective - timedelta(seconds=1))
    assert Enquiry.objects.filter(pk=old.pk).exists()
    sweep(now=effective + timedelta(seconds=1))
    assert not Enquiry.objects.filter(pk=old.pk).exists()
    # what was decided under the earlier version stays on record
    assert "2019-09-01" in seen(client, "/privacy/versions/", effective + timedelta(days=1))


@keeps("learnifier-3.2.g")
@pytest.mark.django_db
def test_a_new_client_with_the_default_configuration_gets_a_whole_notice(
    tmp_path: Path, settings: Any
) -> None:
    settings.POLICIES = tmp_path
    example = Path(settings.ROOT) / "docs" / "reference" / "example-policy.toml"
    written = tomllib.loads(example.read_text())
    publish_for(example, now=datetime(2026, 9, 1, tzinfo=UTC))
    forget_hosts()
    visitor = Client(HTTP_HOST="north-school.localhost")
    for language in written["policy"]["languages"]:
        page_ = seen(visitor, f"/privacy/?language={language}", datetime(2026, 9, 2, tzinfo=UTC))
        assert written["policy"]["title"][language] in page_
        for cookie in written["cookie"]:
            assert cookie["name"] in page_
        for processor in written["processor"]:
            assert processor["name"][language] in page_
        for purpose in written["purpose"]:
            assert purpose["name"][language] in page_
