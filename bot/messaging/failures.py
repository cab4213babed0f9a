"""Why a part could not be sent: a closed list, each with what follows from it."""

from __future__ import annotations

import math
import random

FIRST, LONGEST = 2.0, 600.0  # seconds between two attempts


class SendFailed(Exception):
    """A part was not sent. ``code`` is the vendor's, for the operator; never a text of it."""

    name = "failed"

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class RateLimited(SendFailed):
    """Too many messages: wait as long as the vendor says."""

    name = "rate limited"

    def __init__(self, wait: float, code: str = "") -> None:
        super().__init__(code)
        self.wait = wait


class Temporary(SendFailed):
    """The vendor or the way to it is out of order: try again, for about an hour."""

    name = "temporary"
    most_attempts: float = 14


class Refused(Temporary):
    """The vendor does not accept our token: nothing is lost until the operator has mended it."""

    name = "refused"
    most_attempts = math.inf


class Permanent(SendFailed):
    """This part will never be accepted: a mistake of ours. The operator sees it."""

    name = "permanent"


class Blocked(SendFailed):
    """The person cannot be reached any more and will not be tried again."""

    name = "blocked"


class WindowClosed(SendFailed):
    """The app allows no free answer so long after the person's last message."""

    name = "window closed"


def pause(attempts: int) -> float:
    """Seconds until the next attempt: doubled each time, with jitter so that not all come at once.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ («equal jitter»)
    """
    longest = min(LONGEST, FIRST * 2.0 ** min(attempts - 1, 10))
    return longest / 2 + random.uniform(0, longest / 2)  # noqa: S311  # nothing secret
