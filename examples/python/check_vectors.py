"""Holds this implementation against the vectors: python3 check_vectors.py FOLDER"""

import copy
import json
import sys
from pathlib import Path

from canonical_json import NotSignable, canonical_json
from decide import decide
from documents import read_policy, read_releases
from names import roles_of_tenant_policy, tenant_policy_path
from versions import Unreadable, compare, in_range, is_range, is_version
from waves import cohort
from windows import last_closed_opening, opening_at_or_after


def or_none(compute):
    try:
        return compute()
    except (Unreadable, NotSignable):
        return None


def comparable(decision):
    """Texts and places in a trail are for people."""
    trail = [(entry["rule"], entry["outcome"]) for entry in decision["trail"]]
    return {**decision, "trail": trail}


# Each function gives what the vector says and what this implementation says.


def of_decision(vector):
    asked = [vector[name] for name in ("policy", "releases", "device", "installed", "local", "now")]
    return comparable(vector["decision"]), comparable(decide(*asked))


def of_cohort(vector):
    return vector["cohort"], cohort(vector["product"], vector["version"], vector["device"])


def of_canonical_json(vector):
    return vector["canonical"], or_none(lambda: canonical_json(json.loads(vector["json"])))


def of_name(vector):
    path = tenant_policy_path(vector["tenantKey"])
    return (vector["path"], vector["roles"]), (path, roles_of_tenant_policy(path))


def of_version(vector):
    scheme = vector["scheme"]
    if "version" in vector:
        return vector["isVersion"], is_version(scheme, vector["version"])
    if "pair" in vector:
        return vector["order"], compare(scheme, *vector["pair"])
    text, held = vector["range"], vector["holds"]
    if held is None or not is_range(scheme, text):
        return held is None, not is_range(scheme, text)
    asked = held["in"] + held["out"]
    holds = [version for version in asked if in_range(scheme, version, text)]
    return held["in"], holds


def of_window(vector):
    def pair(opening):
        return opening and (opening["opens"], opening["closes"])

    next_opening = or_none(lambda: opening_at_or_after(vector["window"], vector["at"]))
    last_opening = or_none(lambda: last_closed_opening(vector["window"], vector["at"]))
    return (pair(vector["next"]), pair(vector["last"])), (next_opening, last_opening)


FULL_DOCUMENTS = {}


def of_document(vector):
    kind = vector["kind"]
    if "at" in vector:
        document = copy.deepcopy(FULL_DOCUMENTS[kind])
        change(document, vector)
    else:
        document = vector["document"]
        FULL_DOCUMENTS.setdefault(kind, document)
    if kind == "releases":
        return vector["reads"], or_none(lambda: read_releases(vector["product"], document))
    return vector["reads"], or_none(lambda: read_policy(kind, document)) is not None


def change(document, vector):
    """One change of the first document of the kind."""
    *above, last = vector["at"]
    for key in above:
        document = document[key]
    if "value" in vector:
        document[last] = vector["value"]
    else:
        del document[last]


OF_FILE = {
    "canonical-json": of_canonical_json,
    "cohorts": of_cohort,
    "documents": of_document,
    "names": of_name,
    "versions": of_version,
    "windows": of_window,
}


def check(name, vectors):
    """Which of the vectors of a file this implementation contradicts."""
    compute = OF_FILE.get(name, of_decision)
    wrong = []
    for index, vector in enumerate(vectors):
        expected, got = compute(vector)
        if expected != got:
            wrong.append(f"{name}, {vector.get('name', index)}:\n  expected {expected}\n  got      {got}")
    return wrong


def main(folder):
    wrong = []
    for path in sorted(Path(folder).glob("*.json")):
        vectors = json.loads(path.read_text(encoding="utf-8"))
        here = check(path.stem, vectors)
        wrong += here
        print(f"{path.name}: {len(vectors) - len(here)} of {len(vectors)}")
    for text in wrong:
        print(text, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
