"""The snapshot: everything a report's papers print, as plain JSON, attached to the PDF."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from chuan.lib import canonical, clock
from chuan.organisations.queries import drafting_symbol
from chuan.organisations.territory import Atlas
from chuan.rendering.fonts import lacking, spelled
from chuan.reporting import before, consolidation, contributions, estimates, issuing, obligations, regime, sent_letters
from chuan.reporting.indicators import INDICATORS
from chuan.reporting.indicators.texts import SENTENCES, TITLES
from chuan.reporting.models import FrozenFigure, Report, ReportContent, ReportingPeriod


def build(
    report: Report, figures: list[FrozenFigure], *, version: int, frozen_at: datetime, chain: tuple[int, str]
) -> dict[str, Any]:
    """The snapshot of a report being frozen; in Vietnamese, whatever the reader's language."""
    with translation.override("vi"):
        return _build(report, figures, version=version, frozen_at=frozen_at, chain=chain)


def _build(
    report: Report, figures: list[FrozenFigure], *, version: int, frozen_at: datetime, chain: tuple[int, str]
) -> dict[str, Any]:
    period = report.period
    rows = obligations.tracking(period, today=clock.today())
    atlas = Atlas(figures[0].known)
    snapshot: dict[str, Any] = {
        "format": "chuan-report-snapshot 1",
        "report": report.code,
        "version": version,
        "frozen_at": frozen_at,
        "plan": {
            "code": period.plan.code,
            "number": period.plan.number,
            "signed": period.plan.signed,
            "issuer": period.plan.issuer,
        },
        "period": {
            "year": period.year,
            "first": period.first,
            "last": period.last,
            "deadline": period.deadline,
            "letter": period.letter,
            "kind": period.kind,
            "title": period.title,
            "request": _request(period),
        },
        "replaces": _replaced(report),
        "letters": sent_letters.numbered(period.pk),
        "words": report.draft,
        "words_version": report.draft_version,
        **contributions.placed(contributions.Inserts.of(report.inserts), contributions.given(rows)),
        "signer": issuing.signer_on(clock.today()).plain(),
        "drafting_room": drafting_symbol(clock.today()),
        "issuers": issuing.issuers_of(period.plan, clock.today()),
        "figures": [figure_in_report(figure, atlas) for figure in figures],
        "moved": before.moved(period, figures),
        "units": [
            {
                "unit": row.obligation.unit.code,
                "name": row.authority,
                "state": row.state,
                "receipt": row.submission.content.receipt if row.submission and row.submission.content else None,
                "sent_at": row.sent_at,
                "number": row.letter.number if row.letter else None,
                "dated": row.letter.dated if row.letter else None,
                "arrived": row.content.arrived if row.content else None,
                "missing": row.is_missing,
                "late": row.late,
                "disputed": row.disputed,
            }
            for row in rows
        ],
        "collected": {**consolidation.gather(period, rows), "estimates": estimates.told(period, figures)},
        "chain": {"seq": chain[0], "sha256": chain[1]},
    }
    plain: dict[str, Any] = canonical.plain(snapshot)
    return plain


def _replaced(report: Report) -> dict[str, Any] | None:
    """The issued report whose place it takes: by what everybody knows it."""
    old = report.replaces
    return {"number": old.number, "dated": old.dated} if old else None


def _request(period: ReportingPeriod) -> dict[str, Any] | None:
    """The document that asked for an ad hoc report, by what it is cited with."""
    found = regime.request_of(period)
    return found.plain() if found else None


def unprintable(snapshot: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    """What stands in the way of its papers, wherever it comes from: characters that the document font lacks, each
    with the words around it; a paragraph's first wording is not printed where it was edited."""
    found: dict[str, str] = {}
    for words in _words({**snapshot, "names": names}):
        for letter in lacking(words):
            at = words.index(letter)
            found.setdefault(letter, words[max(0, at - 30) : at + 30])
    return [f"không in được ký tự {spelled(letter)} ở “{around}”" for letter, around in found.items()]


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from () if name == "original" else _words(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _words(inner)


def figure_of(figure: FrozenFigure) -> dict[str, Any]:
    """A frozen figure as the snapshot and the look-up answer carry it; its words in Vietnamese."""
    title, definition = todays_words(figure.indicator)
    return {
        "code": figure.code,
        "indicator": figure.indicator,
        "title": title,
        "definition": definition,
        "definition_version": figure.definition_version,
        "definition_sha256": figure.definition_sha256,
        "frame": figure.frame,
        "first": figure.first,
        "last": figure.last,
        "at": figure.at,
        "known": figure.known,
        "value": figure.value,
        "unit": figure.unit,
        "flag": figure.flag,
        "readings": figure.readings,
        "companions": figure.companions,
        "members_sha256": figure.members_sha256,
        "sha256": figure.sha256,
    }


def figure_in_report(figure: FrozenFigure, atlas: Atlas | None = None) -> dict[str, Any]:
    """The same as a report tells it: a level with what it was as the period began."""
    level = INDICATORS[figure.indicator].spec.level
    return {**figure_of(figure), "level": level, "before": before.level(figure, atlas) if level else None}


def todays_words(indicator: str) -> tuple[str, str]:
    """Title and definition as the program now has them, in Vietnamese; the code alone where it has none."""
    with translation.override("vi"):
        return str(TITLES.get(indicator, indicator)), str(SENTENCES.get(indicator, ""))


def frozen_words(figure: FrozenFigure, content: ReportContent | None) -> tuple[str, str]:
    """Title and definition as they were frozen with the figure, else today's."""
    printed = content.snapshot["figures"] if content else []
    for said in printed:
        if said["code"] == figure.code:
            return said["title"], said["definition"]
    return todays_words(figure.indicator)
