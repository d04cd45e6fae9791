import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { recoveredPrograms } from "../../../agent/commands/recovered-programs.ts";
import { readPeHeader, requireProgram } from "../../../agent/formats/windows/pe-header.ts";
import { refreshUpdater } from "../../../agent/formats/windows/refresh-updater.ts";
import { eventLog } from "../../../agent/logs/event-log.ts";
import { installService, removeService } from "../../../agent/service/install-service.ts";
import { defineService } from "../../../agent/service/service-definition.ts";

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

test("with the agent's own task comes an hourly one for each program that it exchanges, and goes with it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-tasks-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const home = "C:\\ProgramData\\Fairlead";
  const recovered = recoveredPrograms(
    [
      { product: "lantern", format: "windows", installPath: "/opt/lantern/lantern.exe" },
      { product: "beacon", format: "archive", installPath: "/opt/beacon" },
      { product: "steward", format: "windows", installPath: "/opt/steward.exe", helperSocket: "/run/helper" },
    ],
    home,
  );
  const spec = { name: "fairlead-agent", command: ["agent.exe", "run"], products: ["lantern"], recovered };
  const made = defineService("windows", { ...spec, writable: [folder], confined: false });
  const definition = { ...made, path: join(folder, "task.xml") };
  const asked: string[] = [];
  const place = {
    run: async (argv: readonly string[]) => {
      asked.push(argv.join(" "));
      // As of one that does not run.
      const code = argv.includes("/End") ? 1 : 0;
      return { kind: "exited", code, signal: null, stdout: "", stderr: "" } as const;
    },
  };
  await installService(definition, place);
  const command =
    '"/opt/lantern/.lantern.exe.fairlead/updater.exe" resume --wait 2m --home "C:\\ProgramData\\Fairlead"';
  assert.deepEqual(asked.splice(0), [
    `schtasks /Create /F /TN fairlead-agent /XML ${made.path}`,
    `schtasks.exe /Create /F /TN Fairlead\\recover-lantern /TR ${command} /SC HOURLY /RU SYSTEM /RL HIGHEST`,
    "schtasks /Run /TN fairlead-agent",
  ]);
  await removeService(definition, place);
  assert.deepEqual(asked, [
    "schtasks.exe /Delete /F /TN Fairlead\\recover-lantern",
    "schtasks /End /TN fairlead-agent",
    "schtasks /Delete /F /TN fairlead-agent",
  ]);
});

test("the event log of Windows is told what went wrong, bounded, and one that takes no entry stops nothing", async () => {
  const entries: (readonly string[])[] = [];
  const log = eventLog(async (argv) => {
    entries.push(argv);
    throw new Error("Access is denied");
  });
  log.event("info", "confirmed", "1.1.0 confirmed");
  log.event("error", "rolled-back", `1.2.0 rolled back\n${"x".repeat(40_000)}`);
  log.refusal({ id: "fetch/timed-out", message: "no answer" });
  const told = entries.map((argv) => [argv[argv.indexOf("/T") + 1], argv.at(-1)]);
  assert.deepEqual(
    told.map(([level]) => level),
    ["ERROR", "ERROR"],
  );
  assert.ok((told[0]?.[1]?.length ?? 0) <= 8000);
  assert.equal(told[1]?.[1], "error[fetch/timed-out]: no answer");
});
