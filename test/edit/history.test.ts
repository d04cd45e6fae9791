import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { comingsOf } from "../../controller/history/commit-events.ts";
import { compareFacts } from "../../controller/history/compare-facts.ts";
import { describeEvent } from "../../controller/history/print-history.ts";
import { factsOf } from "../../controller/history/state-facts.ts";
import { readUncheckedYaml } from "../../controller/source/unchecked-yaml.ts";

/** What a change of one file from `before` to `after` is called. */
function told(path: string, before: string | undefined, after: string | undefined): string[] {
  const facts = (text: string | undefined) =>
    text === undefined ? new Map() : factsOf(path, readUncheckedYaml(text));
  return compareFacts(path, facts(before), facts(after)).map(describeEvent);
}

const CHANNEL = "products/agent/channels/stable.yaml";

test("a pointer that goes down by a declared rollback is told as one", () => {
  assert.deepEqual(told(CHANNEL, "version: 1.1.0", "version: 1.0.0\nrollback: {from: [1.1.0]}"), [
    "roll back agent stable to 1.0.0 (was 1.1.0)",
  ]);
  assert.deepEqual(told(CHANNEL, "version: 1.1.0", "version: 1.10"), [
    "promote agent 1.10 to stable (was 1.1.0)",
  ]);
});

test("pauses and halts of a channel, and their end, are told beside the pointer", () => {
  const stopped = "version: 1.0.0\npaused: true\nhalted: {version: 1.0.0, reason: x}";
  assert.deepEqual(told(CHANNEL, "version: 1.0.0", stopped), [
    "pause channel agent/stable",
    "halt agent 1.0.0 on stable",
  ]);
  assert.deepEqual(told(CHANNEL, stopped, "version: 1.0.0\npaused: false"), [
    "resume channel agent/stable",
    "unhalt agent 1.0.0 on stable",
  ]);
});

test("waves that are opened by hand are told, and not that they are forgotten with their version", () => {
  const opened = (version: string, waves: string) =>
    `version: ${version}\nopened: {version: ${version}, waves: ${waves}}`;
  assert.deepEqual(told(CHANNEL, "version: 1.0.0", opened("1.0.0", "1")), [
    "advance agent 1.0.0 on stable to wave 1",
  ]);
  assert.deepEqual(told(CHANNEL, opened("1.0.0", "1"), opened("1.0.0", "3")), [
    "advance agent 1.0.0 on stable to wave 3",
  ]);
  assert.deepEqual(told(CHANNEL, opened("1.0.0", "3"), opened("1.0.0", "some")), []);
  assert.deepEqual(told(CHANNEL, opened("1.0.0", "3"), "version: 1.1.0"), [
    "promote agent 1.1.0 to stable (was 1.0.0)",
  ]);
});

test("a pin that moves to another version is told once, and a tenant that goes takes its pins along", () => {
  const pinned = (version: string) => `sites: {berlin: {products: {agent: {pin: {version: ${version}}}}}}`;
  assert.deepEqual(told("tenants/acme.yaml", pinned("1.0.0"), pinned("1.1.0")), [
    "pin site acme/berlin to agent 1.1.0 (was 1.0.0)",
  ]);
  assert.deepEqual(told("tenants/acme.yaml", pinned("1.0.0"), undefined), [
    "unpin site acme/berlin from agent 1.0.0",
  ]);
});

test("a minimum, and a channel that a scope chooses, are told when they change and not when their file comes", () => {
  const file = "products/agent/product.yaml";
  assert.deepEqual(told(file, "minVersion: 1.2.0", "minVersion: 1.3.0"), [
    "minimum of product agent is 1.3.0 (was 1.2.0)",
  ]);
  assert.deepEqual(told("fleet.yaml", "minVersion: 1.2.0", "x: 1"), ["no minimum of fleet (was 1.2.0)"]);
  assert.deepEqual(told(CHANNEL, "version: 1.0.0", "version: 1.0.0\nminVersion: 1.0.0"), [
    "minimum of channel agent/stable is 1.0.0",
  ]);
  assert.deepEqual(
    told("tenants/acme.yaml", "sites: {b: {}}", "channel: beta\nsites: {b: {channel: stable}}"),
    ["tenant acme follows beta", "site acme/b follows stable"],
  );
  assert.deepEqual(told("tenants/acme.yaml", "channel: beta", "x: 1"), [
    "tenant acme follows the default channel (was beta)",
  ]);
  assert.deepEqual(told("tenants/acme.yaml", undefined, "channel: beta"), []);
  assert.deepEqual(told(file, undefined, "minVersion: 1.2.0"), []);
});

test("what comes and goes with its file has a name", () => {
  const change = (path: string, before: string | undefined, after: string | undefined) => ({
    path,
    before,
    after,
  });
  const changes = [
    change("tenants/globex.yaml", undefined, "1"),
    change("tenants/acme.yaml", "1", "2"),
    change("products/agent/versions/1.4.2.yaml", undefined, "1"),
    change("products/agent/channels/beta.yaml", "1", undefined),
    change("products/edge/product.yaml", undefined, "1"),
    change("trust/targets.json", undefined, "1"),
  ];
  assert.deepEqual(comingsOf(changes).map(describeEvent), [
    "add tenant globex",
    "add release agent 1.4.2",
    "remove channel agent/beta",
    "add product edge",
  ]);
});

test("only a yank that state has not said before is told", () => {
  const file = "products/agent/versions/1.0.0.yaml";
  assert.deepEqual(told(file, undefined, "version: 1.0.0"), []);
  assert.deepEqual(told(file, "version: 1.0.0", "version: 1.0.0\nactive: false"), ["yank agent 1.0.0"]);
  assert.deepEqual(told(file, "active: false", "active: false\nyankReason: other"), []);
  assert.deepEqual(told(file, "active: false", "active: true"), ["unyank agent 1.0.0"]);
});

test("an old file is read as it was written: no number, no other spelling of a word and no alias misleads", () => {
  assert.deepEqual(told("tenants/a.yaml", "x: 1", "products: {agent: {pin: {version: 1.10}}}"), [
    "pin tenant a to agent 1.10",
  ]);
  assert.deepEqual(told("fleet.yaml", "paused: FALSE", "paused: True"), ["pause fleet"]);
  assert.deepEqual(told("products/agent/versions/1.0.0.yaml", "active: true", "active: False"), [
    "yank agent 1.0.0",
  ]);
  assert.deepEqual(told(CHANNEL, "version: 1.0.0", "a: &a 1.1.0\nversion: *a"), []);
});

test("whatever an old file holds, reading it fails for nothing and an unchanged file tells nothing", () => {
  const paths = fc.constantFrom(CHANNEL, "fleet.yaml", "tenants/a.yaml", "products/a/product.yaml", "x.yaml");
  fc.assert(
    fc.property(paths, fc.jsonValue(), (path, value) => {
      assert.deepEqual(compareFacts(path, factsOf(path, value), factsOf(path, value)), []);
    }),
  );
});
