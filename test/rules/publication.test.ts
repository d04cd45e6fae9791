import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { versionFile } from "../../controller/rules/example-state.ts";
import { exampleTrust } from "../../controller/rules/example-trust.ts";
import { AFTER_PUBLICATION } from "../../controller/state/publication.ts";
import versionSchema from "../../schemas/version.schema.json" with { type: "json" };
import { checkExample } from "./check-example.ts";

const FILE = "products/agent/versions/1.1.0.yaml";
const SOUND = versionFile("1.1.0");

/** A version of a package that the machine's own package manager fetches from `repository`. */
function packaged(repository: string): string {
  const named = `package: agent, packageVersion: 1.1.0-1, repository: ${repository}`;
  return `version: 1.1.0\nartifacts:\n  - {platform: linux-x64, format: deb, ${named}}\n`;
}

interface Change {
  /** What the file was; absent: `SOUND`, which is signed. */
  readonly from?: string;
  readonly to: string;
  /** The rule that asks for a signature; `undefined`: it is not signed, or nothing is in this example. */
  readonly signedBy: string | undefined;
}

/** A change of each key that may change. */
const CHANGES: Readonly<Record<string, Change>> = {
  active: {
    to: versionFile("1.1.0", "active: false\nyankReason: loses reports\n"),
    signedBy: "trust/index-outdated",
  },
  yankReason: { to: versionFile("1.1.0", "yankReason: it was a proxy\n"), signedBy: undefined },
  releaseNotes: {
    to: versionFile("1.1.0", "releaseNotes: Fixes the heartbeat.\n"),
    signedBy: "trust/index-outdated",
  },
  severity: { to: versionFile("1.1.0", "severity: security\n"), signedBy: "trust/index-differs" },
  upgradeFrom: { to: versionFile("1.1.0", 'upgradeFrom: ">=1.0.0"\n'), signedBy: "trust/index-differs" },
  rollbackTo: { to: versionFile("1.1.0", 'rollbackTo: ">=1.0.0"\n'), signedBy: "trust/index-differs" },
  barrier: { to: versionFile("1.1.0", "barrier: true\n"), signedBy: "trust/index-differs" },
  deadEnd: {
    to: versionFile("1.1.0", "deadEnd: {reason: the disk layout changes}\n"),
    signedBy: "trust/index-differs",
  },
  promotable: { to: versionFile("1.1.0", "promotable: false\n"), signedBy: undefined },
  requires: { to: versionFile("1.1.0", 'requires: {glibc: ">=2.31"}\n'), signedBy: "trust/index-differs" },
  "artifacts.active": {
    to: versionFile("1.1.0", "yankReason: loses reports\n").replace(
      "size: 1000",
      "active: false, size: 1000",
    ),
    signedBy: "trust/index-outdated",
  },
  "artifacts.requires": {
    to: SOUND.replace("size: 1000", 'requires: {glibc: ">=2.31"}, size: 1000'),
    signedBy: "trust/index-differs",
  },
  "artifacts.deltas": {
    to: SOUND.replace(
      "size: 1000",
      `deltas: [{from: ${"c2".repeat(32)}, url: artifacts/agent.delta, size: 9, sha256: ${"d3".repeat(32)}}], size: 1000`,
    ),
    signedBy: "trust/index-differs",
  },
  "artifacts.repository": { from: packaged("acme"), to: packaged("acme-2"), signedBy: undefined },
  artifacts: {
    to: versionFile("1.1.0", "", ["linux-x64", "linux-arm64"]),
    signedBy: "trust/index-missing",
  },
  "artifacts.url": {
    to: SOUND.replace("artifacts/agent-1.1.0", "https://cdn.acme.example/agent-1.1.0"),
    signedBy: "trust/index-differs",
  },
  acknowledge: {
    to: `${SOUND}acknowledge:\n  - {rule: version/platform-lost, reason: known, owner: ops@acme.example, expires: 2027-01-31}\n`,
    signedBy: undefined,
  },
};

/** A change of each key that never changes. */
const LASTING: Readonly<Record<string, string>> = {
  version: SOUND.replace("version: 1.1.0", "version: 1.1.1"),
  "artifacts.platform": SOUND.replace("platform: linux-x64", "platform: linux-arm64"),
  "artifacts.size": SOUND.replace("size: 1000", "size: 1001"),
  "artifacts.sha256": SOUND.replace("a0", "b1"),
};

describe("the schema says what of a version may change after publication", () => {
  const properties: [key: string, schema: object][] = [
    ...Object.entries(versionSchema.properties),
    ...Object.entries(versionSchema.properties.artifacts.items.properties).map(
      ([key, schema]): [string, object] => [`artifacts.${key}`, schema],
    ),
  ];

  test("and every key that may is tried here", () => {
    const changeable = properties.filter(([, schema]) => AFTER_PUBLICATION in schema).map(([key]) => key);
    assert.deepEqual(Object.keys(CHANGES).sort(), changeable.sort());
    for (const [key, schema] of properties) {
      assert.equal(AFTER_PUBLICATION in schema, "$comment" in schema, `${key}: says why it may change`);
    }
  });

  for (const [key, { from, to, signedBy }] of Object.entries(CHANGES)) {
    const then = signedBy === undefined ? "is not signed" : `${signedBy} asks for a signature`;
    test(`${key} may change, and ${then}`, () => {
      const [before, trust] = from === undefined ? [{}, exampleTrust()] : [{ [FILE]: from }, {}];
      const found = checkExample({ before, files: { ...trust, [FILE]: to } });
      assert.deepEqual(
        found.filter(({ rule }) => rule === "version/changed-after-publish"),
        [],
      );
      const asked = found.filter(({ rule }) => rule.startsWith("trust/"));
      assert.deepEqual([...new Set(asked.map(({ rule }) => rule))], signedBy === undefined ? [] : [signedBy]);
      for (const { help } of asked) assert.match(help ?? "", /`fairlead release sign agent`/);
    });
  }

  for (const [key, to] of Object.entries(LASTING)) {
    test(`${key} may not`, () => {
      const found = checkExample({ before: {}, files: { [FILE]: to } });
      assert.ok(found.some(({ rule }) => rule === "version/changed-after-publish"));
    });
  }
});

test("an address with another file name is another target, and the index is to be signed again", () => {
  const files = { ...exampleTrust(), [FILE]: SOUND.replace("artifacts/agent-1.1.0", "artifacts/agent") };
  const trust = checkExample({ before: {}, files }).filter(({ rule }) => rule.startsWith("trust/"));
  assert.deepEqual(
    trust.map(({ message, span, help }) => [message, span?.line, help]),
    [
      ["the release key has not signed `1.1.0` of `agent`", 1, "sign it with `fairlead release sign agent`"],
      [
        "the release key has signed `releases/agent/1.1.0/linux-x64/agent-1.1.0`, which the file of `1.1.0` does not name",
        2,
        "restore the file, or sign it with `fairlead release sign agent`",
      ],
    ],
  );
});

test("a size that was changed is pointed at, and not the hash that stayed", () => {
  const diagnostics = checkExample({
    before: { [FILE]: SOUND },
    files: { [FILE]: SOUND.replace("size: 1000", "size: 1001") },
  });
  const changed = diagnostics.filter(({ rule }) => rule === "version/changed-after-publish");
  assert.deepEqual(
    changed.map(({ pointer }) => pointer),
    ["/artifacts/0/size"],
  );
});
