"""How a stored file is handed out: always as an attachment, never sniffed, cached by nobody."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from chuan.files.models import StoredFile
from chuan.files.store import read


def download(file: StoredFile) -> HttpResponse:
    """The file's bytes; the caller has found it through its own `visible_to`."""
    return attachment(read(file), file.name, file.media_type)


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes that the browser saves rather than shows."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
