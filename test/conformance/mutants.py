"""How much the vectors hold: changes the Python implementation in one place at a time, and lists what they do not notice.

    python3 test/conformance/mutants.py [MODULE...]

Each change that survives is either a rule without a vector or one that makes no difference.
"""

import ast
import copy
import json
import os
import signal
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
HERE = TOP / "examples" / "python"
VECTORS = TOP / "protocol" / "vectors"
MODULES = ["versions", "waves", "windows", "requirements", "canonical_json", "names", "documents", "decide"]
SECONDS = 60

OTHER_COMPARISONS = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
OTHER_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
OTHER_NAMES = {"max": "min", "min": "max", "any": "all", "all": "any"}


def is_said_to_people(node):
    """Texts of the trail and of errors."""
    return isinstance(node, ast.JoinedStr)


def variants(node):
    """(what changed, the node in place of this one), each a change of its own."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in OTHER_COMPARISONS.get(type(node.ops[0]), []):
            changed = copy.deepcopy(node)
            changed.ops = [other()]
            yield other.__name__, changed
    elif isinstance(node, ast.BoolOp):
        changed = copy.deepcopy(node)
        changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and/or", changed
        for index in range(len(node.values)):
            rest = [value for at, value in enumerate(node.values) if at != index]
            yield f"without {ast.unparse(node.values[index])}", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in OTHER_OPERATORS:
        changed = copy.deepcopy(node)
        changed.op = OTHER_OPERATORS[type(node.op)]()
        yield "operator", changed
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield "flag", ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield "number", ast.Constant(node.value + 1)
            yield "number", ast.Constant(node.value - 1)
        elif isinstance(node.value, str) and node.value.isidentifier():
            yield "text", ast.Constant(node.value + "_")
    elif isinstance(node, ast.Name) and node.id in OTHER_NAMES and isinstance(node.ctx, ast.Load):
        yield "name", ast.Name(OTHER_NAMES[node.id], ast.Load())
    elif isinstance(node, ast.List) and len(node.elts) > 1:
        for index in range(len(node.elts)):
            rest = [value for at, value in enumerate(node.elts) if at != index]
            yield f"without {ast.unparse(node.elts[index])}", ast.List(rest, node.ctx)
    elif isinstance(node, ast.If):
        for value in (True, False):
            changed = copy.copy(node)
            changed.test = ast.Constant(value)
            yield f"if {value}", changed
    elif isinstance(node, (ast.Expr, ast.AugAssign, ast.Raise, ast.Continue)):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield "without", ast.Pass()


class Changer(ast.NodeTransformer):
    """Counts places, and makes the change at one of them."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.count = 0
        self.said = None

    def visit(self, node):
        if is_said_to_people(node):
            return node
        for what, changed in variants(node):
            if self.count == self.wanted:
                self.count += 1
                line = ast.unparse(node).split("\n")[0]
                self.said = f"{node.lineno}: {what}: {line}"
                return ast.copy_location(changed, node)
            self.count += 1
        return self.generic_visit(node)


def change(source, wanted):
    """(the changed module, what changed), or None past the last place."""
    changer = Changer(wanted)
    tree = ast.fix_missing_locations(changer.visit(ast.parse(source)))
    return None if changer.said is None else (tree, changer.said)


def survives(module, tree):
    """Whether all vectors still agree. In a process of its own, since a change may loop for ever."""
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        try:
            os._exit(0 if agrees(module, tree) else 1)
        except BaseException:
            os._exit(2)
    return os.waitpid(child, 0)[1] == 0


def agrees(module, tree):
    made = type(sys)(module)
    made.__file__ = str(HERE / f"{module}.py")
    sys.modules[module] = made
    exec(compile(tree, made.__file__, "exec"), made.__dict__)
    import check_vectors

    return not any(check_vectors.check(path.stem, vectors) for path, vectors in KNOWN_VECTORS)


KNOWN_VECTORS = [
    (path, json.loads(path.read_text(encoding="utf-8")))
    for path in sorted(VECTORS.glob("*.json"), key=lambda path: path.stat().st_size)
]


def main(modules):
    sys.path.insert(0, str(HERE))
    tried = survived = 0
    for module in modules:
        path = HERE / f"{module}.py"
        if not path.exists():
            continue
        source = path.read_text(encoding="utf-8")
        wanted = 0
        while True:
            changed = change(source, wanted)
            if changed is None:
                break
            wanted += 1
            tried += 1
            tree, said = changed
            if survives(module, tree):
                survived += 1
                print(f"{module}.py:{said}", flush=True)
    print(f"{tried} changes, {survived} not noticed")


if __name__ == "__main__":
    main(sys.argv[1:] or MODULES)
