import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, test } from "node:test";
import { COMMANDS as AGENT_COMMANDS } from "../../agent/commands/command-table.ts";
import { AGENT, CONTROLLER, run, runOk } from "../support/run-command.ts";

/** What has no answer of its own: why it takes no `--json`. */
const WITHOUT: Readonly<Record<string, string>> = {
  serve: "it runs until it is stopped, and its log is JSON",
  completion: "it prints a script for a shell",
  helper: "it runs until it is stopped; `--log json` is its log",
};

interface Said {
  readonly command: string;
  readonly hasJson: boolean;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("every command of fairlead", async () => {
  const stdout = await runOk(process.execPath, [join(import.meta.dirname, "every-mistake.ts")]);
  const all: Said[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

  it("is there", () => assert.ok(all.length > 50, `only ${all.length}`));

  for (const { command, hasJson, code, stdout: answer, stderr } of all) {
    it(`\`${command}\` answers as JSON, mistakes included`, () => {
      assert.equal(hasJson, WITHOUT[command] === undefined, "takes --json");
      assert.equal(code, 2);
      assert.equal(stderr, "", "a mistake is told once");
      const { error } = JSON.parse(answer);
      // What the command must be told is asked for first.
      assert.match(error.id, /^usage\/(?:unknown-option|missing-mandatory-option-value)$/);
      assert.match(error.message, /'-/);
    });
  }
});

describe("every command of fairlead-agent", () => {
  for (const [name, { load }] of AGENT_COMMANDS) {
    it(`\`${name}\` takes --json`, async () => {
      const { options } = await load();
      assert.equal(options.json !== undefined, WITHOUT[name] === undefined);
    });
  }

  it("tells wrong use as JSON to whoever asked for it", async () => {
    const { code, stdout, stderr } = await run(process.execPath, [AGENT, "status", "--json", "--homme", "x"]);
    assert.deepEqual([code, stderr], [2, ""]);
    assert.deepEqual(JSON.parse(stdout).error, {
      id: "usage/unknown-option",
      message: "unknown option '--homme'",
      help: "did you mean `--home`?",
    });
  });
});

test("wrong use names the help of the very command", async () => {
  const { code, stderr } = await run(process.execPath, [CONTROLLER, "keys", "status", "--jsno"]);
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean --json\?\)\n\(try: fairlead keys status --help\)\n$/);
});

test("an error of the state is one object, with the findings beside it", async () => {
  const broken = await run(process.execPath, [CONTROLLER, "validate", "--json", "--root", "/nowhere-at-all"]);
  assert.equal(broken.code, 1);
  assert.equal(broken.stderr, "");
  assert.equal(JSON.parse(broken.stdout).error.id, "state/not-found");
});
