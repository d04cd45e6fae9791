import assert from "node:assert/strict";
import { test } from "node:test";
import { checkExample } from "./check-example.ts";

/** What is said of a version with a file and a package for one platform. */
function found(second: string): string[] {
  const sha256 = "a0".repeat(32);
  const version = `version: 1.2.0
artifacts:
  - {platform: linux-x64, format: binary, url: artifacts/agent-1.2.0, size: 1000, sha256: ${sha256}}
  - {platform: linux-x64, ${second}}
`;
  return checkExample({ files: { "products/agent/versions/1.2.0.yaml": version } })
    .filter(({ severity }) => severity === "error")
    .map(({ rule, message }) => `${rule}: ${message}`);
}

const BYTES = `size: 900, sha256: ${"b1".repeat(32)}`;
const NAMED = "package: agent, packageVersion: 1.2.0-1";

test("a version may have several formats for one platform", () => {
  assert.deepEqual(found(`format: deb, ${NAMED}, url: artifacts/agent_1.2.0.deb, ${BYTES}`), []);
  assert.deepEqual(found(`format: rpm, ${NAMED}, repository: acme`), []);
  assert.deepEqual(found(`format: archive, url: artifacts/agent-1.2.0.tar.zst, ${BYTES}`), []);
});

test("two of them under one name are refused: agents would find one of them alone", () => {
  assert.deepEqual(found(`format: archive, url: archives/agent-1.2.0, ${BYTES}`), [
    "version/duplicate-platform: the archive for `linux-x64` has the name of another artifact for it",
  ]);
});

test("what a format needs, and what only another has, is said where it stands", () => {
  for (const [second, rule] of [
    [`format: deb, url: artifacts/agent.deb, ${BYTES}`, "schema/missing-key"],
    [`format: deb, ${NAMED}`, "schema/missing-key"],
    [`format: binary, url: artifacts/agent-2, ${BYTES}, package: agent`, "schema/"],
    [`format: deb, ${NAMED}, repository: acme, url: artifacts/agent.deb, ${BYTES}`, "schema/"],
  ] as const) {
    const said = found(second);
    assert.ok(
      said.length > 0 && said.every((line) => line.startsWith(rule)),
      `${second}\n${said.join("\n")}`,
    );
  }
});
