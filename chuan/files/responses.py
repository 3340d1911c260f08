"""How a stored file is handed out: as an attachment or in a frame of our own, never sniffed, cached by nobody."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from chuan.files.models import StoredFile
from chuan.files.store import read


def download(file: StoredFile) -> HttpResponse:
    """The file's bytes; the caller has found it through its own `visible_to`."""
    return attachment(read(file), file.name, file.media_type)


def shown(file: StoredFile) -> HttpResponse:
    """A PDF that one of our own pages shows in a frame; any other kind of file is saved, not shown."""
    if file.media_type != "application/pdf":
        return download(file)
    response = HttpResponse(read(file), content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=file.name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "frame-ancestors 'self'"
    return response


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes that the browser saves rather than shows."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
