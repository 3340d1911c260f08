"""The WSGI entry point; in production it does not load on anything unsafe, whatever server loads it."""

import os

from django.core.wsgi import get_wsgi_application

from chuan.lib.garbage import collect_rarely

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuan.settings")
application = get_wsgi_application()

from chuan.web.checks import require_safe  # noqa: E402 - models are loaded first

require_safe()
collect_rarely()
