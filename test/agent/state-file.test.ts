import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { agentHome } from "../../agent/home/agent-home.ts";
import type { AgentState } from "../../agent/state/agent-state.ts";
import { parseState, StateFile } from "../../agent/state/state-file.ts";
import { run, TOP } from "../support/run-command.ts";

const CHANGES = 25;

test("two processes that note things at once lose nothing of each other's", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-state-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const writer = `
    const { StateFile } = await import(${JSON.stringify(join(TOP, "agent/state/state-file.ts"))});
    const [, home, name] = process.argv;
    const file = new StateFile({ state: home + "/state.json", lock: home + "/lock" });
    for (let count = 0; count < ${CHANGES}; count++) {
      const entry = { version: name + count, id: "a".repeat(64), reason: name, until: count, failures: 1 };
      file.update((state) => ({ ...state, blocked: [...state.blocked, entry] }));
    }`;
  const write = (name: string) => run(process.execPath, ["-e", writer, folder, name]);
  const results = await Promise.all([write("daemon"), write("person")]);
  assert.deepEqual(
    results.map(({ code, stderr }) => [code, stderr]),
    [
      [0, ""],
      [0, ""],
    ],
  );
  const { blocked } = new StateFile(agentHome(folder, {})).read();
  for (const name of ["daemon", "person"]) {
    assert.equal(blocked.filter(({ reason }) => reason === name).length, CHANGES, name);
  }
});

test("one odd entry of the state loses only itself, and what is no state at all is none", () => {
  const good = { version: "1.0.0", id: "a".repeat(64), reason: "bad", until: 5, failures: 1 };
  const text = JSON.stringify({
    format: 2,
    blocked: [good, { version: 3 }],
    lastCheckAt: 7,
    last: { to: 1 },
  });
  assert.deepEqual(parse(text), { blocked: [good], lastCheckAt: 7 });
  for (const broken of ["", "{", "null", "[]", '{"format":3,"lastCheckAt":7}']) {
    assert.equal(parse(broken), undefined, broken);
  }
});

test("what an agent before this one noted is still understood", () => {
  const sha256 = "a".repeat(64);
  const text = JSON.stringify({
    format: 1,
    installed: { version: "1.0.0", sha256, fingerprint: "1:2:3" },
    previous: { version: "0.9.0", sha256, keptAt: 4 },
    blocked: [{ version: "1.1.0", sha256, reason: "bad", until: 5, failures: 1 }],
    last: { startedAt: 1, outcome: "confirmed", from: null, to: "1.0.0" },
  });
  assert.deepEqual(parse(text), {
    installed: { version: "1.0.0", id: sha256, fingerprint: "1:2:3" },
    previous: { version: "0.9.0", id: sha256, keptAt: 4 },
    blocked: [{ version: "1.1.0", id: sha256, reason: "bad", until: 5, failures: 1 }],
    last: { startedAt: 1, outcome: "confirmed", from: null, to: "1.0.0" },
  });
});

function parse(text: string): AgentState | undefined {
  return parseState(Buffer.from(text));
}
