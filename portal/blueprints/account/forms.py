"""The sign-in form."""

from portal.web.forms import LineField, PasswordField, PortalForm, Required


class SignInForm(PortalForm):
    email = LineField("Email address", [Required("Enter your email address")], longest=254, called="Email address")
    password = PasswordField("Password", [Required("Enter your password")])
    next = LineField("", longest=500)
