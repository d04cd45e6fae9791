"""The bytes that are signed: docs/protocol.md, section "Canonical JSON"."""

LARGEST = 2**53 - 1


class NotSignable(ValueError):
    """What has no canonical bytes."""


def canonical_json(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        if value != value or value in (float("inf"), float("-inf")) or value != int(value) or abs(value) > LARGEST:
            raise NotSignable(f"not a whole number: {value}")
        return str(int(value))
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise NotSignable("half of a surrogate pair")
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ",".join(canonical_json(item) for item in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical_json(key)}:{canonical_json(value[key])}" for key in keys) + "}"
    raise NotSignable(f"not JSON: {type(value)}")
