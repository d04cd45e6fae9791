import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fitsInMemory } from "../../agent/download/apply-delta.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { runOk } from "../support/run-command.ts";
import { PRODUCT } from "../trust/made-repository.ts";
import { type EnrolledMachine, enrolledMachine, installedBytes } from "./enrolled-machine.ts";
import { PLATFORM, program } from "./update-server.ts";

/** What two builds have in common, and no compression makes small. */
const COMMON = randomBytes(200_000).toString("base64");

function largeProgram(version: string): Buffer {
  return Buffer.concat([program(version), Buffer.from(`exit\n# ${COMMON}\n`)]);
}

/** A delta as `release add --delta-from` makes it. */
async function deltaOf({ machine }: EnrolledMachine, old: Buffer, next: Buffer): Promise<Buffer> {
  const path = (name: string): string => join(machine.directory, name);
  writeFileSync(path("old"), old);
  writeFileSync(path("next"), next);
  await runOk("zstd", [
    "-q",
    "-f",
    "-19",
    "--long=30",
    `--patch-from=${path("old")}`,
    "-o",
    path("delta"),
    path("next"),
  ]);
  return readFileSync(path("delta"));
}

/** Releases and promotes a version with a delta. */
function release(
  { server }: EnrolledMachine,
  version: string,
  bytes: Buffer,
  from: Buffer,
  delta: Buffer,
): void {
  const sha256 = sha256Hex(delta);
  const file = "lantern.delta.zst";
  const deltas = [{ from: sha256Hex(from), file, size: delta.length, sha256 }];
  server.release(version, bytes, { deltas });
  server.repository.files.set(`targets/releases/${PRODUCT}/${version}/${PLATFORM}/${sha256}.${file}`, delta);
  server.promote(version);
  server.downloads.length = 0;
}

test("a machine makes the next version out of the one that it has, and downloads the difference only", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { updateTo, machine, server, leftovers } = enrolled;
  const [first, second] = [largeProgram("1.1.0"), largeProgram("1.2.0")];
  assert.equal((await updateTo("1.1.0", first)).code, 0);
  const delta = await deltaOf(enrolled, first, second);
  assert.ok(delta.length < 500, `${delta.length} bytes`);
  release(enrolled, "1.2.0", second, first, delta);
  // The whole file is not to be had at all.
  const whole = [...server.repository.files.keys()].find(
    (name) => name.includes(`1.2.0`) && name.includes(sha256Hex(second)),
  );
  server.repository.files.delete(whole ?? "");
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stdout + update.stderr);
  assert.ok(installedBytes(machine).equals(second));
  assert.deepEqual(server.downloads, ["all"]);
  assert.deepEqual(leftovers(), [`previous-${sha256Hex(first)}`]);
});

test("a delta that is missing, damaged, or makes other bytes costs nothing but the whole download, and is told", async (t) => {
  const enrolled = await enrolledMachine(t);
  const { updateTo, machine, server } = enrolled;
  let before = largeProgram("1.1.0");
  assert.equal((await updateTo("1.1.0", before)).code, 0);
  const faults: readonly (readonly [string, (delta: Buffer, next: Buffer) => Promise<Buffer>, RegExp])[] = [
    ["1.2.0", async () => Buffer.from("no delta at all"), /zstd refuses it/],
    [
      "1.3.0",
      async (_, next) => deltaOf(enrolled, before, Buffer.concat([next, Buffer.from("#")])),
      /bytes come out/,
    ],
    [
      "1.4.0",
      async (_, next) => deltaOf(enrolled, before, Buffer.from(next.toString().replace("1.4.0", "1.4.1"))),
      /sha256 [0-9a-f]{64} comes out/,
    ],
    ["1.5.0", async (delta) => delta.subarray(0, delta.length - 5), /zstd refuses it|come out/],
  ];
  for (const [version, spoil, expected] of faults) {
    const next = largeProgram(version);
    release(enrolled, version, next, before, await spoil(await deltaOf(enrolled, before, next), next));
    const update = await machine.agent("update");
    assert.equal(update.code, 0, update.stdout + update.stderr);
    assert.match(update.stderr, expected, version);
    assert.ok(installedBytes(machine).equals(next), version);
    before = next;
  }
  const next = largeProgram("1.6.0");
  release(enrolled, "1.6.0", next, before, Buffer.from("short"));
  const [missing = ""] = [...server.repository.files.keys()].filter(
    (name) => name.endsWith(".delta.zst") && name.includes("1.6.0"),
  );
  server.repository.files.delete(missing);
  const update = await machine.agent("update");
  assert.equal(update.code, 0, update.stdout);
  assert.match(update.stderr, /the delta .* cannot be used/);
  assert.ok(installedBytes(machine).equals(next));
});

test("a delta from a build that this machine does not have is not even asked for", async (t) => {
  const enrolled = await enrolledMachine(t);
  const next = largeProgram("1.1.0");
  const other = largeProgram("0.9.0");
  release(enrolled, "1.1.0", next, other, await deltaOf(enrolled, other, next));
  assert.equal((await enrolled.machine.agent("update")).code, 0);
  assert.equal(enrolled.server.downloads.length, 1);
  assert.ok(installedBytes(enrolled.machine).equals(next));
});

test("a delta is applied only where memory is left for the product beside it", () => {
  const mib = 1024 ** 2;
  assert.equal(fitsInMemory(100 * mib, 100 * mib, 1024 * mib), true);
  assert.equal(fitsInMemory(100 * mib, 100 * mib, 512 * mib), false);
  assert.equal(fitsInMemory(1025 * mib, mib, Number.MAX_SAFE_INTEGER), false);
  assert.equal(fitsInMemory(mib, 1025 * mib, Number.MAX_SAFE_INTEGER), false);
});
