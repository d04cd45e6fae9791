import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { AGENT } from "../../support/run-command.ts";
import { HAS_TERMINAL, Terminal } from "../../support/terminal.ts";
import { type EnrolledMachine, enrolledMachine } from "../enrolled-machine.ts";
import { program } from "../update-server.ts";

const atTerminal = { skip: HAS_TERMINAL ? false : "there is no `script` that gives a terminal" };
const CTRL_C = "\x03";
const END_OF_INPUT = "\x04";

/** A machine that runs 1.0.0, and whose next version takes a while to come. */
async function machineBefore(t: TestContext, bytesPerSecond: number): Promise<EnrolledMachine> {
  const enrolled = await enrolledMachine(t);
  const bytes = Buffer.concat([program("1.1.0"), Buffer.from(`exit\n${"#".repeat(40_000)}\n`)]);
  enrolled.server.release("1.1.0", bytes);
  enrolled.server.promote("1.1.0");
  enrolled.server.fault = { bytesPerSecond };
  return enrolled;
}

/** What it showed, with the sequence that takes the cursor's line away as a word. */
function shownBy({ screen }: Terminal): string {
  return screen.replaceAll("\x1b[K", "<erased>");
}

function agentAt(t: TestContext, { machine }: EnrolledMachine, ...args: readonly string[]): Terminal {
  return new Terminal(t, [...args, "--home", machine.home], machine.directory, AGENT);
}

test(
  "a download at a terminal draws one line that grows, and takes it away at its end",
  atTerminal,
  async (t) => {
    const enrolled = await machineBefore(t, 40_000);
    const terminal = agentAt(t, enrolled, "update");
    assert.equal(await terminal.end(), 0, terminal.screen);
    const [, drawn = "", after = ""] =
      /^1\.1\.0 downloading\r\n(.*)\r<erased>1\.1\.0 verified\r\n(.*)$/s.exec(shownBy(terminal)) ?? [];
    assert.doesNotMatch(drawn, /\n/);
    const shown = drawn.split("\r").slice(1);
    const percents = shown.map((line) => {
      const [, percent = ""] = /^1\.1\.0 \[=*>? *\] +(\d+) % {2}\d+\.\d of 40\.\d kB$/.exec(line) ?? [];
      return Number(percent);
    });
    assert.ok(percents.length > 2, terminal.screen);
    assert.deepEqual(
      percents,
      [...new Set(percents)].toSorted((a, b) => a - b),
    );
    const steps = ["staged", "self-tested", "swapped", "confirming", "confirmed"].map(
      (step) => `1.1.0 ${step}`,
    );
    assert.deepEqual(after.split("\r\n"), [...steps, "lantern 1.1.0 is installed and confirmed", ""]);
  },
);

test(
  "Ctrl-C in a download takes the line away, says what was kept, and leaves the machine as it was",
  atTerminal,
  async (t) => {
    const enrolled = await machineBefore(t, 4000);
    const { machine, server, status, leftovers } = enrolled;
    const terminal = agentAt(t, enrolled, "update");
    await terminal.answer(/ \d+ %/, CTRL_C);
    assert.equal(await terminal.end(), 130, terminal.screen);
    assert.match(
      shownBy(terminal),
      /\r<erased>error\[install\/aborted\]: stopped during the download\r\n.*nothing was changed; what has come is kept/,
    );
    assert.deepEqual([status().journal, status().blocked], ["idle", []]);
    assert.ok(
      leftovers().every((name) => name.startsWith("staged-")),
      leftovers().join(),
    );
    assert.equal(await machine.installedVersion(), "lantern 1.0.0");

    server.fault = {};
    server.downloads.length = 0;
    const again = agentAt(t, enrolled, "update");
    assert.equal(await again.end(), 0, again.screen);
    assert.match(server.downloads.join(), /^bytes=\d+-$/);
    assert.equal(await machine.installedVersion(), "lantern 1.1.0");
  },
);

test("unenroll asks at a terminal, and only a yes is one", atTerminal, async (t) => {
  const enrolled = await enrolledMachine(t);
  const { home } = enrolled.machine;
  for (const no of ["n\r", "\r", "yesterday\r", CTRL_C, END_OF_INPUT]) {
    const terminal = agentAt(t, enrolled, "unenroll");
    await terminal.answer(/take the agent for lantern with .* off this machine\? \[y\/N\] $/, no);
    assert.equal(await terminal.end(), 1, terminal.screen);
    assert.match(terminal.screen, /\n(\r)?nothing was changed\r\n$/);
    assert.ok(existsSync(home));
  }
  const terminal = agentAt(t, enrolled, "unenroll");
  await terminal.answer(/\[y\/N\] $/, "y\r");
  assert.equal(await terminal.end(), 0, terminal.screen);
  assert.ok(!existsSync(home));
});
