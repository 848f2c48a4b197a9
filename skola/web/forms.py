"""allauth's forms with our words: one name for a thing on every page, no words inside of fields."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as socialaccount
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EMAIL = _("E-mail")
PASSWORD = _("Password")
NEW = _("New password")
AGAIN = _("New password once more")
CODE = _("Code")


class _Worded(forms.Form):
    """Gives fields our labels and help, and takes out what stands inside of them."""

    words: ClassVar[dict[str, Any]] = {}
    helps: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.words.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            field.widget.attrs.pop("placeholder", None)


LENGTH = {"password1": _("At least ten characters. A short sentence is good.")}


class LoginForm(_Worded, account.LoginForm):  # type: ignore[misc]
    words = {"login": EMAIL, "password": PASSWORD}


class SignupForm(_Worded, account.SignupForm):  # type: ignore[misc]
    words = {"email": EMAIL, "password1": PASSWORD}
    helps = LENGTH


class NetworkSignupForm(_Worded, socialaccount.SignupForm):  # type: ignore[misc]
    words = {"email": EMAIL}


class CodeRequestForm(_Worded, account.RequestLoginCodeForm):  # type: ignore[misc]
    words = {"email": EMAIL}


class LoginCodeForm(_Worded, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    words = {"code": CODE}


class EmailCodeForm(_Worded, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    words = {"code": CODE}


class ResetForm(_Worded, account.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": EMAIL}


class NewPasswordForm(_Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words = {"password1": NEW, "password2": AGAIN}
    helps = LENGTH


class ChangePasswordForm(_Worded, account.ChangePasswordForm):  # type: ignore[misc]
    words = {"oldpassword": _("Password until now"), "password1": NEW, "password2": AGAIN}
    helps = LENGTH


class SetPasswordForm(_Worded, account.SetPasswordForm):  # type: ignore[misc]
    words = {"password1": NEW, "password2": AGAIN}
    helps = LENGTH


class EmailForm(_Worded, account.AddEmailForm):  # type: ignore[misc]
    words = {"email": _("New address")}


class ReauthenticateForm(_Worded, account.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": PASSWORD}


class SecondStepForm(_Worded, mfa.AuthenticateForm):  # type: ignore[misc]
    words = {"code": CODE}


class ReauthenticateByCodeForm(_Worded, mfa.ReauthenticateForm):  # type: ignore[misc]
    words = {"code": CODE}


class AppForm(_Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    words = {"code": CODE}


class PasskeyForm(_Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    words = {
        "name": pgettext_lazy("of a thing", "Name"),
        "passwordless": _("Use it without a password"),
    }
    helps = {"passwordless": _("It then asks for your finger, face or PIN each time.")}


class PasskeyNameForm(_Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words = {"name": pgettext_lazy("of a thing", "Name")}
