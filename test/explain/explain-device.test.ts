import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { desiredState } from "../../controller/desired/desired-state.ts";
import { explainDevice } from "../../controller/explain/explain-device.ts";
import { ExplainError } from "../../controller/explain/explain-error.ts";
import { locatePointer, pointerTokens } from "../../controller/explain/locate-pointer.ts";
import { printExplanation } from "../../controller/explain/print-explanation.ts";
import { readState } from "../../controller/state/read-state.ts";
import { pointerToken } from "../../protocol/scope.ts";
import { T0 } from "../protocol/build-policies.ts";

const FILES = {
  "fleet.yaml": "schemaVersion: 1\ndefaultChannel: stable\n",
  "products/agent/product.yaml": "description: a test\n",
  "products/agent/channels/stable.yaml": `version: 1.4.0
rollout:
  waves:
    - {percent: 1, after: 0s}
    - {percent: 100, after: 2d}
`,
  "products/agent/versions/1.3.0.yaml": version("1.3.0"),
  "products/agent/versions/1.4.0.yaml": version("1.4.0"),
  "tenants/acme.yaml": `channel: stable
sites:
  berlin:
    paused: {reason: audit}
devices:
  d-1:
    products:
      agent:
        pin: {version: 1.3.0, reason: certified}
`,
};

function version(name: string): string {
  return `version: ${name}\nartifacts:\n  - {platform: linux-x64, format: binary, url: artifacts/agent-${name}, size: 10, sha256: ${"ab".repeat(32)}}\n`;
}

function model(more: Readonly<Record<string, string>> = {}) {
  const files = Object.entries({ ...FILES, ...more })
    .map(([path, text], i) => ({ path, blob: String(i).padStart(40, "0"), bytes: Buffer.from(text) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const reading = readState({ commit: "c".repeat(40), committedAt: T0, files, irregular: [] });
  assert.ok(reading.model !== undefined, JSON.stringify(reading.diagnostics));
  return reading.model;
}

function explain(id: string, site: string | undefined, now = T0) {
  const fleet = model();
  return explainDevice(desiredState(fleet, new Map(), now), fleet, {
    device: { id, platform: "linux-x64", tenant: "acme", ...(site === undefined ? {} : { site }) },
    installed: "1.3.0",
    local: {},
    now,
  });
}

describe("a place in state", () => {
  it("is found by file and JSON pointer, also in the nearest parent of what is not said", () => {
    const lineOf = (where: string) => locatePointer(model(), where)?.span.line;
    assert.equal(lineOf("tenants/acme.yaml#/sites/berlin/paused"), 4);
    assert.equal(lineOf("tenants/acme.yaml#/devices/d-1/products/agent/pin"), 9);
    assert.equal(lineOf("products/agent/channels/stable.yaml#/rollout"), 3);
    assert.equal(lineOf("fleet.yaml#/defaultChannel"), 2);
    assert.equal(lineOf("tenants/globex.yaml#/channel"), undefined);
    assert.equal(lineOf("../../etc/passwd#/x"), undefined);
  });

  it("survives any key: tokens are read as they were written", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (keys) => {
        const pointer = keys.map((key) => `/${pointerToken(key)}`).join("");
        assert.deepEqual(pointerTokens(pointer), keys);
      }),
    );
  });
});

describe("an explanation", () => {
  it("names each rule that spoke with file and line, the decision, and when it goes on", () => {
    const text = printExplanation(explain("d-2", undefined), "releases/");
    assert.equal(
      text,
      `agent on d-2 (linux-x64, acme), 1.3.0 installed
at cccccccccccc, 2026-11-20T00:00:00Z

  + paused     nothing on the device's path is paused
  = channel    channel \`stable\`, from tenant acme  releases/tenants/acme.yaml:1
  = target     the channel points to 1.4.0  releases/products/agent/channels/stable.yaml:1
  + compare    1.4.0 is newer than 1.3.0
  + path       directly
  x rollout    at 36.6995% of the queue for 1.4.0: its turn comes at 2026-11-22T00:00:00Z; waves count from 2026-11-20T00:00:00Z, the time of its commit  releases/products/agent/channels/stable.yaml:3

decision: 1.4.0 waits for its wave
next: 2026-11-22T00:00:00Z (in 2d)
  1.4.0  from 2026-11-22T00:00:00Z (in 2d)

waves count from the commit here; for the fleet from its first publication, where that is later
`,
    );
  });

  it("of a paused and of a pinned device shows the line that holds it", () => {
    const place = (id: string, site?: string) =>
      explain(id, site).trail.find(({ where }) => /paused|pin/.test(where ?? ""));
    assert.deepEqual(
      [place("d-2", "berlin")?.file, place("d-2", "berlin")?.span?.line],
      ["tenants/acme.yaml", 4],
    );
    assert.equal(place("d-1")?.span?.line, 9);
    assert.equal(explain("d-2", "berlin").nextEligibleAt, undefined);
  });

  it("of a machine that has a former name of its tenant points into the file of today", () => {
    const fleet = model({ "tenants/acme.yaml": `${FILES["tenants/acme.yaml"]}formerly: [initech]\n` });
    const device = { id: "d-1", platform: "linux-x64", tenant: "initech" };
    const { trail } = explainDevice(desiredState(fleet, new Map(), T0), fleet, {
      ...{ device, installed: "1.3.0", local: {}, now: T0 },
    });
    const pin = trail.find(({ rule }) => rule === "target");
    assert.deepEqual([pin?.file, pin?.span?.line], ["tenants/acme.yaml", 9]);
  });

  it("refuses a tenant that state does not name, rather than explain another device", () => {
    const fleet = model();
    const question = {
      device: { id: "d", platform: "linux-x64", tenant: "nobody" },
      installed: null,
      local: {},
      now: T0,
    };
    assert.throws(
      () => explainDevice(desiredState(fleet, new Map(), T0), fleet, question),
      (error) => error instanceof ExplainError && error.code === "explain/unknown-tenant",
    );
  });

  it("counts the artifacts of the format that a device has, and shows the one that asks too much of it", () => {
    const line = (format: string, glibc: string) =>
      `  - {platform: linux-x64, format: ${format}, url: artifacts/agent.${format}, size: 10, sha256: ${"ab".repeat(32)}, requires: {glibc: ">=${glibc}"}}\n`;
    const fleet = model({
      "products/agent/channels/stable.yaml": "version: 1.4.0\n",
      "products/agent/versions/1.4.0.yaml": `version: 1.4.0\nartifacts:\n${line("binary", "2.31")}${line("archive", "2.34")}`,
    });
    const explainAs = (format?: string) =>
      explainDevice(desiredState(fleet, new Map(), T0), fleet, {
        device: { id: "d-2", platform: "linux-x64", tenant: "acme", facts: { glibc: "2.31" } },
        ...(format === undefined ? {} : { format }),
        installed: "1.3.0",
        local: {},
        now: T0,
      });
    const asked = explainAs("archive");
    assert.equal(asked.decision.action, "refuse");
    assert.equal(asked.trail.at(-1)?.span?.line, 4);
    assert.match(
      printExplanation(asked, ""),
      /^agent on d-2 \(linux-x64, archive, acme\), 1\.3\.0 installed$/m,
    );
    assert.equal(explainAs("binary").decision.action, "update");
    assert.equal(explainAs().decision.action, "refuse", "of an unknown format, all of them count");
  });
});
