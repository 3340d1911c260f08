"""Facts of the deployment, and the keys that make a repeated POST have one effect."""

from django.db import models


class Deployment(models.Model):
    """What this database is: an office's own data, or an illustration with a fixed rehearsal date. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    sample = models.BooleanField(default=False)
    rehearsal_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    #: Everything the database begins with is in it; until then it is made anew.
    complete = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="web_one_deployment")]

    def __str__(self) -> str:
        return "minh họa" if self.sample else "dữ liệu thật"


class IdempotencyKey(models.Model):
    """One POST's key and the answer it got; written in the same transaction as the effect."""

    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=64)
    location = models.CharField(max_length=500, blank=True)
    messages = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="web_one_effect")]

    def __str__(self) -> str:
        return f"{self.actor} {self.key[:8]}"
