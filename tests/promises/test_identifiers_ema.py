"""EMA: by what each client knows its people, and who sees it (ema-2.1.10)."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.tenants.models import Tenant
from skola.services.workforce import queries
from skola.services.workforce.models import Company, Employment, StaffNumber
from skola.services.workforce.tests import make as workforce
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import customer, signed_in
from tests.promises.raw import rows

pytestmark = [pytest.mark.tenant("ema"), pytest.mark.usefixtures("standing")]
CODE, OTHER = "38001010025", "48203030019"
LINE = "{},Rasa,{},{},,Vilnius,Driver,"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def client_company(tenant: Tenant, name: str) -> tuple[Company, Client]:
    """A client company, and its training manager at a browser."""
    company = workforce.company(manager=customer(f"{name}@example.org").person, at=AT)
    who = signed_in(tenant, f"{name}@example.org")
    return company, who


def bring(who: Client, company: Company, *lines: str) -> str:
    """Upload a list, confirm what it changes, and return what the page of it said."""
    file = io.BytesIO((workforce.HEAD + "\n".join(lines)).encode())
    file.name = "people.csv"
    page = text(who.post(f"/workforce/{company.pk}/list/", {"file": file}))
    sealed = re.search(r'name="list" value="([^"]+)"', page)
    if sealed:
        who.post(f"/workforce/{company.pk}/lists/", {"list": sealed[1]})
    return page


def change(who: Client, company: Company, kind: str, *lines: str) -> Any:
    """Let a company know its people by another kind of identifier."""
    said: dict[str, Any] = {"kind": kind}
    if lines:
        said["file"] = io.BytesIO("\n".join(["number,new", *lines]).encode())
        said["file"].name = "numbers.csv"
    return who.post(f"/workforce/{company.pk}/identifiers/", said)


def raw() -> str:
    """All rows that the database has, and what is sealed as the signs that its bytes are."""
    sealed = StaffNumber.objects.values_list("sealed", flat=True)
    signs = [bytes(one or b"").decode("latin-1") for one in sealed]
    return " ".join([*(held for _table, held in rows()), *signs])


@contextmanager
def installed_elsewhere(settings: Any, place: Path) -> Iterator[None]:
    """The same as it comes out at an installation that has other keys."""
    before, settings.DATA = settings.DATA, place / "elsewhere"
    try:
        yield
    finally:
        settings.DATA = before


@keeps("ema-2.1.10")
def test_each_client_knows_its_people_by_an_identifier_of_its_own(
    tenant: Tenant, settings: Any, tmp_path: Path
) -> None:
    (first, one), (second, two) = (client_company(tenant, name) for name in ("one", "two"))
    assert "staff number" in text(one.get(f"/workforce/{first.pk}/identifiers/"))
    for company, who in ((first, one), (second, two)):
        bring(who, company, LINE.format("7", "Petraitė", f"rasa@{company.pk}.example"))
    assert sorted(StaffNumber.objects.values_list("value", flat=True)) == ["7", "7"]

    refused = change(one, first, "code", "7,none")
    assert refused.status_code == 422
    assert change(one, first, "code").status_code == 422
    for company, who in ((first, one), (second, two)):
        assert change(who, company, "code", f"7,{CODE[:6]}-{CODE[6:]}").status_code == 302
        bring(who, company, LINE.format(OTHER, "Onaitė", ""))

    assert StaffNumber.objects.count() == 4, "the same codes at two clients do not clash"
    assert len(set(StaffNumber.objects.values_list("digest", flat=True))) == 4
    assert all(code not in raw() for code in (CODE, OTHER)), "no code is readable in the database"
    assert "Petraitė" in raw()
    (known,) = StaffNumber.objects.filter(company=first, employment__person__family_name="Onaitė")
    first.refresh_from_db()
    with installed_elsewhere(settings, tmp_path):
        assert queries.key_of(first, OTHER) != known.digest, (
            "the digest tells nothing without the key"
        )
    assert queries.key_of(first, OTHER) == known.digest
    again = bring(one, first, *(LINE.format(OTHER, name, "") for name in ("Kita", "Trečia")))
    assert again.count("The number is on the list twice.") == 2
    assert "The number is not what your people" in bring(one, first, LINE.format("7", "Nauja", ""))
    assert Employment.objects.filter(company=first).count() == 2
    held = StaffNumber.objects.filter(company=first).order_by("pk")
    with pytest.raises(IntegrityError), transaction.atomic():
        held.filter(pk=held[0].pk).update(digest=held[1].digest)
    twice = change(one, first, "birth", f"{CODE},1980-01-01", f"{OTHER},1980-01-01")
    assert twice.status_code == 422

    pages = [text(one.get(f"/workforce/{first.pk}/"))]
    found = one.post(f"/workforce/{first.pk}/finds/", {"number": CODE})
    assert found.status_code == 302, text(found)
    employee = found["Location"]
    pages.append(text(one.get(employee)))
    assert "Petraitė" in pages[1]
    assert "Petraitė" not in text(two.get(employee))
    assert all("•••" in page and CODE not in page for page in pages)
    shown = Entry.objects.filter(kind="workforce.identifier.shown")
    assert not shown.exists()
    assert two.post(f"{employee}identifiers/").status_code == 404
    assert CODE in text(one.post(f"{employee}identifiers/"))
    assert shown.count() == 1

    change(one, first, "staff", f"{CODE},1", f"{OTHER},2")
    assert set(StaffNumber.objects.filter(company=first).values_list("value", "digest")) == {
        ("1", ""),
        ("2", ""),
    }
    assert one.post(f"{employee}identifiers/").status_code == 404


def test_who_left_is_known_again_by_the_address_after_the_identifier_changed(
    tenant: Tenant,
) -> None:
    company, who = client_company(tenant, "one")
    line = LINE.format("7", "Petraitė", "rasa@example.org")
    workforce.bring(company, line, LINE.format("8", "Onaitė", ""), at=AT)
    with clock.standing_at(AT + timedelta(days=1)):
        workforce.bring(company, LINE.format("8", "Onaitė", ""), complete=True, at=clock.now())
        assert change(who, company, "birth", "8,1980-01-01").status_code == 302
        company.refresh_from_db()
        bring(who, company, LINE.format("1985-05-05", "Petraitė", "rasa@example.org"))

    back = Employment.objects.get(person__email="rasa@example.org")
    assert back.ended_on is None
    assert "1985-05" not in raw()
    assert who.post(f"/workforce/{company.pk}/finds/", {"number": "1985-05-05"}).status_code == 302
