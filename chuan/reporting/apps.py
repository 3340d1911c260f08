"""Figures, submissions, consolidated reports."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Everything that is computed from evidence, confirmed, frozen and issued."""

    name = "chuan.reporting"
    label = "reporting"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        from chuan.ledger import integrity  # noqa: PLC0415 - models must be loaded first
        from chuan.programme import effects, told  # noqa: PLC0415
        from chuan.reporting import annex, outcomes, verify  # noqa: PLC0415

        integrity.register("figures", verify.figures)
        integrity.register("heads", verify.heads)
        integrity.register("anchors", verify.anchors)
        told.register(annex.told)
        effects.register(outcomes.judged_today)
