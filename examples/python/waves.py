"""Who gets a version when: docs/protocol.md, section "Cohort and waves"."""

import hashlib
import math


def cohort(product, version, device):
    digest = hashlib.sha256(f"{product}\0{version}\0{device}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def start_of(channel, index):
    """Since when the waves of a promotion count; promotion 0 is the current one, the others are the previous ones."""
    if index > 0:
        return channel["previous"][index - 1]["at"]
    return max(channel["current"]["at"], channel.get("rollout", {}).get("startsAt", 0))


def turn_of(channel, index, product, release, device, groups):
    """(second of the device's turn or None, number of the wave that is shut or None)."""
    start = start_of(channel, index)
    rollout = channel.get("rollout")
    if rollout is None:
        return start, None
    place = cohort(product, release["version"], device["id"])
    if _is_canary(rollout.get("canary"), device["id"], groups, place):
        return start, None
    spread = rollout
    if release["severity"] == "security":
        spread = rollout.get("bySeverity", {}).get("security", rollout)
    found = _wave_of(spread, place)
    if found is None:
        return None, None
    number, delay = found
    if spread is rollout:
        opened = rollout.get("opened") if index == 0 else channel["previous"][index - 1].get("opened")
        if opened is not None and number > opened:
            return None, number
    return start + delay, None


def _is_canary(canary, device, groups, place):
    if canary is None:
        return False
    if place < canary.get("share", 0) / 1_000_000:
        return True
    return device in canary["devices"] or any(group in canary["groups"] for group in groups)


def _wave_of(spread, place):
    before_share, before_after = 0, 0
    for number, wave in enumerate(spread["waves"], 1):
        share, after = wave["ppm"] / 1_000_000, wave["after"]
        if place < share:
            if spread["strategy"] == "steps" or number == 1:
                return number, after
            progress = (place - before_share) / (share - before_share)
            return number, math.ceil(before_after + progress * (after - before_after))
        before_share, before_after = share, after
    return None
