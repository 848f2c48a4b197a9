"""What a stranger finds at the public address of a tenant (learnifier-13.b).

Versions of TLS before 1.2 are offered and must be refused, a page is asked for without TLS and must
lead to the one with it, and that one must tell browsers to insist (HSTS, RFC 6797).
"""

import http.client
import socket
import ssl
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

PATIENCE_SECONDS = 10
OLD = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
NAMES = {ssl.TLSVersion.TLSv1: "TLS 1.0", ssl.TLSVersion.TLSv1_1: "TLS 1.1"}
UNABLE = {"NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE"}
"""Why OpenSSL does not even ask, where its build or the system's rules forbid old versions."""


@dataclass(frozen=True)
class Ports:
    """Where an address is reached with TLS and without."""

    https: int = 443
    http: int = 80


@dataclass(frozen=True)
class Seen:
    """One thing that was tried at an address; ``remedy`` is empty where all is well."""

    what: str
    remedy: str


def scan(host: str, ports: Ports) -> Iterator[Seen]:
    """Visit a host as a stranger does, and say of each thing whether it is as it must be."""
    yield Seen("TLS 1.2 or later, HSTS", _insisting(host, ports.https))
    for version in OLD:
        yield Seen(f"{NAMES[version]} refused", _refusing(host, ports.https, version))
    yield Seen("http redirected", _redirecting(host, ports.http))


def _insisting(host: str, port: int) -> str:
    """What is wrong with the answer over TLS; the certificate is verified, as browsers do."""
    verified = ssl.create_default_context()
    verified.minimum_version = ssl.TLSVersion.TLSv1_2
    there = http.client.HTTPSConnection(host, port, timeout=PATIENCE_SECONDS, context=verified)
    try:
        there.request("GET", "/robots.txt", headers={"User-Agent": "skola doctor"})
        told = there.getresponse().headers.get("Strict-Transport-Security", "")
    except (OSError, http.client.HTTPException) as problem:
        return f"{host}:{port} does not answer over TLS: {problem}. Serve it as run.md says."
    finally:
        there.close()
    if _seconds(told) < settings.SECURE_HSTS_SECONDS or not _seconds(told):
        return "Browsers are not told to insist: set SKOLA_HTTPS=yes, and let the header through."
    return ""


def _seconds(header: str) -> int:
    """Return for how long a Strict-Transport-Security header binds; 0 where it does not."""
    parts = [part.strip().partition("=") for part in header.split(";")]
    told = [value.strip('" ') for name, _, value in parts if name.strip().lower() == "max-age"]
    return int(told[0]) if told and told[0].isdecimal() else 0


def _refusing(host: str, port: int, version: ssl.TLSVersion) -> str:
    """What is wrong when a handshake of an old version is offered: that it succeeds."""
    try:
        with socket.create_connection((host, port), PATIENCE_SECONDS) as line:
            try:
                with _only(version).wrap_socket(line, server_hostname=host):
                    return f"{NAMES[version]} is spoken: set the proxy to TLS 1.2 and later."
            except (ssl.SSLError, ConnectionError) as problem:
                if getattr(problem, "reason", "") in UNABLE:
                    return f"This machine cannot offer {NAMES[version]}: scan from another one."
                return ""
    except OSError as problem:
        return f"{host}:{port} cannot be reached: {problem}."


def _only(version: ssl.TLSVersion) -> ssl.SSLContext:
    """Return what offers one old version and nothing else. Nothing is sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():  # that the version is deprecated is why we ask
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    return context


def _redirecting(host: str, port: int) -> str:
    """What is wrong with the answer without TLS: it must lead to the same host over TLS."""
    there = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    try:
        there.request("GET", "/privacy/", headers={"User-Agent": "skola doctor"})
        answer = there.getresponse()
        target = urlsplit(answer.headers.get("Location", ""))
    except (OSError, http.client.HTTPException) as problem:
        return f"{host}:{port} does not answer, so http leads nowhere: {problem}."
    finally:
        there.close()
    if answer.status in {301, 308} and target.scheme == "https" and target.hostname == host:
        return ""
    return f"http://{host}:{port} answers {answer.status}: redirect it for good to https."
