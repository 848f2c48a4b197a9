"""Addresses of the published log."""

from django.urls import path

from skola.web.auditing import public

app_name = "log"

urlpatterns = [
    path("checkpoint", public.checkpoint, name="checkpoint"),
    path("key", public.key, name="key"),
    path("handovers", public.handovers, name="handovers"),
    path("tile/entries/<path:place>", public.entries, name="entries"),
    path("tile/<path:place>", public.tile, name="tile"),
]
