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

from chuan.rendering.errors import FontsMissing, RenderingError, TextCannotBePrinted

_HERE: Final = Path(__file__).resolve().parent
_FONT_FILES: Final = tuple(
    f"Tinos_{style}.ttf" for style in ("400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic")
)
_UNPRINTABLE: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_one_at_a_time = threading.Lock()

Standard = Literal["a-3a", "ua-1"]


def font_folder() -> Path:
    """The folder with Tinos: beside this package when installed from a wheel, else among the npm packages."""
    candidates = (_HERE / "fonts", _HERE.parents[1] / "node_modules" / "@expo-google-fonts" / "tinos")
    for folder in candidates:
        if folder.is_dir() and {path.name for path in folder.rglob("*.ttf")}.issuperset(_FONT_FILES):
            return folder
    raise FontsMissing(
        f"Không tìm thấy phông chữ Tinos trong {' hoặc '.join(map(str, candidates))}. "
        "Hãy chạy lại ./run (bước cài đặt tải gói @expo-google-fonts/tinos)."
    )


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
    missing = list(dict.fromkeys(_UNPRINTABLE.findall(f"{error.message}\n{error.diagnostic}")))
    if not missing:
        return RenderingError(f"Không tạo được tệp PDF: {error.message}")
    letters = {letter for text in missing for letter in text}
    places = [text for text in _strings(data) if letters & set(text)]
    where = "; ".join(f"“{_excerpt(text, letters)}”" for text in places[:3])
    return TextCannotBePrinted(
        f"Phông chữ văn bản không có ký tự {', '.join(missing)}, xuất hiện ở {where or 'một hình vẽ'}. "
        "Hãy sửa lại nội dung này rồi xuất lại."
    )


def _excerpt(text: str, letters: set[str]) -> str:
    at = next(index for index, letter in enumerate(text) if letter in letters)
    return text[max(0, at - 30) : at + 30]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _strings(inner)
