"""``skola role``: given, ended, and refused, from a terminal."""

from datetime import timedelta
from typing import Any

import pytest

import skola.__main__ as shell
from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Role
from skola.ground.tenants.models import Tenant
from skola.web.commands import installation
from tests.promises.people import customer, signed_in

pytestmark = pytest.mark.tenant("ema")
OFFICE = "/office/promises/"
AT = "ilze@example.org", "officer", "--tenant", "ema"


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands find the installation of the test."""
    monkeypatch.setattr(installation, "open_up", lambda *_args, **_kwargs: None)


def test_a_role_that_is_ended_opens_nothing_any_more_and_stays_on_record(
    tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    person = customer().person
    assert shell.main(["role", *AT]) == 0
    assert signed_in(tenant, "ilze@example.org").get(OFFICE).status_code == 200
    Role.objects.create(person=person, kind="support", starts_at=clock.now() - timedelta(days=1))

    assert shell.main(["role", *AT, "--end"]) == 0

    assert "has the role officer no longer" in capsys.readouterr().out
    assert signed_in(tenant, "ilze@example.org").get(OFFICE).status_code in (403, 404)
    ended = Role.objects.exclude(ends_at=None).get()
    assert (ended.person, ended.kind) == (person, "officer")
    (entry,) = Entry.objects.filter(kind="people.role.ended")
    assert (entry.by, entry.target) == ("skola role", f"people.role:{ended.pk}")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((*AT, "--end"), "ilze@example.org has no role officer here."),
        (("ilze@example.org", "king", "--tenant", "ema"), 'There is no role "king".'),
        (("ilze@example.org", "officer", "--tenant", "nobody"), "There is no tenant 'nobody'"),
        (("other@example.org", *AT[1:]), "Open one with --new GIVEN FAMILY."),
        (("no address", *AT[1:], "--new", "A", "B"), '"no address" is no e-mail address.'),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    tenant: Tenant, words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    customer()

    assert shell.main(["role", *words]) == 2

    assert why in capsys.readouterr().err
    assert not Role.objects.exists()


def test_the_first_administrator_gets_an_account_and_the_role_once(
    tenant: Tenant, capsys: pytest.CaptureFixture[Any]
) -> None:
    wanted = ("role", "Anna@example.org", "administrator", "--host", "ema.localhost")
    for said in ("The account is new", "has the role administrator already"):
        assert shell.main([*wanted, "--new", "Anna", "Kalna"]) == 0
        assert said in capsys.readouterr().out

    (role,) = Role.objects.all()
    assert (role.person.name, role.kind) == ("Anna Kalna", "administrator")
