"""Units through time: identity, dated versions, what became of them, and who belongs to them."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chuan.ledger.fields import SealedJSONField
from chuan.ledger.models import Identity, Statement
from chuan.organisations.rules import (
    TERRITORIAL,
    EventKind,
    FunctionDomain,
    NoTaxCode,
    Ownership,
    Period,
    Role,
    SuccessionScope,
    UnitKind,
    tax_code_shown,
)

#: Width of the columns that a name is searched and put in order by.
UNIT_KEY = 400
PERSON_KEY = 300


class OrganisationUnit(Identity):
    """A unit's identity: what names and codes, which change, are said of."""

    kind = models.CharField(max_length=30, choices=UnitKind.choices)

    class Meta:
        ordering = ("code",)


class UnitVersion(Statement):
    """A unit's name, place and symbol during [valid_from, valid_to), by a document."""

    subject = ("unit",)

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=200)
    parent = models.ForeignKey(OrganisationUnit, models.PROTECT, null=True, related_name="child_versions")
    official_code = models.CharField(max_length=20, blank=True)
    symbol = models.CharField(max_length=30, blank=True)
    search = models.CharField(max_length=UNIT_KEY)
    order = models.CharField(max_length=UNIT_KEY)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document = models.CharField(max_length=300, blank=True)
    #: The fact was compared with the text of the document.
    checked = models.BooleanField(default=False)

    class Meta:
        ordering = ("order", "valid_from")
        indexes = [models.Index(fields=["unit", "valid_from"], name="organisations_version")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="organisations_version_range",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def period(self) -> Period:
        """The version's half-open range."""
        return Period(self.valid_from, self.valid_to)

    @property
    def lies_in_place(self) -> bool:
        """What is above is a place, not an authority that the unit belongs to."""
        return self.parent is not None and self.parent.kind in TERRITORIAL


class ReorganisationEvent(Identity):
    """One reorganisation: on a day, by a document."""

    kind = models.CharField(max_length=20, choices=EventKind.choices)
    on = models.DateField()
    title = models.CharField(max_length=300)
    document = models.CharField(max_length=300, blank=True)
    #: The day and what happened were compared with the text of the document.
    checked = models.BooleanField(default=False)

    class Meta:
        ordering = ("on", "code")


class Succession(Statement):
    """What of a predecessor passed to a successor in an event.

    `share` is the part of the predecessor's ground, 0 < share <= 1; `primary` says whether the document names this
    successor the main one. Both are null where the document says nothing.
    """

    subject = ("event", "predecessor", "successor")

    event = models.ForeignKey(ReorganisationEvent, models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="succeeded_by")
    successor = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="succeeds")
    scope = models.CharField(max_length=20, choices=SuccessionScope.choices)
    #: Which function passed; empty with the scope "function": all of them.
    domain = models.CharField(max_length=20, choices=FunctionDomain.choices, blank=True)
    share = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    primary = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "predecessor", "successor", "scope", "domain"],
                condition=Q(voided_at__isnull=True),
                name="organisations_one_succession",
            ),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="organisations_no_self_succession"),
            models.CheckConstraint(
                condition=Q(domain="") | Q(scope=SuccessionScope.FUNCTION), name="organisations_domain_of_function"
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1), name="organisations_share_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class ActingDecision(Statement):
    """A person's decision who acts in a field for a unit that exists no more, where the successions do not say."""

    subject = ("unit",)

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="acting_decisions")
    domain = models.CharField(max_length=20, choices=FunctionDomain.choices)
    acting = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="acts_by")
    document = models.CharField(max_length=300)
    basis = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "domain"], condition=Q(voided_at__isnull=True), name="organisations_one_acting"
            ),
            models.CheckConstraint(condition=~Q(unit=F("acting")), name="organisations_no_self_acting"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} ⇒ {self.acting_id} ({self.domain})"


class PartyFacts(Statement):
    """What is said of an enterprise, a service organisation or an association.

    Name and commune are facts of a range of days and stand in its `UnitVersion`s (the commune is the parent).
    `state_share` is in percent: 0 none, null unknown; the two flags are null where nobody has said.
    """

    subject = ("unit",)

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="party_facts")
    #: 10 digits, or 13 of a branch; empty with a reason.
    tax_code = models.CharField(max_length=13, blank=True)
    no_tax_code = models.CharField(max_length=20, choices=NoTaxCode.choices, blank=True)
    ownership = models.CharField(max_length=20, choices=Ownership.choices)
    state_share = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    #: The line of business as VSIC names it.
    sector = models.CharField(max_length=200, blank=True)
    priority_sector = models.BooleanField(null=True)
    exports = models.BooleanField(null=True)
    #: Where the facts come from.
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(voided_at__isnull=True), name="organisations_one_live_party"
            ),
            models.UniqueConstraint(
                fields=["tax_code"],
                condition=Q(voided_at__isnull=True) & ~Q(tax_code=""),
                name="organisations_one_tax_code",
            ),
            models.CheckConstraint(
                condition=(Q(tax_code="") & ~Q(no_tax_code="")) | (~Q(tax_code="") & Q(no_tax_code="")),
                name="organisations_tax_code_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(state_share__isnull=True) | Q(state_share__gte=0, state_share__lte=100),
                name="organisations_state_share_range",
            ),
        ]

    def __str__(self) -> str:
        return self.tax_code or f"{self.unit_id} ({self.no_tax_code})"

    @property
    def state_share_shown(self) -> Decimal | None:
        """The percentage without decimals that say nothing."""
        share = self.state_share
        if share is None:
            return None
        return share.quantize(Decimal(1)) if share == int(share) else share.normalize()

    @property
    def tax_code_shown(self) -> str:
        """`3900123456`, or `3900123456-001` of a branch."""
        return tax_code_shown(self.tax_code)


class PartyClass(Identity):
    """A group that the plan names without saying who belongs to it ("Các đơn vị liên quan"); said year by year."""

    title = models.CharField(max_length=200)
    #: Kinds of units whose every unit belongs to the class in a year without a list ("UBND xã, phường"); [] where only
    #: a list says who does.
    kinds = SealedJSONField(default=list)

    class Meta:
        ordering = ("code",)


class ClassMember(Statement):
    """In a year a unit belongs to a class, on some grounds."""

    subject = ("party_class", "unit")

    party_class = models.ForeignKey(PartyClass, models.PROTECT, related_name="members")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="class_memberships")
    year = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party_class", "unit", "year"],
                condition=Q(voided_at__isnull=True),
                name="organisations_one_class_member",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_class_id} {self.unit_id} {self.year}"


class DraftingRoom(Statement):
    """Which room of an office drafts its papers during [valid_from, valid_to), by its name and symbol."""

    subject = ("unit",)

    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="drafting_rooms")
    name = models.CharField(max_length=200)
    symbol = models.CharField(max_length=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)

    class Meta:
        ordering = ("valid_from", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="organisations_room_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.symbol})"


class Membership(Statement):
    """A person acts in a role at a unit during [valid_from, valid_to)."""

    subject = ("user", "unit")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # Ranges may not overlap either: the service sees to it, under `hold`.
                fields=["user", "unit", "role", "valid_from"],
                condition=Q(voided_at__isnull=True),
                name="organisations_one_membership",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="organisations_member_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"

    @property
    def period(self) -> Period:
        """The role's half-open range."""
        return Period(self.valid_from, self.valid_to)


class Person(Identity):
    """A natural person whom the programme's evidence names; two of one name are two until somebody decides."""

    class Meta:
        ordering = ("code",)


class PersonFacts(Statement):
    """The little that is kept of a person: name, employer, work contact. No identity-card number or image."""

    subject = ("person",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="facts_set")
    full_name = models.CharField(max_length=200)
    search = models.CharField(max_length=PERSON_KEY)
    order = models.CharField(max_length=PERSON_KEY)
    employer = models.ForeignKey(OrganisationUnit, models.PROTECT, null=True, related_name="people")
    position = models.CharField(max_length=200, blank=True)
    work_contact = models.CharField(max_length=200, blank=True)
    #: The unit that keeps this record; only it and Sở KH&CN see it.
    owner = models.ForeignKey(OrganisationUnit, models.PROTECT, related_name="kept_people")

    class Meta:
        ordering = ("order",)
        indexes = [models.Index(fields=["search"], name="organisations_person_search")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(voided_at__isnull=True), name="organisations_one_live_person"
            )
        ]

    def __str__(self) -> str:
        return self.full_name


class PersonMerge(Statement):
    """A decision that `duplicate` is the same human being as `canonical`; voiding it takes it back.

    `chosen` is the record named in the decision. `canonical` is the one it leads to by the decisions in force: never
    itself a live duplicate, so one hop finds it. A decision about `chosen` moves `canonical` along and taking that one
    back moves it back, whatever was decided in between.
    """

    subject = ("duplicate",)

    duplicate = models.ForeignKey(Person, models.PROTECT, related_name="merged_into")
    chosen = models.ForeignKey(Person, models.PROTECT, related_name="chosen_for")
    canonical = models.ForeignKey(Person, models.PROTECT, related_name="merged_from")
    basis = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(voided_at__isnull=True), name="organisations_one_live_merge"
            ),
            models.CheckConstraint(
                condition=~Q(duplicate=F("canonical")) & ~Q(duplicate=F("chosen")), name="organisations_no_self_merge"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} = {self.canonical_id}"


class PeopleDiffer(Statement):
    """A decision that two records of like names are two human beings; `first` has the smaller key."""

    subject = ("first", "second")

    first = models.ForeignKey(Person, models.PROTECT, related_name="differs_from")
    second = models.ForeignKey(Person, models.PROTECT, related_name="differs_by")
    basis = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(voided_at__isnull=True), name="organisations_one_difference"
            ),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="organisations_difference_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
