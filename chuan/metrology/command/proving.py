"""`chuan compute --proof OUT` and `chuan metrology check PROOF`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chuan.metrology import KERNEL, checker, proof
from chuan.metrology.command.calls import Parser
from chuan.metrology.files import Options
from chuan.metrology.files.reading import content, parse
from chuan.metrology.words import Language, Refused, Text, cause_of

#: What two correct mathematical libraries may differ by, after some operations.
_ROUNDING = 1e-12

_USAGE = Text(
    """chuan metrology check TỆP [--threads T] [--lang vi|en]

Tính lại một tệp bằng chứng (chuan compute … --proof TỆP) bằng chính phần mềm này: giống hệt đến từng bit, hoặc nêu khóa
đầu tiên khác nhau với cả hai giá trị. Tệp của kernel cũ được so với kết quả mà kernel ấy đã cho; kernel mới thêm hay
đổi gì thì nêu kèm số phiên bản.

Mọi kết quả còn được tính lại bằng bộ tính thứ hai, viết riêng, 50 chữ số, mọi số khớp trong 10⁻¹⁰; phần Monte Carlo
được so với số rút bằng bộ sinh khác, trong độ tán của chúng; phần nào không tính lại thì nói rõ.

Mã thoát: 0 giống hệt và hai bộ tính khớp nhau; 1 có khác; 2 không đọc được tệp.
""",
    """chuan metrology check FILE [--threads T] [--lang vi|en]

Recompute a proof file (chuan compute … --proof FILE) with this kernel: identical to the last bit, or the first key that
differs with both values. An older kernel's file is held to what that kernel gave; what newer ones add or change is
named by version.

Every result is also recomputed by the second kernel, written separately, with 50 digits, every number to 10⁻¹⁰; Monte
Carlo's part is held to other draws of another generator, within their scatter; what is not recomputed is said.

Exit status: 0 identical and both kernels agree; 1 something differs; 2 the file cannot be read.
""",
)
_MISSING = Text("thiếu tên tệp bằng chứng", "the proof file's name is missing")
_SAME_FILE = Text("--proof trùng với chính tệp được tính", "--proof is the very file that is computed")
_CANNOT_WRITE = Text("không ghi được: {why}", "cannot be written: {why}")
_IDENTICAL = Text("giống hệt: SHA-256 {sha256}", "identical: SHA-256 {sha256}")
_DIFFERS = Text(
    "khác ở {key}: trong tệp {stored}, tính lại {found}", "differs at {key}: stored {stored}, recomputed {found}"
)
_LAST_DIGIT = Text(
    "chỉ lệch {relative:.0e} phần: bộ xử lý hoặc thư viện toán khác có thể làm khác chữ số cuối",
    "off by a part of {relative:.0e} only: another processor or mathematical library may change the last digit",
)
_KERNEL = Text("tệp do kernel {made} tính, bản này là {here}", "the file was computed by kernel {made}, this is {here}")
_NUMPY = Text("tệp dùng numpy {made}, máy này có {here}", "the file used numpy {made}, here is {here}")
_AGREE = Text(
    "bộ tính thứ hai: {compared} số khớp trong 10⁻¹⁰, lệch nhiều nhất {largest:.0e} ở {key}",
    "second kernel: {compared} numbers agree to 10⁻¹⁰, the largest difference is {largest:.0e} at {key}",
)
_DRAWN = Text(
    "bộ tính thứ hai rút số bằng bộ sinh khác: {drawn} giá trị Monte Carlo khớp trong {most:.0f} sai số chuẩn, xa nhất "
    "{farthest:.1f}; chỉ thấy được điều lớn hơn độ tán ấy",
    "second kernel, other draws: {drawn} Monte Carlo values agree within {most:.0f} standard errors, the farthest is "
    "{farthest:.1f}; nothing smaller than that scatter is seen",
)
_LEFT_OUT = Text("bộ tính thứ hai không tính lại: {keys}", "the second kernel did not recompute: {keys}")
_DISAGREE = Text(
    "bộ tính thứ hai khác ở {key}: {stored} và {found}", "the second kernel differs at {key}: {stored} and {found}"
)


def prove(file: str, out: str, options: Options) -> dict[str, Any]:
    """Compute a file and write its proof; the proof."""
    if Path(out).exists() and Path(file).exists() and Path(out).samefile(file):
        raise Refused(_SAME_FILE)
    text = content(file)
    found = proof.prove(parse(text), options, text.decode("utf-8-sig"))
    try:
        Path(out).write_bytes(proof.write(found))
    except OSError as error:
        raise Refused(_CANNOT_WRITE.put(why=cause_of(error)), out) from None
    return found


def main(arguments: Sequence[str], language: Language) -> int:
    """`chuan metrology check`: 0 identical, 1 different."""
    asked = _parser().parse_args(list(arguments))
    if asked.help:
        sys.stdout.write(_USAGE.say(language))
        return 0
    if asked.file is None:
        raise Refused(_MISSING)
    try:
        verdict = proof.verify(content(asked.file), threads=asked.threads)
    except Refused as refused:
        raise refused.of_file(asked.file) from None
    lines, status = _lines(verdict)
    sys.stdout.write("".join(f"{line.say(language)}\n" for line in lines))
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="chuan metrology check", add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--threads", type=int, choices=range(1, 65), metavar="1…64", default=1)
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("-h", "--help", action="store_true")
    return parser


def _lines(verdict: proof.Verdict) -> tuple[list[Text], int]:
    """What is said of a proof, and the exit status."""
    mismatch = verdict.mismatch
    if mismatch is None:
        lines, status = [_IDENTICAL.put(sha256=verdict.sha256)], 0
    else:
        lines, status = [_differs(mismatch)], 1
        if mismatch.relative and mismatch.relative < _ROUNDING:
            lines.append(_LAST_DIGIT.put(relative=mismatch.relative))
    if verdict.kernel != KERNEL:
        lines += [_KERNEL.put(made=verdict.kernel, here=KERNEL), *verdict.later]
    if verdict.numpy not in (None, proof.numpy_version()):
        lines.append(_NUMPY.put(made=verdict.numpy, here=proof.numpy_version()))
    if status and verdict.kernel == KERNEL:
        return lines, status
    # What another version of this kernel found is still held against the second one.
    second, differs = _second_kernel(verdict)
    return lines + second, max(status, differs)


def _second_kernel(verdict: proof.Verdict) -> tuple[list[Text], int]:
    """What the second kernel says of the stored result, and 1 where it disagrees."""
    try:
        agreement = checker.check(verdict.proof["document"], verdict.proof["result"])
    except Refused as refused:
        # At the edge of a function's domain, where it has no slope on one side; that is no difference.
        return [refused.reason], 0
    if agreement.beyond:
        worst = agreement.beyond[0]
        return [_DISAGREE.put(key=worst.key, stored=worst.stored, found=worst.recomputed)], 1
    lines, largest = [], agreement.largest
    if largest is not None:
        lines.append(_AGREE.put(compared=agreement.compared, largest=largest.relative, key=largest.key))
    if agreement.drawn:
        most = checker.STANDARD_ERRORS
        lines.append(_DRAWN.put(drawn=agreement.drawn, most=most, farthest=agreement.farthest))
    if agreement.left_out:
        lines.append(_LEFT_OUT.put(keys=", ".join(agreement.left_out)))
    return lines, 0


def _differs(mismatch: proof.Mismatch) -> Text:
    """The first key that differs, with both values or with why there is no second."""
    refusal = mismatch.refusal
    found = Text(mismatch.found, mismatch.found) if refusal is None else Text(refusal.say("vi"), refusal.say("en"))
    return Text(
        _DIFFERS.vi.format(key=mismatch.key, stored=mismatch.stored, found=found.vi),
        _DIFFERS.en.format(key=mismatch.key, stored=mismatch.stored, found=found.en),
    )
