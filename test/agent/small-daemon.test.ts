import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readUntouched } from "../../agent/daemon/give-back-pages.ts";
import { runOk } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { enrolledMachine } from "./enrolled-machine.ts";
import { HelpedMachine, whyNoHelper } from "./helper/helped-machine.ts";

const onLinux = { skip: process.platform === "linux" ? false : "it reads /proc" };

/** kB of pages of files that a process has in memory. */
function residentFiles(pid: number | string): number {
  return Number(/^RssFile:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

async function residentFilesOfEmpty(): Promise<number> {
  const status = await runOk(process.execPath, ["-p", 'fs.readFileSync("/proc/self/status", "utf8")']);
  return Number(/^RssFile:\s+(\d+) kB$/m.exec(status)?.[1]);
}

test(
  "a daemon that rests has given back what only its start needed, goes on to poll, and says nothing of it",
  onLinux,
  async (t) => {
    const { machine, server } = await enrolledMachine(t, { update_check_interval: "1s" });
    const ofEmpty = await residentFilesOfEmpty();
    const pid = machine.run();
    await waitUntil("a first look", () => (machine.daemonOutput.includes('"decided"') ? true : undefined));
    await waitUntil("the daemon to be smaller than an empty node", () =>
      residentFiles(pid) < ofEmpty * 0.75 ? true : undefined,
    );
    const before = server.polls;
    await waitUntil("two more polls", () => (server.polls > before + 1 ? true : undefined));
    assert.doesNotMatch(machine.daemonOutput, /Warning|"level":"(?:warn|error)"/);
  },
);

test("the privileged helper waits as small for what the agent asks", async (t) => {
  const reason = await whyNoHelper();
  if (reason !== undefined) return t.skip(reason);
  const machine = await HelpedMachine.start(t, Buffer.from("{}"));
  const ofEmpty = await residentFilesOfEmpty();
  await waitUntil("the helper to be smaller than an empty node", () =>
    residentFiles(machine.helperPid ?? "") < ofEmpty * 0.75 ? true : undefined,
  );
  assert.doesNotMatch(machine.helperOutput, /warning/i);
});

test("only files' pages that this process can have changed nothing in are given back", () => {
  const mapping = (head: string, anonymous: number): string =>
    `${head}\nSize: 4 kB\nAnonymous: ${String(anonymous).padStart(14)} kB\nVmFlags: rd mr\n`;
  const smaps = [
    mapping("00400000-00500000 r--p 00000000 08:01 42    /usr/bin/node", 0),
    mapping("00500000-00900000 r-xp 00100000 08:01 42    /usr/bin/node (deleted)", 0),
    // The dynamic linker wrote there before it was made read-only.
    mapping("00900000-00910000 r--p 00500000 08:01 42    /usr/bin/node", 8),
    mapping("00910000-00920000 rw-p 00510000 08:01 42    /usr/bin/node", 0),
    mapping("00920000-00930000 r--s 00510000 08:01 43    /dev/shm/shared", 0),
    mapping("00930000-00940000 r--p 00000000 00:00 0 ", 0),
    mapping("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0    [vsyscall]", 0),
  ].join("");
  assert.deepEqual(readUntouched(smaps), [
    { start: 0x400000n, end: 0x500000n },
    { start: 0x500000n, end: 0x900000n },
  ]);
});
