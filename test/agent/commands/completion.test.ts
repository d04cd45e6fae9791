import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fairleadAgent, run } from "../../support/run-command.ts";

test("bash completes commands, their words and their options", {
  skip: spawnSync("bash", ["-c", "complete"]).status === 0 ? false : "there is no bash",
}, async () => {
  const { stdout } = await fairleadAgent(["completion", "bash"]);
  const complete = async (...words: string[]) => {
    const line = words.map((word) => `'${word}'`).join(" ");
    const script = `${stdout}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _fairlead_agent; echo "\${COMPREPLY[@]}"`;
    return (await run("bash", ["-c", script])).stdout.trim();
  };
  assert.equal(await complete("fairlead-agent", "une"), "unenroll");
  assert.equal(await complete("fairlead-agent", "service", "in"), "install");
  assert.equal(await complete("fairlead-agent", "update", "--ver"), "--version --verify");
});

test("there is a script for each shell, and another one is refused by name", async () => {
  for (const shell of ["zsh", "fish"]) {
    const { code, stdout } = await fairleadAgent(["completion", shell]);
    assert.deepEqual([code, stdout.includes("unenroll")], [0, true]);
  }
  const { code, stderr } = await fairleadAgent(["completion", "csh"]);
  assert.equal(code, 2);
  assert.match(stderr, /it is one of bash, zsh, fish/);
});
