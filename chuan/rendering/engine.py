"""Typst as a mechanism: a source of ours, data as JSON, files by name; the same input gives the same bytes."""

import functools
import json
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import typst

from chuan.rendering.errors import RenderingError, TextCannotBePrinted
from chuan.rendering.fonts import font_folder, lacking, spelled

_UNPRINTABLE: Final = re.compile(r'the (?:text|PDF contains the codepoint) `"(.+?)"`')
_ESCAPE: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_one_at_a_time = threading.Lock()

Standard = Literal["a-3a", "ua-1"]


@functools.cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def typeset(
    source: bytes,
    data: Mapping[str, Any],
    *,
    files: Mapping[str, bytes] | None = None,
    output: Literal["pdf", "png"] = "pdf",
    standards: Sequence[Standard] = (),
    ppi: float = 144,
) -> bytes:
    """Compile `source` with `data` in `sys.inputs.data` and `files` readable under "/".

    Raises TextCannotBePrinted where the font lacks a character: a document never shows an empty box instead.
    """
    with tempfile.TemporaryDirectory(prefix="chuan-typeset-") as root:
        for name, content in (files or {}).items():
            (Path(root) / name).write_bytes(content)
        try:
            with _one_at_a_time:
                made = _compiler().compile(
                    source,
                    root=root,
                    format=output,
                    ppi=ppi,
                    sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
                    pdf_standards=list(standards),
                    timestamp=0,
                )
        except typst.TypstError as error:
            raise _explain(error, data) from error
    if not isinstance(made, bytes):
        raise RenderingError("Bản vẽ phải nằm gọn trong một trang.")
    return made


def _explain(error: typst.TypstError, data: Mapping[str, Any]) -> RenderingError:
    named = _UNPRINTABLE.findall(f"{error.message}\n{error.diagnostic}")
    if not named:
        return RenderingError(f"Không tạo được tệp PDF: {error.message}")
    # All that the font lacks, not only where the compiler stopped.
    missing = list(dict.fromkeys(letter for text in strings_of(data) for letter in lacking(text)))
    missing = missing or list(dict.fromkeys("".join(map(_unescaped, named))))
    letters = set(missing)
    places = [text for text in strings_of(data) if letters & set(text)]
    where = "; ".join(f"“{_excerpt(text, letters)}”" for text in places[:3])
    return TextCannotBePrinted(
        f"Phông chữ văn bản không có ký tự {', '.join(map(spelled, missing))}, xuất hiện ở {where or 'một hình vẽ'}. "
        "Hãy sửa lại nội dung này rồi xuất lại."
    )


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)


def _excerpt(text: str, letters: set[str]) -> str:
    at = next(index for index, letter in enumerate(text) if letter in letters)
    return text[max(0, at - 30) : at + 30]


def strings_of(value: object) -> Iterator[str]:
    """Every text in nested lists and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings_of(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from strings_of(inner)
