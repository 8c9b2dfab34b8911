"""The Chromium of the machine, for journeys through the portal as a person sees it."""

import shutil
from typing import TypedDict

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",  # Its sandbox does not work as root, nor in most containers; only our own pages are opened
    "--disable-gpu",
    "--disable-background-networking",
)


class NoBrowser(Exception):
    """There is no Chromium to test with. Says what to do; a journey that is not walked is a failure, never a skip."""


class LaunchArguments(TypedDict):
    executable_path: str
    args: list[str]


def executable() -> str:
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise NoBrowser(
        f"There is no Chromium to walk the browser journeys with: none of {', '.join(NAMES)} is on the PATH. "
        "Install one, on Debian with “apt-get install chromium”, and run the tests again."
    )


def launch_arguments() -> LaunchArguments:
    """For `playwright.chromium.launch`, and for pytest-playwright's fixture `browser_type_launch_args`."""
    return {"executable_path": executable(), "args": list(ARGUMENTS)}
