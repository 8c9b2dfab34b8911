"""What somebody is told by email when how they sign in was changed: if it was not them, they call at once."""

import enum
from collections.abc import Mapping


class News(enum.StrEnum):
    PASSWORD = "account.password"  # noqa: S105  (the kind of a message)
    APP = "account.app"
    RECOVERY_CODES = "account.recovery_codes"
    PASSKEY_MADE = "account.passkey_made"
    PASSKEY_REMOVED = "account.passkey_removed"
    CONNECTED = "account.connected"
    DISCONNECTED = "account.disconnected"
    BEGUN_ANEW = "account.begun_anew"


# The rule under which the outbox holds it until it is sent.
RULE = "account_news"
CALLED = "That how somebody signs in was changed"
SUBJECT = "How you sign in to the {service} was changed"
WORDS: Mapping[News, str] = {
    News.PASSWORD: "Your password for the {service} was changed on {at}. You are signed out everywhere else",
    News.APP: "The app that makes your codes for the {service} was set up on {at}. Codes of another app and earlier "
    "recovery codes count no more",
    News.RECOVERY_CODES: "New recovery codes for the {service} were made on {at}. Those before them count no more",
    News.PASSKEY_MADE: "A passkey was made on {at} by which you can sign in to the {service}",
    News.PASSKEY_REMOVED: "A passkey of yours was removed from the {service} on {at}. It opens nothing there any more",
    News.CONNECTED: "Your council account was connected to the {service} on {at}. You can sign in with it",
    News.DISCONNECTED: "Your council account was disconnected from the {service} on {at}. You cannot sign in with it "
    "any more",
    News.BEGUN_ANEW: "Two administrators confirmed on {at} that you set up your codes for the {service} anew. You are "
    "signed out everywhere, and set up an app when you sign in again",
}
NOT_YOU = "If this was not you, call us at once"
