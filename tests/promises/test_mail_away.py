"""A mail server that is away for a week loses no mail, and it is told (promise-engine 5.1)."""

from collections.abc import Iterator
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from typing import Any

import pytest
from django.core import mail as post
from django.core.mail import EmailMessage
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from skola.ground import clock
from skola.ground.jobs.registry import ATTEMPTS, PATIENCE, pause
from skola.ground.jobs.worker import worker
from skola.ground.people import mail
from skola.ground.people.models import Mail
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.web import metrics
from skola.web.doctor import examine

pytestmark = [pytest.mark.tenant("ilearn"), pytest.mark.django_db(transaction=True)]
A_DAY = timedelta(days=1)
MEASURE = "ilearn: mail leaves within a day"


@pytest.fixture(autouse=True)
def empty_queue(tenant: Tenant) -> Iterator[None]:
    """What other tests left in the queue is not done here, and nothing is left for them."""
    for last in (False, True):
        with connection.cursor() as cursor:
            cursor.execute("truncate procrastinate_jobs, procrastinate_workers cascade")
        if not last:
            yield


def letter() -> Mail:
    return mail.post(
        person_id=make.person().pk,
        address="anna@example.org",
        sender="service@example.org",
        subject="Your data",
        text="…",
        now=clock.now(),
    )


def refuse(monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def send(*_: Any, **__: Any) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)


def let_wait(tries: int) -> None:
    """As if so many tries were made, and the next one is due."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set attempts = %s, scheduled_at = null", [tries])


def test_after_a_week_without_a_mail_server_the_mail_goes_once(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter()
    with monkeypatch.context() as away:
        refuse(away, ConnectionRefusedError(111, "Connection refused"))
        for tries in (0, ATTEMPTS - 1, ATTEMPTS, ATTEMPTS + 7 * 48):
            let_wait(tries)
            worker(until_idle=True)
            job = ProcrastinateJob.objects.get()
            assert (job.status, job.attempts) == ("todo", tries + 1), tries
            assert job.scheduled_at is not None
            assert job.scheduled_at - clock.now() < timedelta(minutes=31)

    let_wait(ATTEMPTS + 7 * 48)
    worker(until_idle=True)

    assert [one.to for one in post.outbox] == [["anna@example.org"]]
    assert not Mail.objects.exists()


def test_what_the_mail_server_refuses_for_good_is_given_up(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter()
    refuse(monkeypatch, SMTPRecipientsRefused({"anna@example.org": (550, b"no such user")}))
    let_wait(ATTEMPTS)

    worker(until_idle=True)

    assert ProcrastinateJob.objects.get().status == "failed"


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (TimeoutError(), True),
        (SMTPServerDisconnected("gone"), True),
        (SMTPConnectError(421, b"busy"), True),
        (SMTPAuthenticationError(535, b"who are you"), True),
        (SMTPRecipientsRefused({"anna@example.org": (451, b"later")}), True),
        (SMTPDataError(554, b"no"), False),
        (ValueError(), False),
    ],
)
def test_only_what_may_be_taken_later_is_kept(error: Exception, away: bool) -> None:
    assert mail.is_away(error) is away


def test_it_is_tried_every_half_hour_for_a_fortnight() -> None:
    tries = [pause(attempts, is_away=True) for attempts in range(ATTEMPTS + PATIENCE + 1)]

    assert tries.pop() is None
    waited = timedelta(seconds=sum(one for one in tries if one is not None))
    assert timedelta(days=14) < waited < timedelta(days=14, hours=1)
    assert [pause(attempts) for attempts in range(ATTEMPTS + 1)] == [*tries[:ATTEMPTS], None]


def test_after_a_day_it_is_an_alarm(tenant: Tenant) -> None:
    written = letter().created_at

    def said(after: timedelta) -> tuple[bool, int]:
        with clock.standing_at(written + after):
            (found,) = (one.ok for one in examine() if one.measure == MEASURE)
            (told,) = (one.value for one in metrics.mails(clock.now()))
        return found, round(told)

    assert said(A_DAY - timedelta(minutes=1)) == (True, 86_340)
    assert said(A_DAY) == (False, 86_400)
    Mail.objects.all().delete()
    assert said(A_DAY) == (True, 0)
