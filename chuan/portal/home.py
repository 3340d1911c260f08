"""What each role sees first: at most five cards, each one sentence and one thing to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuan.audit.actor import Actor
from chuan.lib import clock
from chuan.lib.dates import format_date, weekday_name
from chuan.organisations.rules import OWN_UNIT_ROLES, Role
from chuan.portal import claims
from chuan.programme.queries import leads, tasks_of_unit
from chuan.reporting import dispatches, obligations, policies, replacements
from chuan.reporting.collecting import Part, PeriodKind
from chuan.reporting.models import Report, ReportingPeriod
from chuan.reporting.rules import ReportState, SubmissionState
from chuan.training.policies import can_record

MAX_CARDS = 5
#: Issued reports among which the clerk is told of those that somebody still waits for.
RECENT = 12


@dataclass(frozen=True)
class Card:
    """One thing to look at; `status` is one of red, amber, green, grey."""

    title: str
    sentence: str
    url: str
    action: str
    status: str = "grey"


@dataclass(frozen=True)
class Desk:
    """What a person's first page is made of, each asked for once."""

    actor: Actor
    today: date

    @cached_property
    def period(self) -> ReportingPeriod | None:
        """The year's period that is open."""
        return obligations.open_period(self.today)

    @cached_property
    def owed(self) -> list[obligations.Row]:
        """What the person's unit owes."""
        return obligations.owed(self.actor.unit_id, today=self.today) if self.actor.unit_id else []

    @cached_property
    def under_way(self) -> list[Report]:
        """Consolidated reports that the person sees and that are not issued, the year's before those asked for."""
        found = policies.visible_reports(self.actor).exclude(state=ReportState.DISPATCHED)
        return sorted(found, key=lambda report: report.period.is_ad_hoc)

    @cached_property
    def issued(self) -> list[Report]:
        """Issued reports, the latest first."""
        return list(Report.objects.filter(state=ReportState.DISPATCHED).select_related("period").order_by("-dated"))

    @property
    def is_issued(self) -> bool:
        """The open period's consolidated report was issued; before the deadline nobody needs to ask."""
        period = self.period
        if period is None or period.deadline >= self.today:
            return False
        if policies.is_of_department(self.actor) and any(one.period_id == period.pk for one in self.under_way):
            return False
        return any(one.period_id == period.pk for one in self.issued)


def cards(desk: Desk) -> list[Card]:
    """The role's cards, most urgent first."""
    role = desk.actor.role
    return _PARTS.get(role, _unit if role in OWN_UNIT_ROLES else _issued)(desk)[:MAX_CARDS]


def headline(desk: Desk) -> str:
    """The one sentence above the cards: how long until the deadline or since it, or that the report was sent."""
    period, of_department = desk.period, policies.is_of_department(desk.actor)
    if period is None or not (of_department or desk.actor.role in OWN_UNIT_ROLES):
        return ""
    year = {"year": period.year}
    if of_department:
        return _("Báo cáo năm %(year)s đã phát hành.") % year if desk.is_issued else deadline_sentence(period)
    own = [row for row in desk.owed if row.obligation.unit_id == desk.actor.unit_id]
    row = next((row for row in own if row.obligation.period_id == period.pk), None)
    if row is None:
        return ""
    if row.content is not None:
        values = {**year, "receipt": row.content.receipt}
        return _("Đơn vị đã gửi báo cáo năm %(year)s, biên nhận %(receipt)s.") % values
    words = _("Sở đã phát hành báo cáo năm %(year)s; báo cáo của đơn vị gửi từ nay là tài liệu bổ sung.")
    return words % year if desk.is_issued else deadline_sentence(period)


def deadline_sentence(period: ReportingPeriod) -> str:
    """ "Còn 9 ngày đến hạn nộp báo cáo năm 2026 (10/12, thứ Năm)"."""
    left = (period.deadline - clock.today()).days
    day = f"{period.deadline.day}/{period.deadline.month}, {weekday_name(period.deadline)}"
    values = {"year": period.year, "day": day, "n": abs(left)}
    if left > 0:
        return (
            ngettext(
                "Còn %(n)s ngày đến hạn nộp báo cáo năm %(year)s (%(day)s).",
                "Còn %(n)s ngày đến hạn nộp báo cáo năm %(year)s (%(day)s).",
                left,
            )
            % values
        )
    if left == 0:
        return _("Hôm nay là hạn nộp báo cáo năm %(year)s (%(day)s).") % values
    return (
        ngettext(
            "Báo cáo năm %(year)s đã quá hạn nộp %(n)s ngày (hạn %(day)s).",
            "Báo cáo năm %(year)s đã quá hạn nộp %(n)s ngày (hạn %(day)s).",
            -left,
        )
        % values
    )


def _unit(desk: Desk) -> list[Card]:
    """A unit's people: the report owed, the register."""
    found = [_owed(desk.actor, row) for row in desk.owed[:3]]
    if can_record(desk.actor):
        sentence = _("Ghi lớp và danh sách học viên khi lớp kết thúc; số liệu báo cáo lấy từ đây.")
        found.append(Card(_("Sổ đào tạo, bồi dưỡng"), sentence, reverse("training:courses"), _("Mở sổ")))
    return found + _claimed(desk) + _issued(desk)


def _focal(desk: Desk) -> list[Card]:
    """S1: the report owed, the tasks of the annex, the difficulties raised; nothing else."""
    if desk.actor.unit_id is None:
        return []
    found = [_owed(desk.actor, row) for row in desk.owed[: MAX_CARDS - 2]]
    annual = next((row for row in desk.owed if row.obligation.period.kind == PeriodKind.ANNUAL), None)
    said = [_difficulties(annual)] if annual else []
    return [*found, _tasks(desk.actor.unit_id, desk.today), *said, *_claimed(desk)]


def _claimed(desk: Desk) -> list[Card]:
    """The keeper is told that other units count what it records as theirs too."""
    found = claims.told(desk.actor.unit_id, desk.today)
    return [Card(found.title, found.sentence, found.url, _("Xem bản ghi"))] if found else []


def _tasks(unit_id: int, today: date) -> Card:
    """How many tasks the unit leads and has a part in."""
    mine = tasks_of_unit(unit_id, today)
    counted = mine.aggregate(all=Count("pk"), led=Count("pk", filter=leads(unit_id, today)))
    words = _("Chủ trì %(led)s, phối hợp %(others)s nhiệm vụ của Phụ lục.")
    none = _("Chưa có nhiệm vụ nào của Phụ lục được giao cho đơn vị.")
    sentence = words % {"led": counted["led"], "others": counted["all"] - counted["led"]} if counted["all"] else none
    return Card(_("Nhiệm vụ được giao"), sentence, reverse("programme:latest"), _("Xem Kế hoạch"))


def _difficulties(row: obligations.Row) -> Card:
    """What the unit raised in the year's report, sent or being written."""
    sent = row.content
    draft = row.submission.draft if row.submission and sent is None else {}
    lines = (sent.parts if sent else draft).get(Part.DIFFICULTIES.value, [])
    values = {"n": len(lines), "year": row.obligation.period.year}
    if lines:
        words = ngettext(
            "Đã nêu %(n)s khó khăn, vướng mắc trong báo cáo năm %(year)s.",
            "Đã nêu %(n)s khó khăn, vướng mắc trong báo cáo năm %(year)s.",
            len(lines),
        )
    else:
        words = _("Chưa nêu khó khăn, vướng mắc nào trong báo cáo năm %(year)s.")
    action = _("Xem") if row.is_in or row.waiver else _("Nêu trong báo cáo")
    url = reverse("reporting:submission", args=[row.obligation.code])
    return Card(_("Khó khăn, vướng mắc"), words % values, url, action)


def _owed(actor: Actor, row: obligations.Row) -> Card:
    url = reverse("reporting:submission", args=[row.obligation.code])
    period = row.obligation.period
    title = period.name
    if row.obligation.unit_id != actor.unit_id:
        title = f"{title} ({row.unit_name})"
    status = "green" if row.is_in or row.waiver else "red" if row.overdue_days else "amber"
    leader = actor.role == Role.UNIT_LEADER
    action = {
        "not_opened": _("Bắt đầu soạn"),
        SubmissionState.DRAFT: _("Soạn tiếp"),
        SubmissionState.RETURNED: _("Sửa, gửi lại"),
        SubmissionState.WITH_LEADER: _("Duyệt") if leader else _("Xem"),
        SubmissionState.APPROVED: _("Gửi Sở KH&CN"),
    }.get(row.state, _("Xem"))
    return Card(title, _("Tình trạng: %(state)s.") % {"state": row.state_label}, url, action, status)


def _department(desk: Desk) -> list[Card]:
    """Sở KH&CN: receipts, the consolidated report, the figures, the register."""
    found = []
    if desk.period:
        rows = obligations.tracking(desk.period, today=desk.today)
        received = sum(row.is_in for row in rows)
        late = [row.unit_name for row in rows if row.overdue_days]
        sentence = _("Đã gửi %(n)s/%(total)s báo cáo.") % {"n": received, "total": len(rows)}
        if waiting := sum(row.waits for row in rows):
            sentence += " " + _("%(n)s báo cáo chờ Sở tiếp nhận.") % {"n": waiting}
        if late:
            sentence += " " + _("Quá hạn: %(names)s.") % {"names": ", ".join(late[:5])}
        status = "red" if late else "green" if received == len(rows) else "amber"
        found.append(Card(_("Báo cáo của các đơn vị"), sentence, reverse("reporting:tracking"), _("Theo dõi"), status))
    found += _reports(desk) + _claimed(desk)
    url, words = (
        reverse("reporting:figures"),
        _("Mỗi số bấm vào được: định nghĩa, bản ghi được tính và không được tính."),
    )
    found.append(Card(_("Chỉ tiêu của Kế hoạch"), words, url, _("Xem số liệu")))
    words = _("Các lớp do mọi đơn vị ghi, lịch sử sửa đổi, hồ sơ nghi trùng.")
    found.append(Card(_("Sổ đào tạo, bồi dưỡng"), words, reverse("training:courses"), _("Mở sổ")))
    return found


#: Whose turn it is in each state.
_TURN: dict[str, frozenset[str]] = {
    ReportState.DRAFT: frozenset({Role.SPECIALIST, Role.HEAD_OF_OFFICE}),
    ReportState.REVIEWED: frozenset({Role.SPECIALIST}),
    ReportState.SIGNED: frozenset({Role.CLERK}),
    ReportState.NUMBERED: frozenset({Role.CLERK}),
}


def _reports(desk: Desk) -> list[Card]:
    """Consolidated reports under way, those that wait for the actor in amber."""
    found = []
    for report in desk.under_way[:2]:
        mine = desk.actor.role in _TURN.get(report.state, frozenset())
        state = ReportState(report.state).label
        sentence = _("%(state)s – đang chờ bạn.") % {"state": state} if mine else f"{state}."
        title = report.name
        found.append(
            Card(title, sentence, reverse("reporting:report", args=[report.code]), _("Mở"), "amber" if mine else "grey")
        )
    return found


def _clerk(desk: Desk) -> list[Card]:
    """Văn thư: of Sở, the papers that wait; of a unit, the unit's cards."""
    if policies.is_department_clerk(desk.actor):
        return _reports(desk) + _issued(desk)
    return _unit(desk)


def _issued(desk: Desk) -> list[Card]:
    """The latest dispatched report; for the clerk before it each that somebody still waits for."""
    clerk = policies.is_department_clerk(desk.actor)
    recent = desk.issued[:RECENT] if clerk else desk.issued[:1]
    sendings, replaced = dispatches.sendings(recent), replacements.replaced_by(recent) if clerk else {}
    waited = [one for one in recent if clerk and sendings[one.pk].waiting and one.pk not in replaced]
    return [_sent(one, sendings[one.pk], sends=one in waited) for one in waited or recent[:1]]


def _sent(latest: Report, sending: dispatches.Sending, *, sends: bool) -> Card:
    dated = format_date(latest.dated) if latest.dated else ""
    sentence = _("Số %(number)s/BC-SKHCN ngày %(day)s.") % {"number": latest.number, "day": dated}
    year = _("Báo cáo đã phát hành năm %(year)s") % {"year": latest.period.year}
    title = _("Đã phát hành: %(title)s") % {"title": latest.period.title} if latest.period.is_ad_hoc else year
    action, colour = (_("Ghi đã gửi"), "amber") if sends else (_("Xem"), "green")
    url = reverse("reporting:report", args=[latest.code])
    return Card(title, f"{sentence} {sending.words}." if sends else sentence, url, action, colour)


def _administrator(_desk: Desk) -> list[Card]:
    """Administrators: accounts, units, the log."""
    return [
        Card(
            _("Tài khoản"),
            _("Mở tài khoản, giao và kết thúc vai trò."),
            reverse("organisations:accounts"),
            _("Quản lý"),
        ),
        Card(_("Đơn vị"), _("Tra cứu đơn vị tại một ngày, xem kế thừa."), reverse("organisations:units"), _("Xem")),
        Card(_("Nhật ký"), _("Ai đã làm gì, lúc nào, vì sao."), reverse("audit-log"), _("Xem")),
    ]


_PARTS: dict[str, Callable[[Desk], list[Card]]] = {
    Role.FOCAL: _focal,
    Role.UNIT_LEADER: _focal,
    Role.HEAD_OF_OFFICE: _department,
    Role.AUDITOR: _department,
    Role.CLERK: _clerk,
    Role.ADMINISTRATOR: _administrator,
}
