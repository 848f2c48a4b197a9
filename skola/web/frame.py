"""What the frame of every page shows of the floors above the design system.

Brand and controller come from the policy in force, the rail from the rooms that it switches on.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.api import Preferences
from skola.ground.people.http import kinds
from skola.ground.ui.api import Announcement, Brand, Choice, MenuLink, Place, Talk, read_choice
from skola.promises.cookies import api as cookies
from skola.promises.handover import api as handover
from skola.promises.notices import api as notices
from skola.promises.policy.api import has, in_force
from skola.promises.reports import api as reports
from skola.services.chat import api as chat
from skola.services.visits import api as visits
from skola.web.officer import tabs as officer
from skola.web.rooms import room_doors


def brand(request: Any) -> Brand | None:
    """Return name, colour and controller of the tenant's service, all from its policy."""
    if getattr(request, "tenant", None) is None:
        return None
    now = clock.now()
    policy = in_force(now).policy
    privacy = [contact for contact in policy.contact if contact.kind == "data-protection"]
    contact = privacy[0] if privacy else policy.contact[0]
    return Brand(
        service=policy.service.name,
        accent=policy.service.accent,
        controller=policy.controller.name,
        registration=policy.controller.reg_no,
        address=policy.controller.address,
        email=policy.controller.email or contact.email,
        phone=policy.controller.phone or contact.phone,
        logo_url=policy.service.logo,
        manifest_url=reverse("web:manifest"),
        fault_url=f"{reverse('desk:contact')}?topic=fault"
        if has("desk.enquiries", now=now)
        else "",
    )


FIRST = {
    "officer": ("promises", "people", "desk"),
    "support": ("desk", "people"),
    "school": ("school", "pupils", "diary"),
    "finance": ("billing", "shop"),
    "recruiter": ("hiring",),
    "examiner": ("exams",),
    "reviewer": ("exams",),
    "coordinator": ("workforce", "licences"),
    "authority": ("statements",),
    "analyst": ("reports",),
}
"""Where somebody with a role works most; these rooms stand first in their rail."""


def places(request: Any) -> Sequence[Place]:
    """Return the rail: rooms that the tenant's policy switches on and this person may enter."""
    if getattr(request, "tenant", None) is None:
        return ()
    here = str(request.path)
    rooms = {
        api.__name__.split(".")[2]: api.places(request)
        for api in room_doors()
        if hasattr(api, "places")
    }
    rooms["reports"] = reports.places(request)
    held = kinds(request) if request.person else frozenset()
    if held & {"administrator", "officer", "support"}:
        url = reverse("web:people:people")
        rooms["people"] = [Place(_("People"), url, "people", current=here.startswith(url))]
    if held & officer.ALLOWED:
        url = reverse("web:officer:tonight")
        rooms["promises"] = [Place(_("Promises"), url, "privacy", current=here.startswith(url))]
    first = [room for kind, own in FIRST.items() if kind in held for room in own]
    found = [Place(_("Today"), "/", "home", current=here == "/")] if request.person else []
    return found + [one for room in dict.fromkeys([*first, *rooms]) for one in rooms.get(room, ())]


def office_tabs(request: Any) -> Sequence[tuple[str, str, bool]]:
    """Return the tabs of the officer's place that this person may open."""
    return officer.tabs(request)


def account_menu(request: Any) -> Sequence[MenuLink]:
    """Return what the person finds under their name; a visitor finds the way in."""
    if getattr(request, "tenant", None) is None:
        return ()
    if not request.person:
        return [MenuLink(_("Sign in"), reverse("account_login"))]
    return [
        MenuLink(_("Your account"), reverse("web:account")),
        MenuLink(_("My privacy"), reverse("web:privacy")),
        MenuLink(_("Sign-in and security"), reverse("mfa_index")),
        MenuLink(_("Where you are signed in"), reverse("usersessions_list")),
        MenuLink(_("Sign out"), reverse("account_logout"), post=True),
    ]


def announcements(request: Any) -> Sequence[Announcement]:
    """Return what stands above every page: that this is the demo, and the call to make a course."""
    if getattr(request, "tenant", None) is None:
        return []
    said = [*handover.announcements(request), *notices.announcements(request)]
    said += _call_to_action(request)
    if settings.DEMO:
        text = _("This is a demonstration with invented people.")
        link = _("Enter as one of them")
        said.append(Announcement(text, url=reverse("web:personas"), link=link))
    return said


def _call_to_action(request: Any) -> list[Announcement]:
    """Invite visitors to make a first course, where the policy lets everybody (ilearn-page-cta)."""
    capabilities = in_force(clock.now()).capabilities
    if request.person or "cta" in request.COOKIES:
        return []
    if not {"courses.author.self", "account.sign_up"} <= capabilities:
        return []
    address = f"{reverse('account_signup')}?{urlencode({'next': reverse('courses:new')})}"
    text = _("Anybody can teach here what they know.")
    return [Announcement(text, url=address, link=_("Create your first course"), close="cta")]


def languages(request: Any) -> Sequence[tuple[str, str]]:
    """Return the languages of the interface, those of the tenant's policy first, in its order."""
    if getattr(request, "tenant", None) is None:
        return settings.LANGUAGES
    own = in_force(clock.now()).policy.policy.languages

    def rank(entry: tuple[str, str]) -> tuple[bool, bool, int]:
        code = entry[0]
        return code not in own, code == "en", own.index(code) if code in own else 0

    return sorted(settings.LANGUAGES, key=rank)


def talk(request: Any) -> Talk | None:
    """Return the way into the support chat, where the policy has one and this person wants it."""
    return chat.door(request)


def cookie_question(request: Any) -> Any:
    """Return what the page asks about cookies, if it still does."""
    return cookies.banner(request)


def language_cookie(request: Any) -> str:
    """Return the cookie that remembers the language: the policy's register names it."""
    if getattr(request, "tenant", None) is not None:
        for cookie in in_force(clock.now()).policy.cookie:
            if cookie.role == "language" and not cookie.retired:
                return cookie.name
    return settings.LANGUAGE_COOKIE_NAME


def _preferences(request: Any) -> Preferences | None:
    person = getattr(request, "person", None)
    return getattr(person, "preferences", None) if person else None


def stored_choice(request: HttpRequest) -> Choice | None:
    """Return how the signed-in person wants to see pages."""
    stored = _preferences(request)
    return read_choice(stored.display) if stored and stored.display else None


def stored_language(request: HttpRequest) -> str:
    """Return the language of the signed-in person."""
    stored = _preferences(request)
    return stored.language if stored else ""


def store_choice(request: Any, choice: Choice, language: str) -> None:
    """Keep the choice with the person; a visitor's stays in the cookie."""
    if request.person:
        values = {"display": choice.compact()} | ({"language": language} if language else {})
        Preferences.objects.update_or_create(
            person_id=request.person.pk,
            defaults=values,
            create_defaults={**values, "created_at": clock.now()},
        )


def measures(request: HttpRequest) -> Sequence[Any]:
    """Return what the page tells providers that count besides us."""
    return visits.measures(request)
