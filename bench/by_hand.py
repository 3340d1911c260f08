"""The figures' questions as the best SQL that we could write by hand for each engine: what ours is measured against."""

from datetime import UTC
from typing import Any

from django.db import connection

from chuan.reporting.indicators.scope import Scope

#: Lines in force with their course in force and the person after merges; `known` thrice.
SOURCE = """
FROM training_attendancefacts f
JOIN training_attendance a ON a.id = f.attendance_id
JOIN training_coursefacts c ON c.course_id = a.course_id
  AND c.recorded_at <= %(known)s AND (c.voided_at IS NULL OR c.voided_at > %(known)s)
LEFT JOIN organisations_personmerge m ON m.duplicate_id = f.person_id
  AND m.recorded_at <= %(known)s AND (m.voided_at IS NULL OR m.voided_at > %(known)s)
LEFT JOIN training_coursemerge x ON x.duplicate_id = a.course_id
  AND x.recorded_at <= %(known)s AND (x.voided_at IS NULL OR x.voided_at > %(known)s)
WHERE f.recorded_at <= %(known)s AND (f.voided_at IS NULL OR f.voided_at > %(known)s)
"""
#: A course that another unit records too: its people count where they stand on no earlier list of it that counts.
ONCE = """(x.canonical_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM training_attendancefacts g
    JOIN training_attendance b ON b.id = g.attendance_id
    LEFT JOIN training_coursemerge y ON y.duplicate_id = b.course_id AND y.canonical_id = x.canonical_id
      AND y.recorded_at <= %(known)s AND (y.voided_at IS NULL OR y.voided_at > %(known)s)
    LEFT JOIN training_coursefacts h ON h.course_id = b.course_id
      AND h.recorded_at <= %(known)s AND (h.voided_at IS NULL OR h.voided_at > %(known)s)
    LEFT JOIN organisations_personmerge n ON n.duplicate_id = g.person_id
      AND n.recorded_at <= %(known)s AND (n.voided_at IS NULL OR n.voided_at > %(known)s)
    WHERE g.recorded_at <= %(known)s AND (g.voided_at IS NULL OR g.voided_at > %(known)s)
      AND g.role = 'learner' AND g.completed
      AND (b.course_id = x.canonical_id OR (y.id IS NOT NULL AND b.course_id < a.course_id
        AND h.kind = 'course' AND h.on_metrology))
      AND (coalesce(n.canonical_id, g.person_id) = coalesce(m.canonical_id, f.person_id) OR EXISTS (
        SELECT 1 FROM organisations_personfacts p JOIN organisations_personfacts q ON q.search = p.search
        WHERE p.person_id = f.person_id AND q.person_id = g.person_id AND p.search <> ''
          AND p.recorded_at <= %(known)s AND (p.voided_at IS NULL OR p.voided_at > %(known)s)
          AND q.recorded_at <= %(known)s AND (q.voided_at IS NULL OR q.voided_at > %(known)s)
          AND NOT EXISTS (SELECT 1 FROM organisations_peoplediffer d
            WHERE d.recorded_at <= %(known)s AND (d.voided_at IS NULL OR d.voided_at > %(known)s)
              AND ((d.first_id = p.person_id AND d.second_id = q.person_id)
                OR (d.first_id = q.person_id AND d.second_id = p.person_id)))
          AND NOT EXISTS (SELECT 1 FROM training_attendancefacts i
            JOIN training_attendance e ON e.id = i.attendance_id
            JOIN organisations_personfacts r ON r.person_id = i.person_id
            LEFT JOIN organisations_personmerge o ON o.duplicate_id = i.person_id
              AND o.recorded_at <= %(known)s AND (o.voided_at IS NULL OR o.voided_at > %(known)s)
            WHERE e.course_id = a.course_id AND i.role = 'learner' AND i.completed AND r.search = p.search
              AND i.recorded_at <= %(known)s AND (i.voided_at IS NULL OR i.voided_at > %(known)s)
              AND r.recorded_at <= %(known)s AND (r.voided_at IS NULL OR r.voided_at > %(known)s)
              AND coalesce(o.canonical_id, i.person_id) <> coalesce(m.canonical_id, f.person_id))))))
"""
MEMBERS = (
    SOURCE
    + """
  AND c.kind = 'course' AND c.on_metrology AND f.role = 'learner' AND f.completed
  AND c."end" BETWEEN %(first)s AND %(last)s
  AND c.place_id IN ({places}) AND f.employer_id IN ({employers}) AND f.person_id IS NOT NULL
"""
    + f"  AND {ONCE}"
)
PERSON = "coalesce(m.canonical_id, f.person_id)"


class ByHand:
    """Hand-written SQL for CT2 in the comparable frame (one span without end)."""

    def __init__(self, scope: Scope) -> None:
        (span,) = scope.ground.spans
        self.parameters: dict[str, Any] = {
            "known": scope.known.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
            if connection.vendor == "sqlite"
            else scope.known,
            "first": scope.first.isoformat() if connection.vendor == "sqlite" else scope.first,
            "last": scope.last.isoformat() if connection.vendor == "sqlite" else scope.last,
        }
        self.lists = {"places": _list(span.places), "employers": _list(span.employers)}
        self.groups = scope.ground.groups
        self.vague = _list(scope.ground.vague)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run it, all rows fetched."""
        sql = sql.format(**self.lists, vague=self.vague)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                raw = cursor.cursor if hasattr(cursor, "cursor") else cursor
                named = sql.replace("%(known)s", ":known").replace("%(first)s", ":first").replace("%(last)s", ":last")
                return list(raw.connection.execute(named, self.parameters))
            cursor.execute(sql, self.parameters)
            return list(cursor.fetchall())

    def value(self) -> int:
        """Distinct people."""
        return int(self.rows(f"SELECT count(DISTINCT {PERSON}) {MEMBERS}")[0][0])

    def members(self) -> list[int]:
        """The first line of each person."""
        if connection.vendor == "postgresql":
            picked = f'SELECT DISTINCT ON ({PERSON}) a.id {MEMBERS} ORDER BY {PERSON}, c."end", a.id'
        else:
            # SQLite takes the other columns from the row that holds the minimum.
            picked = f"""SELECT a.id, min(c."end" || substr('00000000000' || a.id, -12)) {MEMBERS} GROUP BY {PERSON}"""
        return sorted(row[0] for row in self.rows(picked))

    def by_group(self) -> dict[int | None, int]:
        """Distinct people of each unit of the breakdown."""
        pairs = ", ".join(f"({p}, {g})" for p, g in self.groups.items())
        sql = f"WITH grouping_of(place, unit) AS (VALUES {pairs}) SELECT g.unit, count(DISTINCT {PERSON}) "
        sql += MEMBERS.replace("WHERE", "LEFT JOIN grouping_of g ON g.place = c.place_id WHERE", 1) + " GROUP BY 1"
        return dict(self.rows(sql))

    def tally(self) -> dict[str, int]:
        """How many rows fail each condition, and all rows."""
        conditions = {
            "course_voided": "c.id IS NOT NULL",
            "not_a_course": "c.kind = 'course'",
            "not_metrology": "c.on_metrology",
            "not_learner": "f.role = 'learner'",
            "not_completed": "f.completed",
            "before_window": 'c."end" >= %(first)s',
            "after_window": 'c."end" <= %(last)s',
            "place_unknown": "NOT (c.place_id IS NULL OR c.place_id IN ({vague}))",
            "place_outside": "(c.place_id IN ({places}) OR c.place_id IS NULL OR c.place_id IN ({vague}))",
            "employer_unknown": "f.employer_id IS NOT NULL",
            "employer_outside": "(f.employer_id IN ({employers}) OR f.employer_id IS NULL)",
            "no_name": "f.person_id IS NOT NULL",
            "same_course": ONCE,
        }
        sums = ", ".join(f"sum(CASE WHEN {holds} THEN 0 ELSE 1 END)" for holds in conditions.values())
        source = SOURCE.replace("JOIN training_coursefacts", "LEFT JOIN training_coursefacts")
        (row,) = self.rows(f"SELECT count(*), {sums} {source}")
        return {"candidates": row[0], **dict(zip(conditions, row[1:], strict=True))}


def _list(ids: Any) -> str:
    return ", ".join(str(i) for i in sorted(ids)) or "NULL"
