import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readPeHeader, requireProgram } from "../../../agent/formats/windows/pe-header.ts";
import { refreshUpdater } from "../../../agent/formats/windows/refresh-updater.ts";

/** The start of a program of Windows with one section. */
function program(machine: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write("MZ");
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write("PE\0\0", 0x80, "latin1");
  bytes.writeUInt16LE(machine, 0x84);
  bytes.writeUInt16LE(1, 0x86);
  bytes.writeUInt16LE(0, 0x94);
  bytes.writeUInt32LE(512, 0x98 + 16);
  bytes.writeUInt32LE(512, 0x98 + 20);
  return bytes;
}

test("a program that is truncated, quarantined, for another machine or none at all is found by its header", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-pe-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "lantern.exe");
  const codeOf = (bytes: Buffer | undefined): unknown => {
    rmSync(path, { force: true });
    if (bytes !== undefined) writeFileSync(path, bytes);
    try {
      requireProgram(path, "1.1.0", "x64");
      return "fine";
    } catch (error) {
      return error instanceof Error && "code" in error ? error.code : error;
    }
  };
  const whole = program(0x8664, 1024);
  assert.equal(codeOf(whole), "fine");
  assert.equal(codeOf(program(0x014c, 1024)), "fine", "32 bits run on 64");
  assert.equal(codeOf(program(0xaa64, 1024)), "install/wrong-arch");
  assert.equal(codeOf(Buffer.from("#!/bin/sh\n")), "install/wrong-arch");
  assert.equal(codeOf(undefined), "install/io-error");
  for (let length = 0; length < whole.length; length++) {
    assert.notEqual(codeOf(whole.subarray(0, length)), "fine", `cut to ${length} bytes`);
  }
  for (let at = 0; at < 0x100; at++) {
    const bent = Buffer.from(whole);
    bent[at] = (bent[at] ?? 0) ^ 0xff;
    assert.doesNotThrow(() => readPeHeader(bent));
  }
});

test("the copy that the hourly task runs follows the agent, and is left alone where it is the same", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-updater-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [agent, copy] = [join(folder, "agent.exe"), join(folder, "updater.exe")];
  writeFileSync(agent, "one");
  assert.equal(refreshUpdater(agent, copy), true);
  assert.equal(refreshUpdater(agent, copy), false);
  writeFileSync(agent, "two");
  assert.equal(refreshUpdater(agent, copy), true);
  assert.equal(readFileSync(copy, "utf8"), "two");
});
