"""What the tests of people's clauses do from outside: sign up, sign in, look into the post."""

import re
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.test import Client

from skola.ground.people.models import Account, Mail, Person, Role
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant

PASSWORD = "a long enough one"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19) Safari/605.1"
A_DAY = timedelta(days=1)


def customer(email: str = "ilze@example.org") -> Account:
    """Somebody with a confirmed address and a password."""
    made = make.account(email=email, password=PASSWORD)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


def staff(kind: str = "administrator") -> Account:
    """Somebody who works here."""
    made = customer(f"{kind}@example.org")
    Role.objects.create(person=made.person, kind=kind, starts_at=make.A_DAY)
    return made


def browser(tenant: Tenant, agent: str = LAPTOP) -> Client:
    """Another browser at the tenant's door."""
    return Client(HTTP_HOST=f"{tenant.slug}.localhost", HTTP_USER_AGENT=agent)


def log_in(who: Client, email: str = "ilze@example.org", password: str = PASSWORD) -> bool:
    """Sign in with the password; whether it worked."""
    who.post("/account/login/", {"login": email, "password": password})
    return who.get("/account/").status_code == 200


def signed_in(tenant: Tenant, email: str = "ilze@example.org") -> Client:
    """The browser of somebody who has signed in."""
    who = browser(tenant)
    answer = who.post("/account/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    assert not answer["Location"].startswith("/account/2fa/authenticate/")
    return who


def working(tenant: Tenant, kind: str = "administrator") -> Client:
    """The browser of somebody who works here, and has signed in."""
    return signed_in(tenant, staff(kind).email)


def latest_mail(address: str) -> Mail:
    return Mail.objects.filter(address=address).latest("created_at")


def code_in(mail: Mail) -> str:
    found = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mail.text, re.MULTILINE)
    assert found, mail.text
    return found[1]


def log_in_by_code(who: Client, email: str) -> bool:
    """Sign in with a code out of the mail; whether it worked."""
    who.post("/account/login/code/", {"email": email})
    who.post("/account/login/code/confirm/", {"code": code_in(latest_mail(email))})
    return who.get("/account/").status_code == 200


def sign_up(who: Client, *, born: str | None, email: str = "new@example.org") -> Person | None:
    """Open an account, code and all; None where it was refused."""
    if born is not None:
        who.post("/account/signup/", {"birth_on": born})
    who.post(
        "/account/signup/",
        {
            "given_name": "Anna",
            "family_name": "Bērziņa",
            "email": email,
            "password1": "nobody guesses this one",
        },
    )
    person = Person.objects.filter(email=email).first()
    if person is not None:
        who.post("/account/confirm-email/", {"code": code_in(latest_mail(email))})
    return person
