"""Answering with a file: whole or in part, never as anything else than what it is."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

from skola.ground.files.models import StoredFile
from skola.ground.files.queries import reader_of
from skola.ground.files.rules import Family, OutOfReachError, Span, asked_span


def serve(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """Answer a GET or HEAD with the file, or with the range asked for (RFC 9110, 13 and 14).

    Documents are downloads; pictures, video and captions may be shown. Nothing runs in them.
    """
    etag = f'"{stored.sha256[:32]}"'
    if etag in _listed(request.headers.get("If-None-Match", "")):
        return _guard(HttpResponse(status=304), stored, etag)
    try:
        span = _span(request, stored, etag)
    except OutOfReachError:
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
        return _guard(refused, stored, etag)
    part = span or Span(0, stored.size - 1)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse()
    else:
        response = StreamingHttpResponse(_bytes(stored, part))
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.first}-{span.last}/{stored.size}"
    response["Content-Length"] = str(len(part))
    return _guard(response, stored, etag)


def _bytes(stored: StoredFile, part: Span) -> Iterator[bytes]:
    """The key is fetched here and now: while the body is sent, no tenant is speaking any more."""
    return reader_of(stored).span(part.first, part.last)


def _listed(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _span(request: HttpRequest, stored: StoredFile, etag: str) -> Span | None:
    header = request.headers.get("Range", "")
    condition = request.headers.get("If-Range")
    if not header or (condition is not None and not _unchanged(condition, stored, etag)):
        return None
    return asked_span(header, stored.size)


def _unchanged(condition: str, stored: StoredFile, etag: str) -> bool:
    if condition.startswith(('"', "W/")):
        return condition == etag
    return parse_http_date_safe(condition) == int(stored.created_at.timestamp())


def _guard(response: HttpResponseBase, stored: StoredFile, etag: str) -> HttpResponseBase:
    shown = stored.family is not Family.DOCUMENT
    response["Content-Type"] = stored.content_type
    response["ETag"] = etag
    response["Last-Modified"] = http_date(stored.created_at.timestamp())
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    disposition = content_disposition_header(not shown, stored.name)
    response["Content-Disposition"] = disposition or "attachment"
    return response
