"""What a release asks of a machine: docs/protocol.md, section "Requirements"."""

import math

from versions import in_range, is_range, is_version

COUNTED = ["glibc", "musl", "kernel", "macos", "windowsBuild"]


def in_dotted_range(fact, text):
    """As `in_range`, but what cannot be read does not hold."""
    if fact is None or text is None:
        return False
    return is_version("dotted", fact) and is_range("dotted", text) and in_range("dotted", fact, text)


def unmet(requires, facts, size):
    """What a machine lacks, as the vectors have it; empty where nothing is known of the machine."""
    if requires is None or facts is None:
        return []
    lacking = []

    def lack(name, required, got):
        lacking.append({"name": name, "required": required, "got": got})

    for name in COUNTED:
        if name in requires and not in_dotted_range(facts.get(name), requires[name]):
            lack(name, requires[name], facts.get(name))
    systems = requires.get("os")
    if systems is not None and not in_dotted_range(facts.get("osVersion"), systems.get(facts.get("os"))):
        has = [facts[name] for name in ("os", "osVersion") if name in facts]
        lack("os", " or ".join(f"{name} {text}" for name, text in systems.items()), " ".join(has) or None)
    missing = [feature for feature in requires.get("cpu", []) if feature not in facts.get("cpu", [])]
    if missing:
        lack("cpu", " ".join(missing), "other features" if "cpu" in facts else None)
    if "memory" in requires and facts.get("memory", -1) < requires["memory"]:
        lack("memory", _bytes(requires["memory"]), _bytes(facts.get("memory")))
    if "disk" in requires and facts.get("disk", -1) < requires["disk"] + size:
        update = f" beside the {_bytes(size)} of the update" if size > 0 else ""
        lack("disk", _bytes(requires["disk"]) + update, _bytes(facts.get("disk")))
    for name in requires.get("unknown", []):
        lack(name, "which this version of Fairlead does not know", None)
    return lacking


def _bytes(count):
    if count is None:
        return None
    for power, unit in ((4, "TiB"), (3, "GiB"), (2, "MiB"), (1, "KiB")):
        if count >= 1024**power:
            return f"{math.floor(count / 1024**power * 10) / 10:.15g}{unit}"
    return f"{count} bytes"
