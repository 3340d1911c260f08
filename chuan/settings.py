"""Settings, read from the environment; the file loads with an empty one (sample mode).

CHUAN_MODE   sample (default: illustrative data, rehearsal date) | office (one office, own data) | production
DATABASE_URL postgres://user:password@host:port/name; without it SQLite under CHUAN_HOME
Production refuses to start on anything unsafe: see chuan.web.checks.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF

MODES = ("sample", "office", "production")
MODE = os.environ.get("CHUAN_MODE") or ("production" if os.environ.get("DATABASE_URL") else "sample")
if MODE not in MODES:
    raise SystemExit(f"CHUAN_MODE={MODE!r}: chọn một trong {', '.join(MODES)}")
PRODUCTION = MODE == "production"

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CHUAN_HOME") or BASE_DIR / "var" / MODE)
FILES_DIR = Path(os.environ.get("CHUAN_FILES") or HOME / "files")
NODE_MODULES = Path(os.environ.get("CHUAN_NODE_MODULES") or BASE_DIR / "node_modules")
DATA_DIR = BASE_DIR / "data"

DEBUG = os.environ.get("CHUAN_DEBUG") == "1"
DEFAULT_KEY = "not-secret: sample and office modes on the loopback address only"
SECRET_KEY = os.environ.get("CHUAN_SECRET_KEY") or DEFAULT_KEY
ALLOWED_HOSTS = [h for h in os.environ.get("CHUAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS] if PRODUCTION else []
#: Where this process listens (chuan serve); what is printed leads there unless the environment says otherwise.
_PORT = os.environ.get("CHUAN_PORT") or "8000"
if not (_PORT.isascii() and _PORT.isdigit() and int(_PORT) < 2**16):
    raise SystemExit(f"CHUAN_PORT={_PORT!r}: cần số cổng từ 0 đến 65535")
PORT = int(_PORT)
PUBLIC_URL = (os.environ.get("CHUAN_PUBLIC_URL") or f"http://localhost:{PORT}").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    # Before allauth: its pages are shown through the templates of chuan.accounts.
    "chuan.accounts",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "chuan.ledger",
    "chuan.audit",
    "chuan.files",
    "chuan.web",
    "chuan.rendering",
    "chuan.organisations",
    "chuan.registers",
    "chuan.programme",
    "chuan.instruments",
    "chuan.laboratories",
    "chuan.training",
    "chuan.assurance",
    "chuan.reporting",
    "chuan.portal",
    # After our own, whose templates take the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "chuan.web.middleware.ServiceUnavailable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "chuan.web.middleware.Language",
    "chuan.web.middleware.BodyLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "chuan.accounts.middleware.SessionRules",
    "chuan.organisations.middleware.ActingUnit",
    "chuan.portal.middleware.SecondFactor",
    "chuan.web.middleware.Repeats",
]

ROOT_URLCONF = "chuan.urls"
WSGI_APPLICATION = "chuan.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chuan.web.context.page",
                "chuan.portal.context.header",
            ],
        },
    }
]
FORM_RENDERER = "chuan.web.forms.Renderer"


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL")
    if url:
        parts = urlsplit(url)
        if parts.scheme not in {"postgres", "postgresql"}:
            raise SystemExit("DATABASE_URL phải bắt đầu bằng postgres://")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "chuan.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": SQLITE_OPTIONS,
    }


# DEFERRED transactions fail under concurrent writes whatever the timeout; NORMAL may lose an acknowledged commit.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    # REPLACE deletes the row it replaces: with this the delete triggers of frozen tables see it.
    "PRAGMA recursive_triggers=ON; "
    # 64 MiB: with SQLite's own 2 a register of 10^6 rows is read from the file again and again (tried: 2/3 the time).
    "PRAGMA cache_size=-65536;",
}
DATABASES = {"default": _database()}
# A register of more rows than this is too large to be counted anew for each page (chuan.reporting.states).
LIVE_ROWS = int(os.environ.get("CHUAN_LIVE_ROWS") or 50_000)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "chuan.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
# Reverse proxies in front of the server: without the number, everybody behind one shares a sign-in limit.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CHUAN_PROXIES", "1" if PRODUCTION else "0"))
MFA_ADAPTER = "chuan.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Chuẩn"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SILENCED_SYSTEM_CHECKS: list[str] = []

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "chuan_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_MINUTES = 30
SESSION_ABSOLUTE_HOURS = 12
CSRF_COOKIE_NAME = "chuan_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "chuan.web.errors.csrf_failure"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "chuan_language"
LOCALE_PATHS = [Path(__file__).resolve().parent / "locale"]
FORMAT_MODULE_PATH = ["chuan.web.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
# A localized field would read "1.234" as 1234; numbers are parsed and shown by chuan.lib.numbers alone.
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "chuan.web.staticfiles.NodeModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {"BACKEND": "chuan.web.staticfiles.Storage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
# One file of 20 MB (chuan.files.kinds) and the form around it.
MAX_BODY_BYTES = 22 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Counts of failed sign-ins and used codes lie here: Django's 300 entries would let a stranger push them out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "chuan.web.logs.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "chuan": {"level": "INFO"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
