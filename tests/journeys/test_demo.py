"""The first of the README's two commands, as a newcomer runs it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.journeys.running import TENANTS, Demo, skola

ACADEMIES = 2
"""Clients of Learnifier that are tenants of their own."""


def test_it_ends_with_the_five_addresses_and_ready(demo: Demo) -> None:
    addresses = re.findall(r"http://(\w+)\.localhost:\d+/", demo.said)

    assert addresses == list(TENANTS)


@pytest.mark.parametrize("tenant", TENANTS)
def test_each_service_answers_with_its_own_name_and_sets_no_cookie(demo: Demo, tenant: str) -> None:
    status, page, cookies = demo.get(f"{tenant}.localhost", "/")

    assert status == 200
    assert tenant in page.lower()
    assert cookies == []


@pytest.mark.parametrize("tenant", TENANTS)
def test_each_notice_is_there(demo: Demo, tenant: str) -> None:
    status, page, cookies = demo.get(f"{tenant}.localhost", "/privacy/")

    assert status == 200
    assert len(page) > 20_000
    assert cookies == []


def test_an_unknown_host_gets_a_plain_page(demo: Demo) -> None:
    status, page, _cookies = demo.get("nobody.localhost", "/")

    assert status == 404
    assert "ilearn" not in page.lower()


def test_the_sweep_erases_what_is_due_and_says_under_which_clause(demo: Demo) -> None:
    in_a_month = f"{date.today() + timedelta(days=30):%Y-%m-%d}"  # noqa: DTZ011  # as a person types
    swept = skola("sweep", "--data", str(demo.data))
    again = skola("sweep", "--dry-run", "--data", str(demo.data))
    first = skola("sweep", "--dry-run", "--as-of", in_a_month, "--data", str(demo.data))
    second = skola("sweep", "--dry-run", "--as-of", in_a_month, "--data", str(demo.data))

    assert swept.returncode == 0, swept.stderr
    assert again.stdout.count("nothing is due") == len(TENANTS) + ACADEMIES
    assert "ilearn-" in first.stdout
    assert first.stdout == second.stdout


def test_a_taken_port_is_told_with_the_remedy(demo: Demo, tmp_path: Path) -> None:
    done = skola("demo", "--port", str(demo.port), "--data", str(tmp_path))

    assert done.returncode == 2
    assert "--port" in done.stdout
