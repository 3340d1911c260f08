"""A plan's folder: what does not hold is named by file, line and span, and nothing of it is loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chuan.programme.errors import PlanFileWrong
from chuan.programme.models import Plan
from chuan.programme.plan_checks import read_plan
from chuan.programme.services import load_plan
from tests.cast import SYSTEM, Cast
from tests.programme.builders import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A second province's plan that holds."""
    return Folder(tmp_path / "kh-b")


def said(folder: Folder) -> list[str]:
    """What the loader says of a folder that does not hold."""
    with pytest.raises(PlanFileWrong) as wrong:
        read_plan(folder.write())
    assert all(problem.place and problem.what for problem in wrong.value.problems)
    return str(wrong.value).splitlines()


def test_a_span_that_reads_otherwise_is_named_by_file_line_and_bytes(folder: Folder) -> None:
    good = folder.span("Thi đua, khen thưởng.")
    bad = good.replace("khen thưởng", "khen thuởng")
    lines = said(folder.change(good, bad))
    start, end = good.strip("[]").split(", ")[:2]
    declared = folder.files["items.toml"].splitlines()
    place = next(n for n, line in enumerate(declared, 1) if line == 'code = "I.2"') - 1
    told = f"items.toml, dòng {place}, mục I.2: ô text: khoảng [{start}, {end}) (text.txt dòng 6) là "
    assert lines == [f"{told}“Thi đua, khen thưởng.”, không phải “Thi đua, khen thuởng.”"]


def test_overlapping_spans_are_named(folder: Folder) -> None:
    start, end = folder.span("Thi đua").strip("[]").split(", ")[:2]
    extra = f'\n[[item]]\ncode = "I.3"\nunder = "I"\nkind = "heading"\ntext = [[{start}, {end}, "Thi đua"]]\n'
    folder.files["items.toml"] += extra
    assert any("mục I.3" in line or "mục I.2" in line for line in said(folder) if "trùng với mục khác" in line)


def test_words_that_belong_to_no_item_are_quoted_with_their_line(folder: Folder) -> None:
    block = folder.files["items.toml"].partition('[[item]]\ncode = "I.2"')[2].partition("[[item]]")[0]
    lines = said(folder.change('[[item]]\ncode = "I.2"' + block, ""))
    assert any(line.startswith("text.txt, dòng 6") and "không thuộc mục nào" in line for line in lines)


def test_words_named_outside_need_no_item(folder: Folder) -> None:
    block = folder.files["items.toml"].partition('[[item]]\ncode = "I.2"')[2].partition("[[item]]")[0]
    folder.change('[[item]]\ncode = "I.2"' + block, "")
    outside = f"outside = [{folder.span('-', '2025;')}, {folder.span('Thi đua, khen thưởng.')}]\ninclude"
    assert read_plan(folder.change("include", outside, "plan.toml").write()).outside[1].words == "Thi đua, khen thưởng."


Change = Callable[[Folder], object]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.change('kind = "bullet"', 'kind = "bulet"'), "không có loại bulet; chọn:"),
        (lambda f: f.change('under = "I"', 'under = "IX"'), "mục cha IX không có, hoặc đứng sau"),
        (lambda f: f.change('rows = ["PL.1"]', 'rows = ["PL.9"]'), "PL.9 không phải là một dòng nhiệm vụ"),
        (lambda f: f.change("rows = []\n", ""), "thiếu rows"),
        (lambda f: f.change('class = "hoi-nghe"', 'class = "hoi"'), "class hoi chưa được khai trong [[class]]"),
        (lambda f: f.change('unit = "so-yt"', 'unit = "so-yt", class = "hoi-nghe"'), "một unit hoặc một class"),
        (lambda f: f.change('duty = "lead"', 'duty = "leads"'), "duty “leads” không hiểu được"),
        (lambda f: f.change('rule = "annual"', 'rule = "yearly"'), "không hiểu được; chọn: annual"),
        (lambda f: f.change("when = [{ rule", "whem = [{ rule"), "ô timing và when phải cùng có"),
        (lambda f: f.change('kind = "print"', 'kind = "typo"'), "không có loại typo"),
        (lambda f: f.change("caó", "cáo", "items.toml"), "không phải"),
        (lambda f: f.change('item = "PL.2"', 'item = "PL.1"'), "lỗi L1: spans: khoảng"),
        (lambda f: f.change('item = "PL.2"', 'item = "PL.9"'), "lỗi L1: spans: không có mục PL.9"),
        (
            lambda f: f.change("at = [[", "at = [", "plan.toml").change("]]\nhorizon", "]\nhorizon", "plan.toml"),
            "phải viết",
        ),
        (lambda f: f.change('code = "I.2"', 'code = "I.1"'), "mã này được dùng hai lần"),
        (lambda f: f.change('code = "L1"', 'code = "Lỗi 1"'), "mã chỉ gồm chữ không dấu"),
        (lambda f: f.change("value = 5", "value = 6", "plan.toml"), "số 6 không có trong đoạn trích"),
        (lambda f: f.change('">="', '">>"', "plan.toml"), "operator >> không hiểu được"),
        (lambda f: f.change('"stage"', '"phase"', "plan.toml"), "basis phase không hiểu được"),
        (lambda f: f.change('= ["A"]', '= ["Z"]', "plan.toml"), "không có cách hiểu Z"),
        (lambda f: f.change('code = "CH-1"', "", "plan.toml"), "thiếu code"),
        (lambda f: f.change('label = "B", basis', 'label = "A", basis', "plan.toml"), "hai cách hiểu trùng nhãn"),
        (lambda f: f.change("value = 5", 'value = "5"', "plan.toml"), "value phải là số nguyên"),
        (lambda f: f.change('text_sha256 = "', 'text_sha256 = "0', "plan.toml"), "mã băm của text.txt khác"),
        (lambda f: f.change("ends = 2028", "ends = 2020", "plan.toml"), "ends phải sau signed"),
        (lambda f: f.change('["items.toml"]', '["../items.toml"]', "plan.toml"), "tên tệp trong cùng thư mục"),
        (lambda f: f.change('["items.toml"]', '["muc.toml"]', "plan.toml"), "muc.toml, dòng 1, tệp: không đọc được"),
        (lambda f: f.change("[[class]]", "[[class]"), "không đúng cú pháp TOML"),
    ],
)
def test_what_does_not_hold_is_said_in_words(folder: Folder, change: Change, words: str) -> None:
    change(folder)
    assert any(words in line for line in said(folder))


@pytest.mark.parametrize("name", ["text.txt", "plan.toml", "items.toml"])
def test_a_missing_file_is_named(folder: Folder, name: str) -> None:
    path = folder.write()
    (path / name).unlink()
    with pytest.raises(PlanFileWrong, match=f"{name}, dòng 1, tệp: không đọc được tệp"):
        read_plan(path)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"K\n\xff", "text.txt, dòng 2, tệp: không phải UTF-8"),
        (b"K\n\n\x00", "text.txt, dòng 3, tệp: có ký tự NUL"),
    ],
)
def test_a_text_that_is_no_text_is_refused(folder: Folder, octets: bytes, words: str) -> None:
    path = folder.write()
    (path / "text.txt").write_bytes(octets)
    with pytest.raises(PlanFileWrong, match=words):
        read_plan(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda span: (span[0], 9999), "không nằm trong text.txt"),
        (lambda span: (span[1], span[0]), "không nằm trong text.txt"),
        (lambda span: (-1, span[1]), "không nằm trong text.txt"),
        (lambda span: (span[0], span[1] - 11), "không phải"),
        (lambda span: (span[0] + 12, span[1]), "không phải"),
        # "đ" has two bytes.
        (lambda span: (span[0] + 5, span[1]), "cắt giữa một chữ cái"),
    ],
)
def test_a_span_out_of_the_text_or_inside_a_letter_is_refused(
    folder: Folder, change: Callable[[tuple[int, int]], tuple[int, int]], words: str
) -> None:
    good = folder.span("Thi đua, khen thưởng.")
    start, end = (int(n) for n in good.strip("[]").split(", ")[:2])
    a, b = change((start, end))
    folder.change(good, f'[{a}, {b}, "Thi đua, khen thưởng."]')
    assert any(words in line and "mục I.2" in line for line in said(folder))


def test_every_problem_is_named_at_once(folder: Folder) -> None:
    folder.change('kind = "bullet"', 'kind = "bulet"').change('rule = "annual"', 'rule = "yearly"')
    assert len(said(folder)) >= 2


def test_a_plan_that_names_a_unit_that_is_not_there_is_not_loaded(cast: Cast, folder: Folder) -> None:
    draft = read_plan(folder.change('unit = "so-yt"', 'unit = "so-la"').write())
    with pytest.raises(PlanFileWrong, match=r"items.toml, dòng \d+, mục PL.1: không có đơn vị so-la"):
        load_plan(actor=SYSTEM, draft=draft)
    assert not Plan.objects.exists()


def test_a_scope_that_is_no_unit_is_not_loaded(cast: Cast, folder: Folder) -> None:
    draft = read_plan(folder.change('scope = "tn"', 'scope = "xx"', "plan.toml").write())
    with pytest.raises(PlanFileWrong, match=r"plan\.toml, scope: không có đơn vị xx"):
        load_plan(actor=SYSTEM, draft=draft)
    assert not Plan.objects.exists()


def test_a_kind_of_units_that_there_is_not_is_named(folder: Folder) -> None:
    folder.change('code = "hoi-nghe"', 'code = "hoi-nghe"\nkinds = ["association", "hoi"]')
    (line,) = said(folder)
    assert line.startswith("items.toml, dòng 1, nhóm hoi-nghe: ")
    assert line.endswith("kinds: không có loại đơn vị hoi")
