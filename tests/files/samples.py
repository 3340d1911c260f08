"""Small files of every kind, honest and hostile."""

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
JPG = b"\xff\xd8\xff\xe0" + bytes(40)


def package(member: str, *others: str, content: bytes = b"<x/>") -> bytes:
    """An Office package with one main member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", member, *others):
            archive.writestr(name, content)
    return out.getvalue()


DOCX = package("word/document.xml")
XLSX = package("xl/workbook.xml")


def bomb(declared: int = 210 * 2**20) -> bytes:
    """Little to send, much to unpack."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            piece = bytes(2**20)
            for _ in range(declared // 2**20):
                sheet.write(piece)
    return out.getvalue()


def crowd(members: int = 5001) -> bytes:
    """More members than any document has."""
    return package("xl/workbook.xml", *(f"xl/media/{n}.xml" for n in range(members)), content=b"")
