"""Pages that use the visitor's own data are closed while that use is stopped."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponseBase
from django.shortcuts import render

from skola.ground import clock
from skola.promises.rights.objections.queries import may_use

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


def unless_stopped(capability: str) -> Callable[[View[P]], View[P]]:
    """Close a page to who objected to every purpose that enables ``capability``.

    It says so, and where the objection is. Source: ema-1.5.5, ilearn-10.d.
    """

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def gated(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = request.person
            if person is None or may_use(person.pk, capability, now=clock.now()):
                return view(request, *args, **kwargs)
            return stopped(request)

        return gated

    return wrap


def stopped(request: Any) -> HttpResponseBase:
    """Return the page that says that the visitor stopped this use of their data."""
    return render(request, "objections/stopped.html", status=403)
