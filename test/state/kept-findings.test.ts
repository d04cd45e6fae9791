/** A running controller keeps what it read and found: no order of changes may make it say else than a fresh run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkState } from "../../controller/rules/check-state.ts";
import {
  EXAMPLE_NOW,
  exampleFiles,
  snapshotOfFiles,
  versionFile,
  versionYankedOnArm,
} from "../../controller/rules/example-state.ts";
import type { Snapshot } from "../../controller/source/snapshot.ts";
import type { FleetModel } from "../../controller/state/fleet-model.ts";
import { StateCache } from "../../controller/state/state-cache.ts";

const versionTexts = [
  versionFile("1.0.0"),
  versionFile("1.1.0", 'upgradeFrom: ">=1.0.5"\n', ["linux-x64", "linux-x64"]),
  versionFile("1.1.0", "active: false\n", ["linux-arm64"]).replaceAll("artifacts/agent", "../agent"),
  versionFile("v1", 'rollbackTo: "from 1"\n'),
  "version: [broken\n",
];
const texts: Readonly<Record<string, readonly string[]>> = {
  "fleet.yaml": ["schemaVersion: 1\ndefaultChannel: stable\n", "schemaVersion: 1\ndefaultChannel: none\n"],
  "products/agent/product.yaml": [
    "description: The agent.\n",
    "description: A.\nversionScheme: dotted\n",
    "a: b\n",
  ],
  "products/other/product.yaml": ["description: Another.\nminVersion: 1.1.0\n"],
  "products/agent/channels/stable.yaml": [
    "version: 1.0.0\n",
    "version: 1.1.0\nminVersion: x\n",
    "version: 9.9.9\n",
  ],
  "products/agent/versions/1.0.0.yaml": versionTexts,
  "products/agent/versions/1.1.0.yaml": versionTexts,
  "products/other/versions/1.1.0.yaml": versionTexts,
  "tenants/acme.yaml": ["channel: stable\n", "channel: beta\nproducts: {agent: {pin: {version: 1.1.0}}}\n"],
};

const change = fc
  .constantFrom(...Object.keys(texts))
  .chain((path) =>
    fc.record({ path: fc.constant(path), text: fc.constantFrom(...(texts[path] ?? []), undefined) }),
  );

test("a check that keeps what it knows finds what a fresh one finds, after any changes in any order", () => {
  let kept = 0;
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 12 }), (commits) => {
      const cache = new StateCache();
      const files = exampleFiles({});
      for (const changes of commits) {
        for (const { path, text } of changes) {
          if (text === undefined) files.delete(path);
          else files.set(path, Buffer.from(text));
        }
        const snapshot = snapshotOfFiles(files);
        const incremental = checkState(snapshot, { now: EXAMPLE_NOW, cache });
        const fresh = checkState(snapshot, { now: EXAMPLE_NOW });
        assert.deepEqual(incremental.diagnostics, fresh.diagnostics);
        assert.deepEqual(contentOf(incremental.model), contentOf(fresh.model));
        if (fresh.diagnostics.length > 0) kept++;
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(kept > 100, `${kept} states had findings`);
});

test("only the model of a product of which a file changed is made again", () => {
  const cache = new StateCache();
  const other = {
    "products/other/product.yaml": "description: Another.\n",
    "products/other/versions/1.0.0.yaml": versionFile("1.0.0"),
  };
  const check = (snapshot: Snapshot): FleetModel["products"] | undefined =>
    checkState(snapshot, { now: EXAMPLE_NOW, cache }).model?.products;
  const before = check(snapshotOfFiles(exampleFiles(other)));
  const text = versionFile("1.0.0", "releaseNotes: Other words.\n");
  const after = check(
    snapshotOfFiles(exampleFiles({ ...other, "products/agent/versions/1.0.0.yaml": text })),
  );
  assert.ok(before?.get("other") !== undefined);
  assert.equal(after?.get("other"), before.get("other"));
  assert.notEqual(after?.get("agent"), before.get("agent"));
  assert.equal(after?.get("agent")?.channels.get("stable"), before.get("agent")?.channels.get("stable"));
});

/** What a model says, without what it computed on the way. */
function contentOf(model: ReturnType<typeof checkState>["model"]): unknown {
  if (model === undefined) return undefined;
  return JSON.parse(
    JSON.stringify([model.fleet, [...model.products], [...model.tenants]], (key, value: unknown) =>
      key === "places" ? undefined : value instanceof Map ? [...value] : value,
    ),
  );
}

for (const [rule, text] of [
  ["tenant/pinned-to-dead-end", versionFile("1.1.0", "deadEnd: {reason: cannot update itself}\n")],
  ["tenant/pin-yanked-for-platform", versionYankedOnArm("1.1.0")],
] as const) {
  test(`what ${rule} says of a tenant comes and goes with the version that the tenant pins`, () => {
    const cache = new StateCache();
    const pin = {
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.1.0, owner: ops@acme.example}}}\n",
    };
    const says = (version: string): boolean => {
      const files = exampleFiles({ ...pin, "products/agent/versions/1.1.0.yaml": version });
      const { diagnostics } = checkState(snapshotOfFiles(files), { now: EXAMPLE_NOW, cache });
      return diagnostics.some((diagnostic) => diagnostic.rule === rule);
    };
    const verdicts = [versionFile("1.1.0"), text, versionFile("1.1.0"), text].map(says);
    assert.deepEqual(verdicts, [false, true, false, true]);
  });
}
