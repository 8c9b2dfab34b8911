"""What the moves of support are called, said when they are made, and when they are not open."""

from collections.abc import Mapping

from portal.domain.move_words import MoveWords

_KNOWN = "What became of this support was already recorded."
_FURTHER = "This {support_referral} has gone on since, or has ended, so this can no longer be recorded."
_CHECKED = "This check was already recorded."

OF_SUPPORT: Mapping[tuple[str, str], MoveWords] = {
    ("referral", "send"): MoveWords(
        "Send it to the service",
        "Recorded as sent to the service",
        "This {support_referral} was already sent, or has gone on since.",
    ),
    ("referral", "receive"): MoveWords("The service has received it", "Recorded: received by the service", _FURTHER),
    ("referral", "accept"): MoveWords("The service has accepted", "Recorded: accepted by the service", _FURTHER),
    ("referral", "wait"): MoveWords("They are on a waiting list", "Recorded: on a waiting list", _FURTHER),
    ("referral", "wait_longer"): MoveWords(
        "They have to wait longer",
        "Recorded: they have to wait longer",
        "They are not on a waiting list, so there is nothing to wait longer for.",
    ),
    ("referral", "book"): MoveWords("A first day is booked", "Recorded: a first day is booked", _FURTHER),
    ("referral", "rebook"): MoveWords(
        "The first day was moved", "Recorded: the first day was moved", "No first day is booked, so none can be moved."
    ),
    ("referral", "start"): MoveWords("It has started", "Recorded: support has started", _KNOWN),
    ("referral", "not_start"): MoveWords("It will not happen", "Recorded: support will not start", _KNOWN),
    ("referral", "confirm"): MoveWords(
        "Somebody else says so too",
        "Recorded: two sources say that it started",
        "Only support that has started can be confirmed.",
    ),
    ("referral", "report_start"): MoveWords(
        "Somebody else says so too",
        "Recorded: they say that it started. It stays reported until another source says so too",
        "Only support that has started can be confirmed.",
    ),
    ("referral", "report_decline"): MoveWords(
        "We cannot take this on",
        "Recorded: you cannot take this on. They decide what happens now",
        "This {support_referral} has started, or has ended, so it can no longer be declined.",
    ),
    ("referral", "report_stop"): MoveWords(
        "It seems to have stopped",
        "Recorded: it seems to have stopped. A check is due today",
        "Only support that has started can have stopped.",
    ),
    ("referral", "end"): MoveWords(
        "It has ended",
        "Recorded: support has ended",
        "Support that never started cannot end. Record that it started first, or that it will not happen.",
    ),
    ("referral", "decide_need"): MoveWords(
        "Say what happens to the {need} now",
        "Recorded: what happens to the {need} now",
        "This can only be recorded of support that did not start.",
    ),
    ("check", "happened"): MoveWords("It started", "Recorded", _CHECKED),
    ("check", "not_yet"): MoveWords("Not yet", "Recorded. The next check is set", _CHECKED),
    ("check", "no_answer"): MoveWords("No answer", "Recorded. The next check is set", _CHECKED),
    ("check", "will_not"): MoveWords("It will not happen", "Recorded", _CHECKED),
    ("check", "gone_on"): MoveWords("It has gone on", "Recorded", _CHECKED),
    ("check", "waive"): MoveWords(
        "Do not ask for now",
        "Recorded. It is due again on the day you named",
        "Only a check that is due can be put off.",
    ),
    ("check", "due_again"): MoveWords(
        "Ask again now", "The check is due again", "This check is not put off, so it cannot be due again."
    ),
    ("check", "void"): MoveWords("No longer needed", "Recorded", _CHECKED),
}
