"""The evidence bundle: one HTML file that carries a report's figures with their data, and checks itself offline.

It asks nothing of any network. Whoever opens it sees by the browser's own SHA-256 whether what is shown is what was
exported, and compares that with the code on the paper. Members are given masked: nothing here hides anything.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any, Final

from chuan.lib import canonical
from chuan.rendering.text import clean, one_line

_HERE: Final = Path(__file__).resolve().parent
_STYLE: Final = (_HERE / "bundle.css").read_text()
_SCRIPT: Final = (_HERE / "bundle.js").read_text()
_CONTENT: Final = "nội dung trang này"


@dataclass(frozen=True, slots=True)
class BundleFigure:
    """A printed figure: what it says, how it is defined, and the masked rows of what it counts."""

    code: str
    name: str
    text: str
    definition: str
    columns: tuple[str, ...] = ()
    members: tuple[tuple[str, ...], ...] = ()
    hashes: tuple[tuple[str, str], ...] = ()
    """(what, SHA-256), such as that of the definition and of the frozen members."""

    def __post_init__(self) -> None:
        for number, row in enumerate(self.members, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"{self.code}: row {number} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class BundleSource:
    """A file that was hashed when the report was frozen, word for word, such as its snapshot in JSON."""

    name: str
    text: str
    sha256: str

    def __post_init__(self) -> None:
        if hashlib.sha256(self.text.encode()).hexdigest() != self.sha256:
            raise ValueError(f"{self.name} does not have the hash {self.sha256}")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle tells of a report; `facts` are (label, value), such as number, day and cut-off."""

    title: str
    facts: tuple[tuple[str, str], ...]
    figures: tuple[BundleFigure, ...]
    sources: tuple[BundleSource, ...] = ()
    notice: str = ""


def write_bundle(bundle: Bundle) -> bytes:
    """The file; same input, same bytes. Raises ValueError (BundleSource) where a source is not what was hashed."""
    content = canonical.dumps(_cleaned({name: value for name, value in asdict(bundle).items() if name != "sources"}))
    told = json.loads(content)
    sources = [(source.name, source.text) for source in bundle.sources]
    page = "".join(
        [
            "<!doctype html>\n",
            '<html lang="vi"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="robots" content="noindex">',
            f"<title>{escape(one_line(bundle.title))}</title><style>{_STYLE}</style></head><body><main>",
            _head(told),
            _checks(),
            *(_figure(index, figure) for index, figure in enumerate(told["figures"])),
            _hashes([(_CONTENT, content.decode()), *sources]),
            "</main>\n",
            _data(_CONTENT, content.decode(), ' id="content"'),
            *(_data(name, text) for name, text in sources),
            f"<script>{_SCRIPT}</script></body></html>\n",
        ]
    )
    return page.encode()


def _cleaned(value: object) -> object:
    """Every string as it can stand in any document, so that the page shows what the data hold."""
    match value:
        case str():
            return clean(value)
        case dict():
            return {key: _cleaned(item) for key, item in value.items()}
        case list() | tuple():
            return [_cleaned(item) for item in value]
        case _:
            return value


def _policy() -> str:
    """Nothing from anywhere; of scripts and styles only our own two."""
    script, style = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (_SCRIPT, _STYLE))
    return (
        f"default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; base-uri 'none'; "
        "form-action 'none'"
    )


def _data(name: str, text: str, more: str = "") -> str:
    """A text carried word for word, as a JSON string in which no tag can begin."""
    carried = json.dumps(text, ensure_ascii=False).replace("<", "\\u003c")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return (
        f'<script type="application/json"{more} data-name="{escape(name)}" data-sha256="{sha256}">{carried}</script>\n'
    )


def _shown(tag: str, path: str, text: str, more: str = "") -> str:
    return f'<{tag}{more} data-path="{path}">{escape(text)}</{tag}>'


def _head(told: Any) -> str:
    pairs = "".join(
        _shown("dt", f"facts.{n}.0", label) + _shown("dd", f"facts.{n}.1", value)
        for n, (label, value) in enumerate(told["facts"])
    )
    notice = _shown("p", "notice", told["notice"]) if told["notice"] else ""
    return f"{_shown('h1', 'title', told['title'])}{notice}<dl>{pairs}</dl>"


def _checks() -> str:
    return (
        '<h2>Kiểm tra</h2><div id="check" class="check" role="status">Trình duyệt đang tắt JavaScript nên tệp chưa tự '
        "kiểm được; nội dung dưới đây vẫn đọc được.</div>"
        '<div class="typed"><label for="paper">Mã SHA-256 in ở chân văn bản (ít nhất 8 ký tự đầu)</label>'
        '<input id="paper" autocomplete="off" spellcheck="false" disabled><div id="answer" role="status"></div></div>'
    )


def _figure(index: int, figure: Any) -> str:
    path = f"figures.{index}"
    hashes = "".join(
        f"{_shown('dt', f'{path}.hashes.{n}.0', what)}<dd>{_shown('code', f'{path}.hashes.{n}.1', sha256)}</dd>"
        for n, (what, sha256) in enumerate(figure["hashes"])
    )
    value = _shown("dd", f"{path}.text", figure["text"], ' class="value"')
    return (
        f"<section data-figure><h2>{_shown('span', f'{path}.name', figure['name'])}</h2><dl>"
        f"<dt>Mã số liệu</dt><dd>{_shown('code', f'{path}.code', figure['code'])}</dd>"
        f"<dt>Giá trị đã in</dt>{value}"
        f"<dt>Định nghĩa</dt>{_shown('dd', f'{path}.definition', figure['definition'])}{hashes}</dl>"
        f"{_members(path, figure)}</section>"
    )


def _members(path: str, figure: Any) -> str:
    rows = figure["members"]
    if not rows:
        return "<p>Không kèm danh sách bản ghi.</p>"
    heads = "".join(
        _shown("th", f"{path}.columns.{n}", head, ' scope="col"') for n, head in enumerate(figure["columns"])
    )
    lines = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    caption = f"Những bản ghi được tính trong {escape(figure['code'])}, thông tin cá nhân đã che"
    return (
        f'<details><summary>Xem {len(rows)} bản ghi được tính</summary><table data-rows="{path}.members">'
        f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></details>"
    )


def _cells(row: Iterable[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in row)


def _hashes(texts: Iterable[tuple[str, str]]) -> str:
    pairs = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{hashlib.sha256(text.encode()).hexdigest()}</code></dd>"
        for name, text in texts
    )
    return f"<h2>Mã SHA-256 của dữ liệu kèm theo</h2><dl>{pairs}</dl>"
