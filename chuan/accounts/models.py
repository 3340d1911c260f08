"""The account: a name to sign in with. What a person may do follows from memberships, not from flags here."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    """Finds accounts; `chuan.accounts.services.create_user` is what makes them."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """User names ignore case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person's account. It is never deleted: the audit names it; it is closed."""

    username = models.CharField(
        "Tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        error_messages={"unique": "Tên đăng nhập này đã có người dùng."},
    )
    full_name = models.CharField("Họ và tên", max_length=200)
    email = models.EmailField("Thư điện tử công vụ", blank=True)
    is_active = models.BooleanField("Đang dùng", default=True)
    created_at = models.DateTimeField()
    must_change_password = models.BooleanField(default=False)
    #: Raised to end every open session, as a new password does.
    session_series = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="accounts_username_ci")]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """Họ và tên."""
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be this account's: it follows the password and the series."""
        salt = "chuan.accounts.models.User.get_session_auth_hash"
        return salted_hmac(
            salt, f"{self.session_series} {self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()

    # Django's template context asks these of every user; rights here come from policies alone.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """No permission is ever held by an account itself."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """No permission is ever held by an account itself."""
        return False
