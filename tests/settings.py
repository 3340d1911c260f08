"""Settings of the suite: the product's own, on the engine that DATABASE_URL names (SQLite without it)."""

import os
import tempfile
from pathlib import Path

os.environ["CHUAN_MODE"] = "office"
os.environ.setdefault("CHUAN_HOME", tempfile.mkdtemp(prefix="chuan-tests-"))
Path(os.environ["CHUAN_HOME"]).mkdir(exist_ok=True)

from chuan.settings import *  # noqa: E402, F403
from chuan.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
