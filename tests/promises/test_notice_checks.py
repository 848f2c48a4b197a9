"""The commands that keep a policy honest: ``skola policy check`` and ``skola doctor``."""

import json
import re
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.signals import user_login_failed
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import ResolverMatch, URLResolver

from skola.__main__ import main
from skola.ground import clock
from skola.ground.backup.api import back_up
from skola.ground.journal.book import Book
from skola.ground.people.models import Person
from skola.promises.inventory.registry import declarations
from skola.promises.notices.api import look
from skola.promises.policy.problems import PolicyError
from skola.promises.retention.models import Sweep
from skola.web.commands import doctor, installation
from tests.promises.editing import Folder, edited, real
from tests.promises.keeping import keeps

EN = {"Accept-Language": "en"}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def check(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run ``skola policy check FILE``."""
    capsys.readouterr()
    code = main(["policy", "check", str(file)])
    return code, capsys.readouterr().out


def examined(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, dict[str, dict[str, Any]]]:
    """Run ``skola doctor --json`` in the installation of the test, where a worker sweeps."""
    Sweep.objects.create(swept_at=clock.now(), policy="")
    monkeypatch.setattr(installation, "open_up", lambda *_args, **_kwargs: None)
    capsys.readouterr()
    code = doctor.run(Namespace(json=True, scan=False, data=Path()))
    return code, {row["measure"]: row for row in json.loads(capsys.readouterr().out)}


@keeps("kic-controller")
@pytest.mark.tenant("kic")
def test_a_policy_without_a_contact_address_is_refused_and_with_it_the_notice_shows_it(
    client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = tmp_path / "without.toml"
    without.write_text(re.sub(r'^email = ".*"\n', "", real("kic").read_text(), flags=re.M))
    code, said = check(without, capsys)
    assert code == 2
    assert "email" in said

    code, _ = check(real("kic"), capsys)
    assert code == 0
    notice = client.get("/privacy/").content.decode()
    assert "Komercizglītības centrs" in notice
    assert 'href="mailto:privacy@kic.example"' in notice


@keeps("kic-contact")
@pytest.mark.tenant("kic")
def test_publishing_with_an_empty_contact_address_is_refused_by_name(
    client: Client, folder: Folder
) -> None:
    draft = folder.version("new", effective=NOW, published=NOW)
    draft.write_text(re.sub(r'^email = ".*"$', 'email = ""', draft.read_text(), flags=re.M))
    with pytest.raises(PolicyError, match=r"(?s)contact.*email"):
        folder.publish(draft, now=NOW)
    assert "Version new" not in client.get("/privacy/versions/", headers=EN).content.decode()


@keeps("kic-data-link")
@pytest.mark.tenant("kic")
def test_no_field_of_kic_is_without_a_purpose(
    client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = check(real("kic"), capsys)
    assert (code, "P020" in said) == (0, False)
    # what the installation stores of a promised kind belongs to a purpose of the record
    record = client.get("/privacy/record.json").json()
    used = {each["id"] for activity in record["activities"] for each in activity["categories"]}
    page = client.get("/privacy/data/", headers=EN).content.decode()
    shown = set(re.findall(r'data-category="([a-z_]+)"', page))
    idle = set(re.findall(r'data-category="([a-z_]+)">\s*<h2[^>]*>[^<]*</h2>\s*<p>The', page))
    assert shown - idle <= used | idle

    loose = tmp_path / "loose.toml"
    text = real("kic").read_text()
    loose.write_text(re.sub(r'(^categories = \[[^\]]*)"survey", ?', r"\1", text, flags=re.M))
    if loose.read_text() == text:
        loose.write_text(text + EXTRA_CATEGORY)
    code, said = check(loose, capsys)
    assert "P020" in said


EXTRA_CATEGORY = """
[[category]]
id = "referral"
name = { lv = "Draugi", en = "Friends" }
holds = ["email"]
sources = ["subject"]
"""


@keeps("kic-retention-law")
def test_invoices_kept_for_a_year_conflict_with_the_law(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "P015" not in check(real("kic"), capsys)[1]
    short = tmp_path / "short.toml"
    text = real("kic").read_text()
    one = 'at_least = { period = "5 years", after = "invoice.issued"'
    most = 'at_most = { period = "5 years", after = "invoice.issued"'
    edits = [(term, term.replace("5 years", "1 year")) for term in (one, most)]
    short.write_text(edited(text, edits))
    _, said = check(short, capsys)
    assert "P015" in said
    assert '"invoices"' in said
    assert "5 years" in said


@keeps("ilearn-20.c")
def test_a_purpose_with_neither_end_event_nor_term_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(real("ilearn"), capsys)[0] == 0
    endless = tmp_path / "endless.toml"
    endless.write_text(
        real("ilearn").read_text()
        + """
[[category]]
id = "referral"
name = { lv = "Draugi", en = "Friends" }
holds = ["email"]
sources = ["subject"]

[[purpose]]
id = "friends.invite"
name = { lv = "Draugu aicināšana", en = "Inviting friends" }
basis = { kind = "consent", art = "6(1)(a)" }
categories = ["referral"]
alive_while = ["always"]
"""
    )
    code, said = check(endless, capsys)
    assert code == 2
    assert "P001" in said
    assert "referral" in said


@keeps("ekool-3.1")
@pytest.mark.django_db
def test_every_personal_column_is_in_the_inventory_and_a_new_one_fails_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call_command("check", "--tag", "privacy", "--database", "default")
    names = dict(Person.PersonalData.fields)
    del names["phone"]
    monkeypatch.setattr(Person.PersonalData, "fields", names)
    declarations.cache_clear()
    try:
        with pytest.raises(SystemCheckError, match="phone"):
            call_command("check", "--tag", "privacy")
    finally:
        declarations.cache_clear()


@keeps("kic-security-methods")
@pytest.mark.tenant("kic")
def test_a_declared_measure_that_is_turned_off_fails_the_check_and_is_named(
    client: Client,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    declared = {"security.firewall", "security.encryption", "security.access-control"}
    declared.add("security.monitoring")
    code, found = examined(capsys, monkeypatch)
    assert code == 0, [row for row in found.values() if not row["ok"]]
    assert {f"kic: {each}" for each in declared} <= found.keys()

    settings.SECURE_SSL_REDIRECT = False
    code, found = examined(capsys, monkeypatch)
    assert code == 1
    assert not found["kic: security.encryption"]["ok"]
    assert found["kic: security.access-control"]["ok"]
    settings.SECURE_SSL_REDIRECT = True

    monkeypatch.setattr(user_login_failed, "receivers", [])
    code, found = examined(capsys, monkeypatch)
    assert code == 1
    assert not found["kic: security.monitoring"]["ok"]
    assert found["kic: security.encryption"]["ok"]


@keeps("ilearn-12")
@pytest.mark.tenant("ilearn")
def test_the_configuration_check_passes_and_names_what_is_missing(
    client: Client,
    folder: Folder,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    settings.DEMO = False
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    for name in ("BACKUPS", "BACKUP_KEYS", "JOURNAL"):
        setattr(settings, name, tmp_path / name)
    Book(settings.JOURNAL).begin()
    code, found = examined(capsys, monkeypatch)
    assert (code, found["installation: backups"]["ok"]) == (1, False)
    back_up(now=clock.now())
    code, found = examined(capsys, monkeypatch)
    assert code == 0, [row for row in found.values() if not row["ok"]]

    settings.SESSION_COOKIE_SECURE = False
    assert not examined(capsys, monkeypatch)[1]["ilearn: security.transport"]["ok"]
    settings.SESSION_COOKIE_SECURE = True

    settings.MFA_SUPPORTED_TYPES = []
    assert not examined(capsys, monkeypatch)[1]["ilearn: security.passwords"]["ok"]
    settings.MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]

    keys = folder.path / "data" / "keys"
    keys.mkdir(parents=True, mode=0o755)
    keys.chmod(0o755)
    settings.DATA = keys.parent
    assert not examined(capsys, monkeypatch)[1]["ilearn: security.files"]["ok"]
    keys.chmod(0o700)
    assert examined(capsys, monkeypatch)[1]["ilearn: security.files"]["ok"]

    risky = folder.version("2026-03-01", effective=NOW, published=NOW)
    text = re.sub(r'^assessment = ".*"\n', "", risky.read_text(), flags=re.M)
    (folder.published / "ilearn" / "2026-03-01.toml").write_text(text)
    code, found = examined(capsys, monkeypatch)
    told = found["ilearn: every file of the policy can be used"]
    assert (code, told["ok"]) == (1, False)
    assert "needs a data protection impact assessment" in told["remedy"]


@keeps("ema-6.1-care")
@pytest.mark.tenant("ema")
def test_the_self_test_is_green_and_turns_red_when_a_rule_is_broken(
    client: Client,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.clear()
    code, found = examined(capsys, monkeypatch)
    assert code == 0, [row for row in found.values() if not row["ok"]]
    look(clock.now())
    assert client.get("/privacy/is-it-true.json").json()["broken"] == 0

    with monkeypatch.context() as careless:
        careless.setattr(URLResolver, "resolve", _with_a_tracker(URLResolver.resolve))
        answer = client.get("/robots.txt")
    assert "tracker" not in answer.cookies

    look(clock.now())
    told = client.get("/privacy/is-it-true.json").json()
    assert told["broken"] == 1
    assert [each["rule"] for each in told["promises"] if each["state"] == "broken"] == ["cookies"]
    code, found = examined(capsys, monkeypatch)
    assert code == 1
    assert not found["ema: cookies are those of the register"]["ok"]
    assert "tracker" in found["ema: cookies are those of the register"]["remedy"]
    cache.clear()


def _with_a_tracker(known: Callable[..., ResolverMatch]) -> Callable[..., ResolverMatch]:
    """Let the page ``/robots.txt`` set a cookie that no policy names."""

    def track(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def tracked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = view(request, *args, **kwargs)
            answer.set_cookie("tracker", "1")
            return answer

        return tracked

    def resolve(self: URLResolver, path: str) -> ResolverMatch:
        found = known(self, path)
        if path == "/robots.txt":
            found.func = track(found.func)
        return found

    return resolve
