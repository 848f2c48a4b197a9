"""What every template may ask: the notice beside a form."""

from collections.abc import Callable

from django.http import HttpRequest

from skola.ground import clock
from skola.promises.notices.collection import Collection, notice_for


def notices(request: HttpRequest) -> dict[str, Callable[[str], Collection]]:
    """Context processor: ``notice_at("sign-up")``, for ``notices/at_collection.html``."""
    return {"notice_at": lambda form: notice_for(form, clock.now())}
