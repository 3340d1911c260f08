"""Letters of a period as official documents (công văn), from what was frozen when they were drawn up.

Who signs, and which room drafted, is asked for the day of the letter: names are not sealed, and a deputy may be
delegated by then.
"""

from datetime import date

from django.utils import translation

from chuan.lib import clock
from chuan.lib.dates import format_date
from chuan.organisations.queries import drafting_symbol
from chuan.rendering.blocks import (
    NBSP,
    Annex,
    Block,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    Text,
    enumerated,
    filed,
)
from chuan.reporting import issuing
from chuan.reporting.collecting import LetterKind
from chuan.reporting.models import LetterNumber, PeriodLetter, ReportingPeriod
from chuan.reporting.papers import occasion
from chuan.reporting.papers.offices import COMMITTEE, DEPARTMENT, LETTER_SYMBOL, letter_number
from chuan.reporting.rules import AUTHORITY
from chuan.web import deployment

#: As many addressees as stand on the first page; more go into an annex.
_NAMED = 6


def document(letter: PeriodLetter, number: LetterNumber | None) -> OfficialDocument:
    """The letter in Vietnamese; number and day stay blank until they are recorded."""
    with translation.override("vi"):
        many = len(letter.recipients) > _NAMED
        on = number.dated if number else clock.today()
        signer = issuing.signer_on(on)
        listed = "Các cơ quan, đơn vị có tên trong danh sách kèm theo"
        return OfficialDocument(
            parent_body=COMMITTEE,
            issuer=DEPARTMENT,
            number=number.number if number else None,
            symbol=LETTER_SYMBOL,
            place="Tây Ninh",
            date=number.dated if number else None,
            year=(number.dated if number else letter.made_at).year,
            kind="",
            subject=letter.subject,
            addressees=(listed,) if many else tuple(letter.recipients),
            body=_opening(letter) if letter.kind == LetterKind.OPENING else _reminder(letter),
            signature=Signature(AUTHORITY[signer.signs_as], signer.name),
            recipients=("Như trên", filed(drafting_symbol(on))),
            annexes=(_list(letter, number),) if many else (),
            banner="DỮ LIỆU MINH HỌA" if deployment.is_sample() else None,
            footer=letter.code,
        )


def _day(letter: PeriodLetter, name: str) -> str:
    return format_date(date.fromisoformat(letter.facts[name]))


def _said(words: str) -> Paragraph:
    return Paragraph((Text(words),))


def _opening(letter: PeriodLetter) -> tuple[Block, ...]:
    period, plan = letter.period, letter.period.plan
    asked = letter.facts.get("request")
    basis = (
        occasion.cited(asked) if asked else f"Kế hoạch số {plan.number} ngày {format_date(plan.signed)} của {COMMITTEE}"
    )
    return (
        _said(f"Thực hiện {basis}, {DEPARTMENT} đề nghị các cơ quan, đơn vị {_asked(period)} theo các yêu cầu sau:"),
        Heading(1, "1. Nội dung báo cáo"),
        enumerated((Text(line),) for line in letter.facts["outline"]),
        _said("Nội dung nào không phát sinh, đề nghị ghi rõ “Không phát sinh”."),
        _said(
            "Mẫu báo cáo (Excel) đã điền sẵn số liệu, nhiệm vụ của từng cơ quan, đơn vị gửi kèm Công văn này; báo cáo "
            "trên hệ thống, hoặc điền vào mẫu rồi tải lên."
        ),
        Heading(1, "2. Kỳ số liệu"),
        _said(f"{_window(letter)}{_estimated(letter)}{_closing(letter)}"),
        Heading(1, "3. Thời hạn"),
        _said(f"Báo cáo gửi về {DEPARTMENT} chậm nhất ngày {_day(letter, 'deadline')}."),
        _said("Đề nghị các cơ quan, đơn vị quan tâm, phối hợp thực hiện./."),
    )


def _asked(period: ReportingPeriod) -> str:
    """What units are asked to do; the title of an ad hoc period says what it wants."""
    if not period.title:
        return f"báo cáo kết quả thực hiện Kế hoạch năm {period.year}"
    wanted = period.title[0].lower() + period.title[1:]
    return wanted if wanted.startswith("báo cáo") else f"gửi {wanted}"


def _window(letter: PeriodLetter) -> str:
    return f"Từ ngày {_day(letter, 'first')} đến ngày {_day(letter, 'last')}."


def _estimated(letter: PeriodLetter) -> str:
    """What is asked of the days that are still to come when reports are due."""
    if letter.facts["deadline"] >= letter.facts["last"]:
        return ""
    return (
        " Thời hạn báo cáo trước ngày kết thúc kỳ số liệu: đề nghị ghi số liệu đến ngày gửi và nêu rõ phần ước thực "
        f"hiện đến hết ngày {_day(letter, 'last')}."
    )


def _closing(letter: PeriodLetter) -> str:
    """When the figures are closed; nothing where that was not known when the letter was drawn up."""
    if not letter.facts["cut_off"]:
        return ""
    return f" {DEPARTMENT} chốt số liệu hết ngày {_day(letter, 'cut_off')}."


def _reminder(letter: PeriodLetter) -> tuple[Block, ...]:
    asked = letter.facts["opening"]
    dated = format_date(date.fromisoformat(asked["dated"]))
    place = "có tên trong danh sách kèm theo" if len(letter.recipients) > _NAMED else "có tên nêu trên"
    return (
        _said(
            f"Ngày {dated}, {DEPARTMENT} có Công văn số {letter_number(asked['number'])} về việc "
            f"{asked['subject']}, đề nghị gửi báo cáo chậm nhất ngày {_day(letter, 'deadline')}."
        ),
        _said(
            f"Tính đến ngày {_day(letter, 'on')}, {DEPARTMENT} chưa nhận được báo cáo của "
            f"{len(letter.recipients):02} cơ quan, đơn vị {place}."
        ),
        _said(
            "Để kịp tổng hợp, báo cáo cấp có thẩm quyền, đề nghị các cơ quan, đơn vị khẩn trương gửi báo cáo; nội dung "
            "nào không phát sinh thì ghi rõ “Không phát sinh”./."
        ),
    )


def _list(letter: PeriodLetter, number: LetterNumber | None) -> Annex:
    columns = (Column("STT", 0.6, "center"), Column("Cơ quan, đơn vị", 5))
    rows = tuple((str(index), name) for index, name in enumerate(letter.recipients, 1))
    title = "DANH SÁCH CƠ QUAN, ĐƠN VỊ" if letter.kind == LetterKind.OPENING else "DANH SÁCH CHƯA GỬI BÁO CÁO"
    blank = NBSP * 6
    on = format_date(number.dated) if number else f"{blank}tháng{blank}năm {letter.made_at.year}"
    cited = f"(Kèm theo Công văn số {letter_number(number.number if number else NBSP * 8)} ngày {on} của {DEPARTMENT})"
    return Annex("", title, cited, (Table(columns, rows),))
