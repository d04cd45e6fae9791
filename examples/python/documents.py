"""Reads verified documents: docs/protocol.md, sections "Policy" and "Releases".

A form is a function of a value and the set of critical keys (None: all of them) that raises Unreadable, or a dict of the
keys of an object; a key that ends in "?" may be absent.
"""

import re

from versions import Unreadable

WHOLE_PPM = 1_000_000
MOST_CHECK_INTERVAL = 86_400
LARGEST = 2**53 - 1


def check(form, value, critical):
    if callable(form):
        form(value, critical)
        return
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    known = {}
    for key, inner in form.items():
        known[key.rstrip("?")] = inner
        if not key.endswith("?") and key not in value:
            raise Unreadable(f"no {key}")
    for key, inner in value.items():
        if key in known:
            check(known[key], inner, critical)
        elif critical is None or key in critical:
            raise Unreadable(f"a key that must be known: {key}")


def one_of(*values):
    def form(value, _):
        if not any(value is known or (type(value) is type(known) and value == known) for known in values):
            raise Unreadable(f"not one of {values}")

    return form


def text(pattern=None):
    def form(value, _):
        if not isinstance(value, str) or (pattern is not None and re.fullmatch(pattern, value) is None):
            raise Unreadable(f"not of the form: {value!r}")

    return form


def whole(least, most=LARGEST):
    def form(value, _):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or value != int(value) or not least <= value <= most:
            raise Unreadable(f"not a whole number from {least} to {most}")

    return form


def flag(value, _):
    if not isinstance(value, bool):
        raise Unreadable("neither true nor false")


def list_of(form):
    def check_list(value, critical):
        if not isinstance(value, list):
            raise Unreadable("not a list")
        for item in value:
            check(form, item, critical)

    return check_list


def map_of(form, name=None):
    """The members of a map are names, and no keys."""

    def check_map(value, critical):
        if not isinstance(value, dict):
            raise Unreadable("not an object")
        for key, inner in value.items():
            if name is not None:
                name(key, critical)
            check(form, inner, critical)

    return check_map


def anything(_value, _critical):
    pass


NAME = text(r"[a-z][a-z0-9-]{0,62}")
CHANNEL_NAME = text(r"[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*")
DEVICE = text(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
VERSION = text(r"[0-9A-Za-z][0-9A-Za-z.-]*")
GROUP = text(r"[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9-]{0,62}")
PLATFORM = text(r"[a-z0-9]+-[a-z0-9_]+")
TEXT = text()
SECONDS = whole(0)
PPM = whole(0, WHOLE_PPM)

PAUSE = {"reason?": TEXT, "until?": SECONDS}
FREEZES = list_of(
    {"from": SECONDS, "to": SECONDS, "reason": TEXT, "owner?": TEXT, "except?": one_of("security")}
)
SETTINGS = {
    "paused?": PAUSE,
    "channel?": CHANNEL_NAME,
    "pin?": {"version": VERSION, "reason?": TEXT, "owner?": TEXT, "expires?": SECONDS},
    "autoUpdate?": flag,
    "window?": {
        "days": list_of(one_of("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
        "start": text(r"([01][0-9]|2[0-3]):[0-5][0-9]"),
        "duration": whole(1, 86_400),
        "timeZone": text(r"[A-Za-z0-9_+/-]+"),
        "onReturn": one_of("window", "now"),
    },
    "freeze?": FREEZES,
    "localOverrides?": one_of("allow", "deny"),
}
SCOPE = {**SETTINGS, "products?": map_of(SETTINGS, NAME)}


def waves(value, critical):
    list_of({"ppm": PPM, "after": SECONDS})(value, critical)
    pairs = [(wave["ppm"], wave["after"]) for wave in value]
    if not pairs or pairs[-1][0] != WHOLE_PPM:
        raise Unreadable("waves that do not reach everybody")
    for before, after in zip(pairs, pairs[1:]):
        if after[0] < before[0] or after[1] < before[1]:
            raise Unreadable("waves that go back")


SPREAD = {"strategy": one_of("steps", "linear"), "waves": waves}
GATE = {
    "maxFailure": PPM,
    "minReports": whole(0),
    "silentAfter?": SECONDS,
    "confidence?": PPM,
    "causes?": list_of(TEXT),
    "maxTenantShare?": PPM,
}


def rollout(value, critical):
    check(
        {
            **SPREAD,
            "canary?": {
                "devices": list_of(DEVICE),
                "groups": list_of(GROUP),
                "share?": PPM,
                "of?": one_of("platform", "site"),
            },
            "gate?": GATE,
            "startsAt?": SECONDS,
            "advance?": one_of("healthy", "manual"),
            "opened?": whole(0, 100),
            "bySeverity?": {"security": SPREAD},
        },
        value,
        critical,
    )
    if ("advance" in value) != ("opened" in value):
        raise Unreadable("`advance` and `opened` go together")


PROMOTION = {
    "version": VERSION,
    "at": SECONDS,
    "startedBy?": one_of("publication"),
    "commit": text(r"[0-9a-f]{7,64}"),
    "halted?": flag,
    "opened?": whole(0, 100),
}
CHANNEL = {
    "current": PROMOTION,
    "previous": list_of(PROMOTION),
    "steps?": list_of(VERSION),
    "paused?": PAUSE,
    "freeze?": FREEZES,
    "minVersion?": VERSION,
    "deferAtMost?": SECONDS,
    "rollout?": rollout,
    "halted?": {"reason": TEXT, "at": SECONDS},
    "rollback?": {"from": list_of(VERSION), "reason?": TEXT},
}
HEADING = {"schemaVersion": one_of(1), "critical?": list_of(TEXT)}
PRODUCT = {
    "kind": one_of("product"),
    **HEADING,
    "commit": text(r"[0-9a-f]{7,64}"),
    "product": NAME,
    "versionScheme": one_of("semver", "dotted"),
    "ifInstalled?": flag,
    "fleet": {
        **SETTINGS,
        "defaultChannel": CHANNEL_NAME,
        "minVersion?": VERSION,
        "checkInterval?": SECONDS,
        "unknownDevices?": one_of("hold"),
    },
    "paused?": PAUSE,
    "freeze?": FREEZES,
    "minVersion?": VERSION,
    "channels": map_of(CHANNEL, CHANNEL_NAME),
    "yanked": list_of(VERSION),
    "yankedFor?": map_of(list_of(PLATFORM), VERSION),
}
TENANT = {
    **SCOPE,
    "kind": one_of("tenant"),
    **HEADING,
    "tenant": NAME,
    "sites": map_of(SCOPE, NAME),
    "groups": list_of(
        {**SCOPE, "name": NAME, "devices": list_of(DEVICE), "match?": map_of(list_of(TEXT))}
    ),
    "devices": map_of(SCOPE, DEVICE),
}


def read_policy(kind, document):
    """Checks a parsed document of the kind `product` or `tenant`."""
    if not isinstance(document, dict):
        raise Unreadable("not an object")
    critical = document.get("critical")
    if critical is not None:
        list_of(TEXT)(critical, None)
    check(PRODUCT if kind == "product" else TENANT, document, critical)
    return document


FORMATS = ["binary", "archive", "deb", "rpm", "pkg", "windows"]
PACKAGE_FORMATS = ["deb", "rpm"]
SHA256 = text(r"[0-9a-f]{64}")
PACKAGE_NAME = text(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,127}")
PACKAGE_VERSION = text(r"[0-9A-Za-z][0-9A-Za-z.+~:_^-]{0,127}")
REPOSITORY = text(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
REQUIREMENTS = {
    "glibc?": TEXT,
    "musl?": TEXT,
    "kernel?": TEXT,
    "os?": map_of(TEXT),
    "macos?": TEXT,
    "windowsBuild?": TEXT,
    "cpu?": list_of(TEXT),
    "memory?": whole(0),
    "disk?": whole(0),
}
CUSTOM = {
    "product": TEXT,
    "version": VERSION,
    "platform": PLATFORM,
    "format": one_of(*FORMATS),
    "severity": one_of("normal", "security"),
    "versionScheme?": one_of("semver", "dotted"),
    "upgradeFrom?": TEXT,
    "barrier?": {"reason?": TEXT},
    "deadEnd?": {"reason": TEXT, "url?": TEXT},
    "rollbackTo?": TEXT,
    "requires?": REQUIREMENTS,
    "critical?": list_of(TEXT),
    "active?": one_of(False),
    "releaseNotes?": TEXT,
    "url?": TEXT,
    "package?": {
        "name": PACKAGE_NAME,
        "version": PACKAGE_VERSION,
        "repository?": REPOSITORY,
        "file?": {"size": whole(0), "sha256": SHA256},
    },
}
OF_THE_VERSION = ["severity", "upgradeFrom", "barrier", "deadEnd", "rollbackTo", "releaseNotes"]


def read_releases(product, targets):
    """The `targets` of the verified role `releases-<product>` as the decision takes them."""
    releases = {}
    schemes = set()
    for path, target in targets.items():
        custom = target["custom"]
        if custom["format"] not in FORMATS:
            continue
        if any(f"{key}?" not in CUSTOM and key not in CUSTOM for key in custom.get("critical", [])):
            continue
        # Nothing that is critical and unknown is left: unknown members are passed over.
        check(CUSTOM, custom, frozenset())
        schemes.add(custom.get("versionScheme", "semver"))
        artifact = _artifact(product, path, target, custom)
        said = {key: custom[key] for key in OF_THE_VERSION if key in custom}
        if "versionScheme" in custom:
            said["versionScheme"] = custom["versionScheme"]
        release = releases.setdefault(custom["version"], {"version": custom["version"], **said, "artifacts": []})
        if any(release.get(key) != said.get(key) for key in OF_THE_VERSION):
            raise Unreadable(f"{path}: the artifacts of a version contradict each other")
        kinds = [(known["platform"], known["format"]) for known in release["artifacts"]]
        if (artifact["platform"], artifact["format"]) in kinds:
            raise Unreadable(f"{path}: a second artifact of its kind")
        release["artifacts"].append(artifact)
    if len(schemes) > 1:
        raise Unreadable("versions of two schemes")
    for release in releases.values():
        release["active"] = any("active" not in artifact for artifact in release["artifacts"])
    return list(releases.values())


def releases_for_format(releases, wanted):
    """What a device sees that has the product in this format."""
    return [
        {**release, "artifacts": [artifact for artifact in release["artifacts"] if artifact["format"] == wanted]}
        for release in releases
    ]


def _artifact(product, path, target, custom):
    folder = f"releases/{product}/{custom['version']}/{custom['platform']}/"
    file = path.rsplit("/", 1)[1]
    if custom["product"] != product or path != folder + file:
        raise Unreadable(f"{path}: not the path of what it says")
    sha256 = target["hashes"].get("sha256", "")
    if re.fullmatch("[0-9a-f]{64}", sha256) is None:
        raise Unreadable(f"{path}: no SHA-256")
    if ("package" in custom) != (custom["format"] in PACKAGE_FORMATS):
        raise Unreadable(f"{path}: a package is what names one")
    artifact = {
        "platform": custom["platform"],
        "format": custom["format"],
        "target": path,
        "size": target["length"],
        "sha256": sha256,
    }
    if "active" in custom:
        artifact["active"] = False
    if "package" in custom:
        artifact["package"] = custom["package"]
    if "requires" in custom:
        requires = custom["requires"]
        unknown = [name for name in requires if f"{name}?" not in REQUIREMENTS]
        artifact["requires"] = {name: value for name, value in requires.items() if name not in unknown}
        if unknown:
            artifact["requires"]["unknown"] = unknown
    return artifact
