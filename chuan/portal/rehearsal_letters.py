"""The illustration's letters: the one that asks for a year's reports, and the units' own, signed after the sending."""

from chuan.files import store
from chuan.lib import clock
from chuan.organisations.queries import unit_names
from chuan.organisations.rules import authority_name
from chuan.portal.rehearsal_common import SYSTEM, actor
from chuan.rendering.blocks import OfficialDocument, Paragraph, Signature, Text, filed
from chuan.rendering.pdf import render_pdf
from chuan.reporting.models import Obligation, ReportingPeriod, Submission
from chuan.reporting.rules import TURNED_IN
from chuan.reporting.services import letters
from chuan.reporting.services.behalf import Scan, record_letter

#: What the letter asks for.
OUTLINE = (
    "Kết quả thực hiện các nhiệm vụ tại Phụ lục của Kế hoạch",
    "Kinh phí thực hiện theo từng nguồn",
    "Khó khăn, vướng mắc, kiến nghị; đề xuất cho năm sau",
)
#: Of so many units one has not recorded its signed letter yet.
WITHOUT = 9


def ask(period: ReportingPeriod, number: str) -> None:
    """The letter that opens a period, with the number that it got the same day."""
    office, subject = actor("chuyenvien"), f"đề nghị báo cáo kết quả thực hiện {period.plan} năm {period.year}"
    made = letters.draw_opening(actor=office, period=period, subject=subject, outline=OUTLINE)
    letters.number_letter(actor=office, letter=made, number=number, dated=clock.today())


def sign(obligation: Obligation, place: int) -> None:
    """The unit records the signed letter of what it sent here on the same day; a few have not yet."""
    sent = Submission.objects.filter(obligation=obligation, state__in=TURNED_IN, letter=None).select_related("content")
    submission = sent.first()
    if submission is None or submission.content is None or place % WITHOUT == WITHOUT - 1:
        return
    submission.content.submission.obligation = obligation
    number = f"{10 + place}/BC (minh họa)"
    who = actor("vanthu.ct") if obligation.unit.code == "so-ct" else SYSTEM
    record_letter(
        actor=who, content=submission.content, number=number, dated=clock.today(), scan=_scan(obligation, number)
    )


def _scan(obligation: Obligation, number: str) -> Scan:
    """A page that stands for the signed paper."""
    today, unit, year = clock.today(), obligation.unit, obligation.period.year
    content = render_pdf(
        OfficialDocument(
            parent_body="",
            issuer=authority_name(unit.kind, unit_names(today).get(unit.pk, unit.code)),
            number=number,
            symbol="",
            place="Tây Ninh",
            date=today,
            year=today.year,
            kind="Báo cáo",
            subject=f"Kết quả thực hiện {obligation.period.plan} năm {year}",
            addressees=("Sở Khoa học và Công nghệ",),
            body=(Paragraph((Text("Nội dung như báo cáo đã gửi trên hệ thống (bản minh họa, không có chữ ký)."),)),),
            signature=Signature(("THỦ TRƯỞNG ĐƠN VỊ",)),
            recipients=("Như trên", filed()),
            banner="DỮ LIỆU MINH HỌA",
        )
    )
    name = f"bao-cao-{obligation.code}.pdf"
    digest, kind = store.receive(name, content)
    return digest, name, kind.media_type, len(content)
