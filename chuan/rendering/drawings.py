"""SVG drawings: refused when they reach outside themselves, and turned into PNG for programs that need pixels."""

import re
from typing import Final

from lxml import etree

from chuan.rendering.engine import typeset
from chuan.rendering.errors import UnsafeDrawing

_SVG: Final = "{http://www.w3.org/2000/svg}"
_ACTIVE: Final = frozenset({"script", "foreignObject", "iframe", "set", "animate", "animateTransform", "animateMotion"})
_INSIDE: Final = re.compile(r"#|data:image/(png|jpeg);base64,")
_OUTSIDE_URL: Final = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)
_LIMIT: Final = 4_000_000
_PAGE: Final = b"""
#let data = json(bytes(sys.inputs.data))
#set page(width: data.width * 1mm, height: auto, margin: 0pt, fill: white)
#set text(font: "Tinos", lang: "vi")
#image(bytes(data.svg), format: "svg", width: 100%)
"""


def check_svg(svg: str) -> str:
    """The drawing itself, if it is SVG without scripts, entities and outside references; else UnsafeDrawing."""
    if len(svg) > _LIMIT:
        raise UnsafeDrawing("Hình vẽ SVG quá lớn; hãy vẽ lại với ít chi tiết hơn.")
    if "<!DOCTYPE" in svg.upper() or "<!ENTITY" in svg.upper():
        raise UnsafeDrawing("Hình vẽ SVG có khai báo DOCTYPE hoặc ENTITY nên bị từ chối.")
    try:
        root = etree.fromstring(svg.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnsafeDrawing(f"Hình vẽ không phải là SVG đúng cú pháp: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise UnsafeDrawing("Hình vẽ không phải là SVG.")
    for element in root.iter(etree.Element):
        _refuse_active(element)
    return svg


def _refuse_active(element: "etree._Element") -> None:
    name = etree.QName(element).localname
    if name in _ACTIVE:
        raise UnsafeDrawing(f"Hình vẽ SVG có phần tử <{name}> nên bị từ chối.")
    if name == "style" and _OUTSIDE_URL.search(element.text or ""):
        raise UnsafeDrawing("Hình vẽ SVG trỏ ra ngoài tệp nên bị từ chối.")
    for key, value in element.attrib.items():
        attribute = etree.QName(key).localname.lower()
        if attribute.startswith("on"):
            raise UnsafeDrawing(f"Hình vẽ SVG có thuộc tính {attribute} nên bị từ chối.")
        if attribute in ("href", "src") and not _INSIDE.match(value.strip()):
            raise UnsafeDrawing("Hình vẽ SVG trỏ ra ngoài tệp nên bị từ chối.")
        if _OUTSIDE_URL.search(value):
            raise UnsafeDrawing("Hình vẽ SVG trỏ ra ngoài tệp nên bị từ chối.")


def svg_to_png(svg: str, *, width_mm: float, ppi: float = 220) -> bytes:
    """The checked drawing as PNG, `width_mm` wide on paper."""
    return typeset(_PAGE, {"svg": check_svg(svg), "width": width_mm}, output="png", ppi=ppi)
