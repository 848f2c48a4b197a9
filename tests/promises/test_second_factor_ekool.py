"""eKool: a school that requires a second factor lets no teacher in without one."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from skola.ground import clock
from skola.ground.tenants.models import Tenant
from skola.services.diary.tests import make as diary
from skola.services.school import actions as schools
from skola.services.school.tests import make as school
from tests.promises.keeping import keeps
from tests.promises.people import PASSWORD, browser, customer, log_in

AT = school.A_DAY
DIARY = "/diary/teaching/"
pytestmark = [pytest.mark.tenant("ekool"), pytest.mark.django_db]


def code_for(secret: str) -> str:
    """The code that the teacher's app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@keeps("ekool-2.2-security")
def test_a_teacher_without_a_second_factor_is_refused_where_the_school_requires_it(
    tenant: Tenant,
) -> None:
    cache.clear()
    with clock.standing_at(AT):
        world = diary.world()
        head, teacher = customer("head@example.org"), customer("teacher@example.org")
        parent = customer("parent@example.org")
        schools.name_administrator(world.school, head.person, by="staff", now=AT)
        schools.name_form_teacher(world.school_class, teacher.person, by="head", now=AT)
        office, class_, at_home = browser(tenant), browser(tenant), browser(tenant)
        assert log_in(office, head.email)
        assert log_in(class_, teacher.email)
        assert log_in(at_home, parent.email)
        assert class_.get(DIARY).status_code == 200

        there = f"/school/{world.school.pk}/second-factor/"
        assert class_.post(there, {"needed": "yes"}).status_code == 404, "the school decides"
        assert office.post(there, {"needed": "yes"}).status_code == 302

        assert class_.get(DIARY).status_code == 403, "at once, in a session that runs"
        again = browser(tenant)
        told = {"login": teacher.email, "password": PASSWORD}
        again.post("/account/login/", told)
        for page in ("/", DIARY, f"/school/{world.school.pk}/"):
            answer = again.get(page)
            assert answer.status_code == 403, page
            assert "lets nobody in by a password alone" in answer.content.decode()
        assert at_home.get("/").status_code == 200, "parents are not asked for it"

        again.post("/account/reauthenticate/", {"password": PASSWORD})
        answer = again.get("/account/2fa/totp/activate/")
        assert answer.status_code == 200, answer.get("Location")
        setting_up = answer.content.decode()
        found = re.search(r"\b[A-Z2-7]{26,}\b", setting_up)
        assert found
        answer = again.post("/account/2fa/totp/activate/", {"code": code_for(found[0])})
        assert answer.status_code == 302, answer.content.decode()
        assert again.get(DIARY).status_code == 200

        stolen = browser(tenant)
        answer = stolen.post("/account/login/", told)
        assert answer["Location"].startswith("/account/2fa/authenticate/")
        assert stolen.get(DIARY).status_code == 302, "the password alone opens nothing"
