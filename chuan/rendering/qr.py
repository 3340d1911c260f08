"""QR codes that lead from paper to the system."""

import io
from xml.sax.saxutils import escape

import segno

from chuan.rendering.text import one_line

_BORDER = 4  # modules of quiet zone that ISO/IEC 18004 asks for


def qr_svg(url: str, alt: str) -> str:
    """The code as SVG with a view box (it takes the size it is given), `alt` as its title; UTF-8 safe."""
    out = io.BytesIO()
    title = escape(one_line(alt), {'"': "&quot;"})
    _code(url).save(out, kind="svg", border=_BORDER, omitsize=True, xmldecl=False, nl=False)
    svg = out.getvalue().decode()
    head, _, rest = svg.partition(">")
    return f'{head} role="img" aria-label="{title}"><title>{title}</title>{rest}'


def qr_png(url: str, scale: int = 10) -> bytes:
    """The code as PNG, `scale` pixels a module."""
    out = io.BytesIO()
    _code(url).save(out, kind="png", border=_BORDER, scale=scale)
    return out.getvalue()


def _code(url: str) -> segno.QRCode:
    if not url.strip():
        raise ValueError("a QR code needs an address")
    return segno.make(url, error="m", micro=False)
