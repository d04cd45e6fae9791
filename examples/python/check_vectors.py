"""Holds this implementation against the vectors: python3 check_vectors.py FOLDER [NAME...]"""

import json
import sys
from pathlib import Path

from decide import decide
from waves import cohort


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def comparable(decision):
    """Texts and places in a trail are for people."""
    trail = [(entry["rule"], entry["outcome"]) for entry in decision["trail"]]
    return {**decision, "trail": trail}


def check_decision(vector):
    asked = [vector[name] for name in ("policy", "releases", "device", "installed", "local", "now")]
    got = comparable(decide(*asked))
    expected = comparable(vector["decision"])
    return None if got == expected else f"expected {expected}\n     got {got}"


def check_cohort(vector):
    got = cohort(vector["product"], vector["version"], vector["device"])
    return None if got == vector["cohort"] else f"expected {vector['cohort']}, got {got}"


CHECKS = {"decisions": check_decision, "cohorts": check_cohort}


def check_file(path):
    kind = path.stem if path.stem in CHECKS else path.stem.split("-")[0]
    check = CHECKS[kind]
    wrong = []
    vectors = load(path)
    for index, vector in enumerate(vectors):
        said = check(vector)
        if said is not None:
            wrong.append(f"{path.name}, {vector.get('name', index)}: {said}")
    return len(vectors), wrong


def main(folder, names):
    paths = sorted(Path(folder).glob("*.json"))
    wrong = []
    for path in paths:
        if names and path.name not in names:
            continue
        count, here = check_file(path)
        wrong += here
        print(f"{path.name}: {count - len(here)} of {count}")
    for text in wrong:
        print(text, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
