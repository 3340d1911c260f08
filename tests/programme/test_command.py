"""`chuan plan`: the text byte for byte, a folder checked or loaded; each failure says what and where."""

import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chuan.programme.models import Plan
from tests.cast import Cast
from tests.programme.builders import REAL, Folder


def run(*arguments: Any) -> str:
    """What the command says."""
    out = io.StringIO()
    call_command("plan", *arguments, stdout=out)
    return out.getvalue()


def test_the_text_of_a_plan_that_is_not_there_is_refused_with_what_is(cast: Cast, other: Plan) -> None:
    with pytest.raises(CommandError, match=r"KH-9: không có văn bản của kế hoạch này \(có: KH-B\)") as wrong:
        run("text", "KH-9")
    assert wrong.value.returncode == 2


def test_a_folder_that_does_not_hold_is_refused_line_by_line(cast: Cast, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "kh-b").change('kind = "print"', 'kind = "typo"').write()
    out = io.StringIO()
    with pytest.raises(CommandError, match="kh-b: 1 chỗ chưa đúng"):
        call_command("plan", "check", folder, stdout=out)
    assert out.getvalue().startswith("items.toml, dòng ")
    with pytest.raises(CommandError, match="không có loại typo"):
        run("load", folder)
    assert not Plan.objects.exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere: 2 chỗ chưa đúng"):
        run("check", tmp_path / "nowhere")


def test_the_text_of_kh_2828_is_printed_byte_for_byte(kh2828: Plan) -> None:
    octets = io.BytesIO()
    with io.TextIOWrapper(octets, encoding="ascii") as console:
        call_command("plan", "text", "KH-2828", stdout=console)
        assert octets.getvalue() == (REAL / "text.txt").read_bytes(), "whatever the console's encoding"
    assert sha256(REAL.joinpath("text.txt").read_bytes()).hexdigest() == kh2828.text_sha256
    assert run("text", "KH-2828").encode() == (REAL / "text.txt").read_bytes(), "to a file without bytes as well"


def test_the_products_folder_holds() -> None:
    assert run("check", REAL) == (
        "KH-2828: 100 mục, 12 chỉ tiêu, 9 chỗ nhiều cách hiểu, 22 lỗi ghi riêng. Mọi khoảng đều khớp.\n"
    )


def test_a_folder_that_holds_is_loaded(cast: Cast, tmp_path: Path) -> None:
    assert run("load", Folder(tmp_path / "kh-b").write()) == "Đã nạp Kế hoạch 7/KH-UBND.\n"
    assert Plan.objects.get().code == "KH-B"
