"""Learnifier's addresses speak TLS only, as a stranger finds who tries them from outside."""

import http.server
import ipaddress
import json
import os
import ssl
import subprocess
import threading
import time
import warnings
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client

from skola.ground.db.setup import APP
from skola.ground.journal.book import Book
from skola.ground.tenants.models import Host, Tenant
from skola.web.commands import doctor, installation, serve
from skola.web.commands.serve import Tls
from tests.journeys.running import free_port
from tests.promises.keeping import keeps
from tests.server import SERVER

pytestmark = [pytest.mark.tenant("learnifier"), pytest.mark.django_db(transaction=True)]
PATIENCE_SECONDS = 60
YEAR = 31_536_000
TRIED = ("TLS 1.2 or later, HSTS", "TLS 1.0 refused", "TLS 1.1 refused", "http redirected")


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tls:
    """A certificate for this machine's name that this test trusts, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names: list[x509.GeneralName] = [x509.DNSName("localhost")]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = Tls(tmp_path / "certificate.pem", tmp_path / "key.pem")
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(files.certificate))
    return files


@pytest.fixture
def public(tenant: Tenant) -> Host:
    """The tenant has an address that a stranger reaches."""
    return Host.objects.create(name="localhost", tenant=tenant)


@contextmanager
def served(port: int, journal: Path, tls: Tls | None = None) -> Iterator[None]:
    """Skola as `skola serve` starts it, with SKOLA_HTTPS, on the database of this test."""
    environment = {
        **os.environ,
        "SKOLA_HTTPS": "yes",
        "SKOLA_DATABASE_URL": SERVER.url(APP, connection.settings_dict["NAME"]),
        "SKOLA_JOURNAL": str(journal),
    }
    environment.pop("SKOLA_OWNER_DATABASE_URL")
    running = subprocess.Popen(serve.command(port, workers=1, tls=tls), env=environment)
    try:
        yield
    finally:
        running.terminate()
        running.wait(timeout=PATIENCE_SECONDS)


class Careless(http.server.BaseHTTPRequestHandler):
    """Answers everybody, without a word about TLS."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_told: Any) -> None:
        """Nothing is said."""


@contextmanager
def careless(port: int, tls: Tls | None = None) -> Iterator[None]:
    """What stands before a service and was set up by nobody: old versions are spoken."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Careless) as server:
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.certificate, tls.key)
            context.set_ciphers("ALL:@SECLEVEL=0")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = ssl.TLSVersion.TLSv1
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def scanned(ports: tuple[int, int], capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What `skola doctor --scan` says of the address: each thing tried, and what is wrong."""
    capsys.readouterr()
    options = {"json": True, "scan": True, "data": Path()}
    doctor.run(Namespace(**options, https_port=ports[0], http_port=ports[1]))
    found = json.loads(capsys.readouterr().out)
    where = "learnifier: localhost: "
    return {
        row["measure"].removeprefix(where): row["remedy"]
        for row in found
        if row["measure"].startswith(where)
    }


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The doctor looks at the installation of the test, which is to be reached over TLS."""
    monkeypatch.setattr(installation, "open_up", lambda *_args, **_kwargs: None)
    settings.SECURE_HSTS_SECONDS = YEAR


@keeps("learnifier-13.b")
def test_a_scan_finds_no_old_version_a_redirect_from_http_and_hsts(
    tls: Tls, public: Host, here: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Book(tmp_path / "journal").begin()
    ports = free_port(), free_port()
    end = time.monotonic() + PATIENCE_SECONDS
    with ExitStack() as running:
        running.enter_context(served(ports[0], tmp_path / "journal", tls))
        running.enter_context(served(ports[1], tmp_path / "journal"))
        found = scanned(ports, capsys)
        while any("not answer" in said or "be reached" in said for said in found.values()):
            assert time.monotonic() < end, found
            time.sleep(0.5)
            found = scanned(ports, capsys)
    assert found == dict.fromkeys(TRIED, "")
    told = Client(HTTP_HOST="learnifier.localhost").get("/privacy/").content.decode()
    assert "100% secure" in told


@keeps("learnifier-13.b")
def test_a_scan_says_what_is_wrong_with_an_address(
    tls: Tls, public: Host, here: None, capsys: pytest.CaptureFixture[str]
) -> None:
    ports = free_port(), free_port()
    with careless(ports[0], tls), careless(ports[1]):
        found = scanned(ports, capsys)
    assert found == {
        "TLS 1.2 or later, HSTS": "Browsers are not told to insist: set SKOLA_HTTPS=yes, and let"
        " the header through.",
        "TLS 1.0 refused": "TLS 1.0 is spoken: set the proxy to TLS 1.2 and later.",
        "TLS 1.1 refused": "TLS 1.1 is spoken: set the proxy to TLS 1.2 and later.",
        "http redirected": f"http://localhost:{ports[1]} answers 200: redirect it for good to"
        " https.",
    }
    assert set(scanned(ports, capsys)) == set(TRIED)
    assert all(scanned(ports, capsys).values()), "nobody answers there any more"
