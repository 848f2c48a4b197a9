"""What every template may ask: the notice beside a form, and the version that binds."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest

from skola.ground import clock
from skola.promises.notices import words
from skola.promises.notices.collection import Collection, notice_for
from skola.promises.notices.queries import history
from skola.promises.policy.api import in_force


def notices(request: HttpRequest) -> Mapping[str, Callable[..., object]]:
    """Context processor: ``notice_at("sign-up")``, for ``notices/at_collection.html``, and
    ``newest_notice()``, for ``notices/account_card.html``.
    """
    return {"notice_at": _notice_at, "newest_notice": _newest}


def _notice_at(form: str) -> Collection:
    return notice_for(form, clock.now())


def _newest() -> dict[str, object] | None:
    """Return the version in force with what it changed; None before there is one."""
    now = clock.now()
    steps = history(in_force(now).policy.policy.tenant, now)
    for step in steps:
        if step.state(now) == "in-force":
            return {"step": step, "now": now, "words": words}
    return None
