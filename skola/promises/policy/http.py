"""A request is answered by one policy from its beginning to its end."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from skola.promises.policy.catalogue import one_look


class OneLook:
    """Look once a request at which versions there are; pages ask for the policy many times."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with one_look():
            return self.get_response(request)
