"""Sample codes are shown in sample databases only, for sample seeds only; production starts on nothing unsafe."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.test import Client
from django.urls import reverse

from chuan.accounts import checks, sample
from chuan.portal.management.commands import serve
from chuan.web import deployment
from chuan.web.checks import listening, production_data, production_settings, require_safe
from chuan.web.models import Deployment
from tests.accounts.entering import CODE, code, equip, give_password
from tests.cast import Cast
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "CHUAN_MODE": "production",
    "CHUAN_SECRET_KEY": "a-key-of-fifty-or-more-letters-that-is-nobodys-default-0123456789",
    "CHUAN_HOSTS": "doluong.tayninh.gov.vn",
    "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none",
}


@pytest.fixture
def sample_database(cast: Cast) -> Iterator[Cast]:
    """The cast in a database that is an illustration."""
    Deployment.objects.update(sample=True)
    deployment.forget()
    yield cast
    deployment.forget()


def test_outside_sample_mode_no_account_is_given_a_sample_seed(cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        sample.equip(cast.director.user)
    assert not Authenticator.objects.exists()


def test_outside_sample_mode_no_code_is_shown(cast: Cast) -> None:
    Authenticator.objects.all().delete()
    Deployment.objects.update(sample=True)
    deployment.forget()
    sample.equip(cast.director.user)
    Deployment.objects.update(sample=False)
    deployment.forget()
    assert sample.current_code(cast.director.user) is None
    browser = Client()
    give_password(browser, "director")
    page = browser.get(CODE).content.decode()
    assert not any(c in page for c in _codes(cast.director.user.username))


def _codes(username: str) -> list[str]:
    return [code(sample.seed(username), step) for step in (-1, 0, 1)]


def test_a_persons_own_seed_is_never_shown(sample_database: Cast) -> None:
    equip(sample_database.director.user)
    assert sample.current_code(sample_database.director.user) is None


def test_nothing_is_shown_before_the_password(sample_database: Cast) -> None:
    sample.equip(sample_database.director.user)
    page = Client().get(reverse("account_login")).content.decode()
    assert not any(c in page for c in _codes("director"))


def test_in_sample_mode_the_code_is_on_the_page_and_opens(sample_database: Cast) -> None:
    sample.equip(sample_database.director.user)
    browser = Client()
    give_password(browser, "director")
    page = browser.get(CODE).content.decode()
    shown = next(c for c in _codes("director") if c in page)
    assert browser.post(CODE, {"code": shown})["Location"] == "/"


def test_production_shows_no_code_whatever_the_database_says(sample_database: Cast, settings: Any) -> None:
    sample.equip(sample_database.director.user)
    settings.PRODUCTION = True
    assert sample.current_code(sample_database.director.user) is None


def test_production_refuses_a_sample_database_a_rehearsal_date_and_sample_seeds(
    sample_database: Cast, settings: Any
) -> None:
    sample.equip(sample_database.director.user)
    Deployment.objects.update(rehearsal_at=NOW)
    settings.PRODUCTION = True
    found = [m.id for m in (*production_data(databases=["default"]), *checks.no_sample_seeds(databases=["default"]))]
    assert found == ["chuan.E014", "chuan.E015", "chuan.E020"]
    assert "director" in checks.no_sample_seeds(databases=["default"])[0].msg


def test_an_offices_own_database_passes(cast: Cast, settings: Any) -> None:
    equip(cast.director.user)
    settings.PRODUCTION = True
    assert production_data(databases=["default"]) == checks.no_sample_seeds(databases=["default"]) == []


def _check(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return _run("-m", "django", "check", *arguments, **environment)


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CHUAN_", "DJANGO_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=ROOT, env={**kept, "DJANGO_SETTINGS_MODULE": "chuan.settings", "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("key", ["", "short", "x" * 49])
def test_production_refuses_a_default_or_short_key(settings: Any, key: str) -> None:
    settings.PRODUCTION, settings.SECRET_KEY = True, key or settings.DEFAULT_KEY
    assert "chuan.E011" in [m.id for m in production_settings()]


def test_production_refuses_everything_unsafe_at_once() -> None:
    unsafe = {"CHUAN_DEBUG": "1", "CHUAN_SECRET_KEY": "", "DATABASE_URL": "", "CHUAN_HOSTS": "localhost"}
    done = _check("--tag", "security", **{**GOOD, **unsafe})
    assert done.returncode == 1
    for error in ("chuan.E010", "chuan.E011", "chuan.E012", "chuan.E013"):
        assert error in done.stderr


@pytest.mark.parametrize(
    "entry",
    [("-c", "import chuan.wsgi"), *(("-m", "chuan.cli", name) for name in ("figures", "prepare", "serve"))],
    ids=lambda entry: entry[-1],
)
def test_production_begins_on_nothing_unsafe_whatever_begins_it(entry: tuple[str, ...], tmp_path: Path) -> None:
    unsafe = {"CHUAN_DEBUG": "1", "CHUAN_SECRET_KEY": "", "DATABASE_URL": "", "CHUAN_HOME": str(tmp_path)}
    done = _run(*entry, **{**GOOD, **unsafe})
    assert done.returncode == 1
    for said in ("CHUAN_DEBUG=1", "chuan secret-key", "DATABASE_URL"):
        assert said in done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing was made"


def test_production_without_a_key_still_makes_one() -> None:
    made = _run("-m", "chuan.cli", "secret-key", **{**GOOD, "CHUAN_SECRET_KEY": ""})
    assert len(made.stdout.strip()) >= 50


def test_production_loads_on_safe_settings() -> None:
    done = _run("-c", "import chuan.wsgi", **GOOD)
    assert done.returncode == 0, done.stderr


def test_production_loads_on_no_sample_database(
    sample_database: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.equip(sample_database.director.user)
    monkeypatch.setattr("chuan.web.checks.production_settings", list)
    require_safe()
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match=r"(?s)(?=.*minh họa).*Tài khoản mẫu"):
        require_safe()


@pytest.mark.parametrize(("mode", "said"), [("office", "CHUAN_SECRET_KEY"), ("sample", "mật khẩu in sẵn")])
def test_other_computers_reach_no_public_key_and_no_printed_password(mode: str, said: str, tmp_path: Path) -> None:
    done = _run("-m", "chuan.cli", "serve", CHUAN_MODE=mode, CHUAN_HOME=str(tmp_path), CHUAN_BIND="0.0.0.0")
    assert done.returncode == 1
    assert "CHUAN_BIND=0.0.0.0" in done.stderr
    assert said in done.stderr
    assert "bỏ CHUAN_BIND" in done.stderr, "the remedy"
    assert list(tmp_path.iterdir()) == [], "nothing was made"


def test_an_office_that_opened_a_sample_database_serves_it_to_nobody_else(
    sample_database: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRET_KEY = GOOD["CHUAN_SECRET_KEY"]
    monkeypatch.setenv("CHUAN_BIND", "192.168.1.10")
    monkeypatch.setattr(serve, "call_command", lambda *args, **kwargs: None)
    with pytest.raises(CommandError, match="mật khẩu in sẵn"):
        call_command("serve")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "[::1]", "localhost"])
def test_this_computer_alone_may_use_either(host: str) -> None:
    assert listening(host, sample=True) == []


def test_an_office_with_its_own_key_serves_other_computers(settings: Any) -> None:
    for host in ("::", "192.168.1.10", "may-chu"):
        assert {m.id for m in listening(host, sample=True)} == {"chuan.E016", "chuan.E017"}
    settings.SECRET_KEY = GOOD["CHUAN_SECRET_KEY"]
    assert listening("::", sample=False) == []


def test_production_settings_pass_djangos_deployment_checks() -> None:
    done = _check("--deploy", "--fail-level", "WARNING", **GOOD)
    assert done.returncode == 0, done.stderr


def test_a_database_address_alone_means_production() -> None:
    done = _check("--tag", "security", DATABASE_URL=GOOD["DATABASE_URL"])
    assert done.returncode == 1
    assert "chuan.E011" in done.stderr


def test_production_does_not_start_on_a_sample_database(sample_database: Cast, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(SystemCheckError, match=r"chuan\.E014"):
        call_command("check", databases=["default"])
