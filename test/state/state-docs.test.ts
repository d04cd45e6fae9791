import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { checkState } from "../../controller/rules/check-state.ts";
import { EXAMPLE_NOW } from "../../controller/rules/example-state.ts";
import { readWorktreeSnapshot } from "../../controller/source/read-worktree-snapshot.ts";
import { readStatePath } from "../../controller/state/state-layout.ts";
import { FILE_KINDS, keyAt, keysOf, type SchemaKey, SHARED_PARTS } from "../../tools/schema-keys.ts";

const TOP = join(import.meta.dirname, "..", "..");
const EXAMPLE = join(TOP, "docs", "example-state");

describe("docs/state.md", () => {
  test("says what the schemas, the rules and the examples say", () => {
    const { status, stderr } = spawnSync(process.execPath, ["tools/generate-state-docs.ts", "--check"], {
      cwd: TOP,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });

  test("has an anchor for each link on it, none twice, and links to what is there", () => {
    const page = readFileSync(join(TOP, "docs", "state.md"), "utf8");
    const rules = readFileSync(join(TOP, "docs", "rules.md"), "utf8");
    const anchors = [...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id);
    assert.equal(new Set(anchors).size, anchors.length);
    for (const wanted of ["channel-rollout-waves", "tenant-sites", "pin-expires", "version-artifacts-url"]) {
      assert.ok(anchors.includes(wanted), wanted);
    }
    for (const [, path = "", anchor = ""] of page.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)) {
      if (path === "") assert.ok(anchors.includes(anchor), anchor);
      else assert.ok(existsSync(join(TOP, "docs", path)), path);
      if (path === "rules.md" && anchor !== "") assert.ok(rules.includes(`](#${anchor})`), anchor);
    }
  });
});

describe("the example state of the reference", () => {
  test("satisfies every schema and rule, and what it acknowledges is there", async () => {
    const snapshot = await readWorktreeSnapshot(EXAMPLE, EXAMPLE_NOW);
    const { model, diagnostics, acknowledged } = checkState(snapshot, { now: EXAMPLE_NOW });
    assert.deepEqual(diagnostics, []);
    assert.notEqual(model, undefined);
    assert.deepEqual(
      acknowledged.map(({ rule }) => rule),
      [
        "file/unreferenced",
        "security/held-by-pin",
        "security/held-by-pause",
        "tenant/ownerless-pin",
        "security/held-by-pin",
      ],
    );
  });

  test("shows every key of the schemas that has no example of its own, and all are described", async () => {
    const shown = new Set<string>();
    const { files } = await readWorktreeSnapshot(EXAMPLE, EXAMPLE_NOW);
    for (const { path, bytes } of files) {
      const { kind } = readStatePath(path);
      if (!FILE_KINDS.some((known) => known === kind)) continue;
      for (const place of placesIn(parse(bytes.toString("utf8")))) {
        const key = keyAt(kind, place);
        if (key !== undefined) shown.add(`${key.section} ${key.path.join(".")}`);
      }
    }
    const keys = [...FILE_KINDS, ...SHARED_PARTS].flatMap(keysOf);
    const nameOf = ({ section, path }: SchemaKey): string => `${section} ${path.join(".")}`;
    assert.deepEqual(
      keys.filter(({ schema }) => !/^\S.*\.$/s.test(schema.description ?? "")).map(nameOf),
      [],
      "give them a `description` in their schema",
    );
    const hasExample = ({ schema: { examples = [] }, shared = "" }: SchemaKey): boolean =>
      examples.length > 0 || SHARED_PARTS.includes(shared);
    assert.deepEqual(
      keys
        .filter((key) => !hasExample(key))
        .map(nameOf)
        .filter((name) => !shown.has(name)),
      [],
      "write them into docs/example-state/, or give them `examples` in their schema",
    );
  });
});

/** The path of every value in a document. */
function placesIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([step, inner]) => placesIn(inner, [...path, step]))];
}
