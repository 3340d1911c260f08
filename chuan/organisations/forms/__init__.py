"""Forms of units, accounts, people and parties, one file a theme."""

from chuan.organisations.forms.accounts import AccountForm, GrantForm, temporary_password
from chuan.organisations.forms.common import ReasonForm
from chuan.organisations.forms.parties import (
    ClassMembersForm,
    CopyYearForm,
    CorrectFactsForm,
    EndForm,
    FactsForm,
    FindForm,
    NameForm,
    PartyFilterForm,
    PartyForm,
    YearForm,
)
from chuan.organisations.forms.people import (
    ApartForm,
    Decision,
    FullNameField,
    MergeForm,
    Pair,
    PersonForm,
    is_full_name,
)
from chuan.organisations.forms.units import ActingForm, AuthorityForm, CorrectActingForm, DayForm, able_choices, unit_of

__all__ = [
    "AccountForm",
    "ActingForm",
    "ApartForm",
    "AuthorityForm",
    "ClassMembersForm",
    "CopyYearForm",
    "CorrectActingForm",
    "CorrectFactsForm",
    "DayForm",
    "Decision",
    "EndForm",
    "FactsForm",
    "FindForm",
    "FullNameField",
    "GrantForm",
    "MergeForm",
    "NameForm",
    "Pair",
    "PartyFilterForm",
    "PartyForm",
    "PersonForm",
    "ReasonForm",
    "YearForm",
    "able_choices",
    "is_full_name",
    "temporary_password",
    "unit_of",
]
