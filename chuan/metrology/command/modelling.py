"""`chuan metrology model FILE.toml`: the model as the kernel read it, as plain text, MathML or typst."""

import sys
from collections.abc import Sequence

from chuan.metrology.command.calls import Parser
from chuan.metrology.files.reading import load, one_line
from chuan.metrology.files.uncertainty import read
from chuan.metrology.model.writing import Form
from chuan.metrology.words import Language, Refused, Text

_USAGE = Text(
    """chuan metrology model TỆP.toml [--text | --mathml | --typst] [--lang vi|en]

Mô hình của một tệp kind = "uncertainty" như đã đọc, mỗi đại lượng đo một dòng: chữ thường (mặc định; đọc lại được
đúng mô hình ấy), MathML cho trang web, hay typst cho văn bản in. Dấu phẩy thập phân trong MathML và typst theo --lang.

Mã thoát: 0 đã viết; 2 tệp hoặc lệnh sai, một dòng lý do.
""",
    """chuan metrology model FILE.toml [--text | --mathml | --typst] [--lang vi|en]

The model of a file of kind = "uncertainty" as it was read, one line for each measurand: plain text (default; it reads
back to the same model), MathML for web pages, or typst for print. Decimal signs of MathML and typst follow --lang.

Exit status: 0 written; 2 the file or the call is wrong, one line says why.
""",
)
_MISSING = Text("thiếu tên tệp", "the file's name is missing")
_KIND = Text('chỉ tệp kind = "uncertainty" có mô hình', 'only a file of kind = "uncertainty" has a model')
_ONE_FORM = Text("chỉ một trong --text, --mathml, --typst", "only one of --text, --mathml, --typst")


def main(arguments: Sequence[str], language: Language) -> int:
    """Write the model of one file."""
    parser = Parser(prog="chuan metrology model", add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?")
    for form in ("text", "mathml", "typst"):
        parser.add_argument(f"--{form}", action="store_true")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("-h", "--help", action="store_true")
    asked = parser.parse_args(list(arguments))
    if asked.help:
        sys.stdout.write(_USAGE.say(language))
        return 0
    if asked.file is None:
        raise Refused(_MISSING)
    if asked.text + asked.mathml + asked.typst > 1:
        raise Refused(_ONE_FORM)
    form_asked: Form = "mathml" if asked.mathml else "typst" if asked.typst else "plain"
    for line in equations(asked.file, form_asked, language):
        sys.stdout.write(f"{line}\n")
    return 0


def equations(file: str, form: Form, language: Language) -> list[str]:
    """The equations of a file's measurands, in order."""
    try:
        document = load(file)
        if document.get("kind") != "uncertainty":
            raise Refused(_KIND, "kind")
        model = read(document).measurement.model
    except Refused as refused:
        raise one_line(refused).of_file(file) from None
    return [model.write(form, symbol, language) for symbol in model.outputs]
