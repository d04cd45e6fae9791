"""Versions and ranges: docs/protocol.md, sections "Versions" and "Ranges"."""

import re

MOST_CHARACTERS_OF_A_RANGE = 256
_RANGE_CHARACTERS = re.compile(r"[\t\x20-\x7e]*")


class Unreadable(ValueError):
    """A version, a range, a window or a document that nobody can decide by."""


_NUMBER = r"(?:0|[1-9][0-9]*)"
_IDENTIFIER = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_PRE = rf"{_IDENTIFIER}(?:\.{_IDENTIFIER})*"
_SEMVER = re.compile(rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_PRE}))?")
_DOTTED = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15}){0,9}")
_LARGEST = 2**53 - 1

# A pre-release sorts before the finished version: the number after the three is 0 or 1.
_FINISHED = (1,)
_LOWEST_PRE = (0,)


def _semver_key(text):
    match = _SEMVER.fullmatch(text)
    if match is None or len(text) > 64:
        return None
    numbers = tuple(int(part) for part in match.group(1, 2, 3))
    if max(numbers) > _LARGEST:
        return None
    return numbers + (_pre_key(match.group(4)),)


def _pre_key(pre):
    if pre is None:
        return _FINISHED
    # Numbers before texts; a longer list that begins alike is newer, as tuples compare.
    parts = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in pre.split("."))
    return (0, parts)


def _dotted_key(text):
    if len(text) > 64 or _DOTTED.fullmatch(text) is None:
        return None
    parts = [int(part) for part in text.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _key(scheme, text):
    return _semver_key(text) if scheme == "semver" else _dotted_key(text)


def is_version(scheme, text):
    return _key(scheme, text) is not None


def sort_key(scheme, text):
    """What orders versions: keys of equal rank are equal."""
    key = _key(scheme, text)
    if key is None:
        raise Unreadable(f"not a {scheme} version: {text!r}")
    return key


def compare(scheme, a, b):
    left, right = sort_key(scheme, a), sort_key(scheme, b)
    return (left > right) - (left < right)


def is_prerelease(scheme, text):
    return scheme == "semver" and sort_key(scheme, text)[3] != _FINISHED


def in_range(scheme, version, text):
    """Whether a version lies in a range; raises Unreadable for either that cannot be read."""
    key = sort_key(scheme, version)
    return any(all(_holds(key, *condition) for condition in alternative) for alternative in _alternatives(scheme, text))


def is_range(scheme, text):
    try:
        _alternatives(scheme, text)
    except Unreadable:
        return False
    return True


def _holds(key, operator, bound):
    if operator == ">=":
        return key >= bound
    if operator == "<=":
        return key <= bound
    if operator == ">":
        return key > bound
    if operator == "<":
        return key < bound
    return key == bound


def _alternatives(scheme, text):
    """A range as alternatives, each a list of conditions (operator, key) that must all hold."""
    if len(text) > MOST_CHARACTERS_OF_A_RANGE:
        raise Unreadable("a range that is too long")
    if _RANGE_CHARACTERS.fullmatch(text) is None:
        raise Unreadable("a range with characters that ranges have not")
    read = _semver_alternative if scheme == "semver" else _dotted_alternative
    return [read(part.strip()) for part in text.split("||")]


_CONDITION = re.compile(r"(>=|<=|>|<|=)?(.*)")


def _dotted_alternative(text):
    if text == "":
        raise Unreadable("an empty alternative")
    conditions = []
    for part in text.split():
        operator, bound = _CONDITION.fullmatch(part).groups()
        conditions.append((operator or "=", sort_key("dotted", bound)))
    return conditions


_MISSING = re.compile(r"[xX*]")
_PLACE = rf"(?:{_NUMBER}|[xX*])"
_FIRST = rf"(?:{_NUMBER}|\*)"
_PARTIAL_TEXT = rf"{_FIRST}(?:\.{_PLACE}(?:\.{_PLACE}(?:-{_PRE})?)?)?"
_PARTIAL = re.compile(rf"({_FIRST})(?:\.({_PLACE})(?:\.({_PLACE})(?:-({_PRE}))?)?)?")
_HYPHEN = re.compile(rf"({_PARTIAL_TEXT})\s+-\s+({_PARTIAL_TEXT})")
_SIMPLE = re.compile(rf"(>=|<=|>|<|=|~|\^)?\s*({_PARTIAL_TEXT})")


def _partial(text):
    """(numbers that are there, pre-release or None)."""
    *places, pre = _PARTIAL.fullmatch(text).groups()
    numbers = []
    for index, place in enumerate(places):
        if place is None or _MISSING.fullmatch(place):
            if any(later is not None and not _MISSING.fullmatch(later) for later in places[index + 1 :]) or pre:
                raise Unreadable(f"a number after a missing one: {text!r}")
            return numbers, None
        number = int(place)
        if number > _LARGEST:
            raise Unreadable(f"a number that is too large: {text!r}")
        numbers.append(number)
    return numbers, pre


def _padded(numbers, pre_key):
    return tuple(numbers + [0] * (3 - len(numbers))) + (pre_key,)


def _after(numbers):
    """The lowest pre-release of the next version that differs in the last of these numbers: `1.2` gives `1.3.0-0`."""
    return _padded(numbers[:-1] + [numbers[-1] + 1], _lowest())


def _lowest():
    return (0, ((0, 0, ""),))


_NOTHING = [("<", (0, 0, 0, (0, ())))]


def _semver_alternative(text):
    if text == "":
        raise Unreadable("an empty alternative")
    hyphen = _HYPHEN.fullmatch(text)
    if hyphen is not None:
        return _from(*_partial(hyphen.group(1))) + _to(*_partial(hyphen.group(2)))
    conditions = []
    at = 0
    while at < len(text):
        match = _SIMPLE.match(text, at)
        if match is None or (match.end() < len(text) and not text[match.end()].isspace()):
            raise Unreadable(f"not a semver range: {text!r}")
        conditions += _simple(match.group(1) or "=", *_partial(match.group(2)))
        at = match.end()
        while at < len(text) and text[at].isspace():
            at += 1
    return conditions


def _from(numbers, pre):
    if not numbers:
        return []
    return [(">=", _padded(numbers, _lowest() if pre is None else _pre_key(pre)))]


def _to(numbers, pre):
    if not numbers:
        return []
    return [("<", _after(numbers))] if pre is None else [("<=", _padded(numbers, _pre_key(pre)))]


def _simple(operator, numbers, pre):
    if not numbers:
        return _NOTHING if operator in (">", "<") else []
    if operator in ("~", "^"):
        lowest = _padded(numbers, _pre_key(pre) if len(numbers) == 3 else _lowest())
        return [(">=", lowest), ("<", _after(_kept(operator, numbers)))]
    if len(numbers) == 3:
        return [(operator, _padded(numbers, _pre_key(pre)))]
    if operator == "=":
        return [(">=", _padded(numbers, _lowest())), ("<", _after(numbers))]
    if operator == ">":
        return [(">=", _after(numbers))]
    if operator == "<=":
        return [("<", _after(numbers))]
    return [(operator, _padded(numbers, _lowest()))]


def _kept(operator, numbers):
    """The numbers of which the last may not grow."""
    if operator == "~":
        return numbers[:2]
    first = next((index for index, number in enumerate(numbers) if number > 0), len(numbers) - 1)
    return numbers[: first + 1]
