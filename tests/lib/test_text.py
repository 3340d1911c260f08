"""Vietnamese text: what is dropped, what finds what, what comes first, and what a file may be called."""

import random
import unicodedata
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuan.lib.text import (
    FILENAME_BYTES,
    FILENAME_LENGTH,
    SLUG_LENGTH,
    SORT_KEY_LENGTH,
    UNNAMED,
    fold,
    looks_same,
    name_sort_key,
    nfc,
    nfc_multiline,
    safe_filename,
    search_forms,
    search_key,
    slug,
    sort_key,
)

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
VIETNAMESE = st.text(alphabet=LETTERS + LETTERS.upper() + "fjwzFJWZ0123456789 -.,&/()", max_size=60)
ANY_TEXT = st.text(max_size=80)

# Written by hand: the letters of a syllable, then its tone, then the next syllable.
DICTIONARY = """
an | an toàn | anh | ao | ảo | áo | ăn | ắn | âm | ấm | ân | ấn
ba | ba ba | ba đình | bà | bà con | bả | bã | bá | bạ | ban | bàn | bạn | bảo | bảo đảm | bảo đảm đo lường
băng | bâng | bất | bê | bề | bi | bo | bô | bơ | bu | bư | ca | cân | chì | chuẩn
da | dương | đa | đá | đo | đo lường | đơn vị | em | én | ếch | êm | gian | hiệu chuẩn | in
kiểm định | lường | ma | mà | mả | mã | má | mạ | nghiệm | nghiệp | oan | oán | ô | ơ | phép đo | phường
quận | sai số | thử | tỉnh | tỏa | toán | uốn | ư | ước | vạch | xã | ý | yên
"""

NAMES_BY_GIVEN_NAME = """
Trần Thị An | Nguyễn Văn Anh | Lê Thị Ánh | Phạm Gia Bảo | Lý Thái Bạo | Võ Thị Cúc | Đặng Văn Dũng
Huỳnh Hữu Đạt | Bùi Thị Hoa | Lê Thị Hoa | Nguyễn An Hoa | Nguyễn Thị Hoa | Nguyễn Văn Hòa | Đinh Công Hoàng
Trần Quốc Hùng | Mai | Phan Thị Oanh | Đỗ Văn Ổn | Trương Tấn Sang | Ngô Thị Thu | Ngô Thị Thư | Hồ Văn Út
Cao Thị Xuân | Dương Thị Yến
"""


def listed(text: str) -> list[str]:
    return [item.strip() for line in text.strip().splitlines() for item in line.split("|")]


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# What is refused or dropped


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0", "—", "\u200b", "..."])
def test_a_blank_name_resembles_nothing_not_even_itself(blank: str) -> None:
    assert not looks_same(blank, blank)


@pytest.mark.parametrize(
    ("uploaded", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\Báo cáo.docx", "Báo cáo.docx"),
        ("..", UNNAMED),
        ("../..", UNNAMED),
        ("", UNNAMED),
        ("/", UNNAMED),
        ("\u202e\u200b", UNNAMED),
        (".\u200b./x/..\u2066", UNNAMED),
        (".htaccess", f"{UNNAMED}.htaccess"),
        ("hoa\u202efdp.exe", "hoafdp.exe"),
        ("a\x00b\r\nc\x1b.pdf", "ab c.pdf"),
        ("số liệu.xlsx:ẩn.exe", "số liệu.xlsx_ẩn.exe"),
        ('<b>"x"|y?*.pdf', "_b__x__y__.pdf"),
        ("CON.txt", f"{UNNAMED}-CON.txt"),
        ("com1.tar.gz", f"{UNNAMED}-com1.tar.gz"),
        ("-rf .pdf", "rf.pdf"),
        ("báo cáo.pdf. .", "báo cáo.pdf"),
    ],
)
def test_an_uploaded_name_cannot_leave_its_folder_hide_or_mislead(uploaded: str, kept: str) -> None:
    assert safe_filename(uploaded) == kept


def test_what_no_document_can_hold_is_dropped_at_the_door() -> None:
    assert nfc("Nguyễn\u200b \x00Văn\ufeff \ud800A\uffff\u202e") == "Nguyễn Văn A"


@pytest.mark.parametrize("text", ["", "—", "  ", "…/&", "漢字", "Ωμ"])
def test_a_slug_is_never_empty(text: str) -> None:
    assert slug(text) == UNNAMED


def test_a_slug_is_never_a_device_of_windows() -> None:
    assert slug("Con") == f"{UNNAMED}-con"


@pytest.mark.parametrize("hostile", ["a" * 100_000, "ẫ " * 50_000, "\u0301" * 100_000, "漢" * 100_000, "." * 100_000])
def test_a_key_or_a_file_name_stays_short_whatever_is_given(hostile: str) -> None:
    assert len(sort_key(hostile)) <= SORT_KEY_LENGTH
    assert len(name_sort_key(hostile)) <= SORT_KEY_LENGTH
    assert len(slug(hostile)) <= SLUG_LENGTH + len(UNNAMED) + 1
    assert len(safe_filename(hostile + ".pdf").encode()) <= FILENAME_BYTES


# Text at the door


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Sở\u00a0 Khoa học\tvà\r\nCông nghệ ", "Sở Khoa học và Công nghệ"),
        ("Tây\u2009Ninh\u3000", "Tây Ninh"),
        (decomposed("Đặng Thị Hường"), "Đặng Thị Hường"),
        ("Hoa\u0300", "Hoà"),
        ("e\u0323\u0302", "ệ"),
        ("bao\u00ad đam", "bao đam"),
    ],
)
def test_a_line_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert nfc(typed) == stored


def test_lines_stay_lines() -> None:
    assert nfc_multiline(" \r\nMột  dòng \r\n\r\nhai\rba\u2028bốn\n\n") == "Một dòng\n\nhai\nba\nbốn"


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)
    assert nfc_multiline(nfc_multiline(text)) == nfc_multiline(text)
    assert unicodedata.is_normalized("NFC", nfc(text))


# Search


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hòa", "hoa"),
        ("Hoà", "hoa"),
        ("HOÀ", "hoa"),
        ("Đo lường", "do luong"),
        ("\u00d0o l\u01b0\u1eddng", "do luong"),  # eth for đ, as old converters left it
        ("Sở KH&CN", "so kh cn"),
        ("TCVN ISO/IEC 17025:2017", "tcvn iso iec 17025 2017"),
        ("  (m³/h) ", "m3 h"),
        ("Straße", "strasse"),
        ("bao\u00adđảm", "baodam"),
    ],
)
def test_search_sees_letters_alone(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert search_key(search_key(text)) == search_key(text)


@given(VIETNAMESE)
def test_decomposed_and_precomposed_input_are_one(text: str) -> None:
    other = decomposed(text)
    assert nfc(other) == nfc(text)
    assert fold(other) == fold(text) == fold(text.upper())
    assert sort_key(other) == sort_key(text)
    assert slug(other) == slug(text)
    assert safe_filename(other) == safe_filename(text)


@pytest.mark.parametrize("query", ["bảo đảm", "đảm bảo", "Đảm bảo", "dam bao", "BẢO ĐẢM"])
@pytest.mark.parametrize("stored", ["Chương trình bảo đảm đo lường", "Chương trình đảm bảo đo lường"])
def test_either_order_of_bao_dam_finds_both(query: str, stored: str) -> None:
    assert search_key(query) in search_key(stored)


def test_the_order_of_other_words_is_kept() -> None:
    assert search_key("đo lường chuẩn, chuẩn đo lường") == "do luong chuan chuan do luong"


def test_a_query_gives_its_distinct_words() -> None:
    assert search_forms("Hiệu chuẩn, hiệu-chuẩn  CÂN") == ("hieu", "chuan", "can")
    assert search_forms(" … ") == ()
    assert set(search_forms("đảm bảo")) == set(search_forms("bảo đảm"))


def test_names_that_differ_in_marks_or_case_look_the_same() -> None:
    assert looks_same("Nguyễn Văn Hòa", " NGUYỄN VĂN HOÀ.")
    assert looks_same("Đỗ Thị Lan", "Do Thi Lan")
    assert not looks_same("Nguyễn Văn Hòa", "Nguyễn Văn Hoan")


# Order


def test_words_come_in_dictionary_order() -> None:
    words = listed(DICTIONARY)
    shuffled = random.Random(1).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words
    assert len(set(map(sort_key, words))) == len(words)


def test_the_alphabet_and_its_tones_are_in_order() -> None:
    assert sorted(random.Random(2).sample(LETTERS, len(LETTERS)), key=sort_key) == list(LETTERS)


def test_people_are_listed_by_given_name_then_family_name() -> None:
    names = listed(NAMES_BY_GIVEN_NAME)
    assert sorted(random.Random(3).sample(names, len(names)), key=name_sort_key) == names


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "0"),
        ("9", "a"),
        ("xã 1", "xã a"),
        ("xã", "xã 1"),
        ("ba 2", "bà 1"),
        ("a1", "aa"),
        ("z", "β"),
        ("y", "z"),
    ],
)
def test_nothing_precedes_digits_precede_letters_precede_other_scripts(before: str, after: str) -> None:
    assert sort_key(before) < sort_key(after)


def test_case_punctuation_and_the_place_of_the_tone_do_not_move_a_word() -> None:
    assert sort_key("«Hòa-Thành»") == sort_key("HOÀ THÀNH")


@given(VIETNAMESE)
def test_a_sort_key_needs_no_collation(text: str) -> None:
    key = sort_key(text)
    assert key.isascii()
    assert key == "" or (key.isalnum() and key == key.lower())
    assert not any(a.isalpha() and b.isalpha() for a, b in pairwise(key))


@given(VIETNAMESE, VIETNAMESE)
def test_words_of_different_letters_never_share_a_key(a: str, b: str) -> None:
    if fold(a) != fold(b):
        assert sort_key(a) != sort_key(b)


# Names of files


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sở KH&CN", "so-kh-cn"),
        ("Báo cáo năm 2026 – đợt 1", "bao-cao-nam-2026-dot-1"),
        ("Đề án 996", "de-an-996"),
    ],
)
def test_a_slug_keeps_the_letters(text: str, name: str) -> None:
    assert slug(text) == name


def test_a_long_slug_ends_with_a_whole_word() -> None:
    name = slug("bảo đảm đo lường " * 20)
    assert len(name) <= SLUG_LENGTH
    assert name.endswith("-do")
    assert slug("x" * (SLUG_LENGTH + 1)) == "x" * SLUG_LENGTH


@given(ANY_TEXT)
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_long_vietnamese_name_keeps_its_extension(form: Literal["NFC", "NFD"]) -> None:
    name = safe_filename(unicodedata.normalize(form, "Kế hoạch đo lường thử nghiệm " * 11) + ".docx")
    assert name.startswith("Kế hoạch đo lường")
    assert name.endswith(".docx")
    assert len(name) <= FILENAME_LENGTH


@given(ANY_TEXT.map(lambda text: f"{text}.pdf") | ANY_TEXT)
def test_a_safe_name_is_safe(text: str) -> None:
    name = safe_filename(text)
    assert name
    assert safe_filename(name) == name
    assert len(name) <= FILENAME_LENGTH
    assert len(name.encode()) <= FILENAME_BYTES
    assert not set(name) & set('/\\<>:"|?*\x00\n\r\u202e')
    assert not name.startswith((".", " ", "-"))
    assert not name.endswith((".", " "))
