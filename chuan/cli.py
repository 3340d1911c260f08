"""The `chuan` command: Django's commands on a database that is made ready when it is absent, and `serve`."""

import os
import sys

#: Commands that ask nothing of the settings and of no database.
_ANYWHERE = {
    "help",
    "--help",
    "-h",
    "--version",
    "version",
    "makemigrations",
    "secret-key",
    "makemessages",
    "collectstatic",
}

#: Commands that must not find or make a database first.
_BARE = {*_ANYWHERE, "migrate", "prepare", "serve"}

#: Commands that read and prove: they make a database only where there is none.
_LOOKING = {"verify", "check", "showmigrations", "dbshell", "plan", "figures", "report"}

#: Commands of the metrology kernel: no Django and no database, so that they start at once.
KERNEL = {"compute", "metrology"}


def main() -> None:
    """Run the command of the command line; errors are one line, exit 2 for a wrong call."""
    if sys.argv[1:] and sys.argv[1] in KERNEL:
        from chuan.metrology.command import main as kernel  # noqa: PLC0415 - Django is not loaded for it

        sys.exit(kernel(sys.argv[1:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuan.settings")
    import django  # noqa: PLC0415 - settings are named first
    from django.core.management import ManagementUtility, call_command  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    arguments = sys.argv or ["chuan"]
    name = arguments[1] if len(arguments) > 1 else "help"
    if name not in _ANYWHERE:
        django.setup()
        _require_safe()
    if name not in _BARE:
        # What only looks must find the database as it is, not as this release would have it.
        call_command("prepare", quiet=True, if_absent=name in _LOOKING)
    try:
        ManagementUtility(["chuan", *arguments[1:]]).execute()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away (`chuan figures | head`): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except DatabaseError as error:
        if name not in _LOOKING:
            raise
        sys.exit(
            f"chuan {name}: không đọc được cơ sở dữ liệu ({error}). Nếu vừa nâng cấp: chuan prepare, rồi chạy lại."
        )


def _require_safe() -> None:
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - settings are named first

    from chuan.web.checks import require_safe  # noqa: PLC0415 - models are loaded first

    try:
        require_safe()
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
