"""Windows and freezes: docs/protocol.md, section "Windows"."""

import datetime
import re
from zoneinfo import ZoneInfo

from versions import Unreadable

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAY = 86_400
MOST_MOVES = 1000


def openings(window, at):
    """The openings on the days around a second, in order, as (opens, closes)."""
    start = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", window["start"])
    if start is None or not window["days"] or not 0 < window["duration"] <= DAY:
        raise Unreadable("not a window")
    try:
        zone = ZoneInfo(window["timeZone"])
    except (LookupError, ValueError, OSError) as error:
        raise Unreadable(f"not a time zone: {window['timeZone']!r}") from error
    hour, minute = (int(part) for part in start.groups())
    middle = datetime.date(1970, 1, 1) + datetime.timedelta(days=at // DAY)
    found = []
    for offset in range(-10, 11):
        date = middle + datetime.timedelta(days=offset)
        if WEEKDAYS[date.weekday()] not in window["days"]:
            continue
        # fold=0 is the first of two, and in a gap the clock of before.
        local = datetime.datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone, fold=0)
        opens = int(local.timestamp())
        found.append((opens, opens + window["duration"]))
    return found


def opening_at_or_after(window, at):
    return next(opening for opening in openings(window, at) if opening[1] > at)


def last_closed_opening(window, at):
    return [opening for opening in openings(window, at) if opening[1] <= at][-1]


def freeze_at(freezes, at):
    """Of the freezes that hold at a second the one that ends last, or None."""
    holding = [freeze for freeze in freezes if freeze["from"] <= at < freeze["to"]]
    return max(holding, key=lambda freeze: freeze["to"], default=None)


def first_free_second(freezes, window, at):
    for _ in range(MOST_MOVES):
        frozen = freeze_at(freezes, at)
        if frozen is not None:
            at = frozen["to"]
            continue
        opens = at if window is None else opening_at_or_after(window, at)[0]
        if opens <= at:
            return at
        at = opens
    return None
