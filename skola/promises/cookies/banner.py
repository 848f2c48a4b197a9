"""The question about cookies at the foot of a page, while it waits for an answer."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from skola.promises.cookies import shown
from skola.promises.cookies.queries import standing


@dataclass(frozen=True)
class Question:
    """What the banner asks; ``template`` draws it."""

    groups: list[shown.Group]
    choice_name: str
    gpc: bool
    next: str
    template: str = "cookies/banner.html"


def banner(request: Any) -> Question | None:
    """Return the question, or None where there is nothing to ask or the answer is known.

    It asks in three buttons of equal weight, says for what and with whom before anybody chooses,
    and stays on every page until it is answered (ilearn-cookie-choice, ema-11.3). On the settings
    page the whole question stands anyway.
    """
    if getattr(request, "tenant", None) is None:
        return None
    now = standing(request)
    entry = now.register.with_role("choice")
    here = request.path.startswith(reverse("cookies:settings"))
    if now.choice is not None or entry is None or here or not now.register.needs_banner:
        return None
    return Question(
        groups=[one for one in shown.groups(request, with_rows=False) if not one.fixed],
        choice_name=entry.name,
        gpc=now.gpc and bool(now.register.followed),
        next=request.get_full_path(),
    )
