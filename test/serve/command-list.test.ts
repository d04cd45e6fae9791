import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Command } from "commander";
import type { CommandInstaller } from "../../controller/commands/command-line.ts";
import { fairlead, run, TOP } from "../support/run-command.ts";

/** The names that the files of `controller/commands/` give to their commands. */
async function commandsInFiles(): Promise<string[]> {
  const folder = join(TOP, "controller", "commands");
  const program = new Command();
  for (const file of await readdir(folder)) {
    const exported = (await import(join(folder, file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      if (/^add[A-Z]\w*Command$/.test(name)) (value as CommandInstaller)(program);
    }
  }
  return program.commands.map((command) => command.name()).sort();
}

test("every command that has a file is listed by help and answers by itself", async () => {
  const names = await commandsInFiles();
  assert.ok(names.includes("serve"));
  const { stdout, code } = await fairlead(["--help"]);
  assert.equal(code, 0);
  const listed = [...stdout.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name]) => name).sort();
  assert.deepEqual(
    listed.filter((name) => name !== "help"),
    names,
  );
});

test("an unknown command is wrong use and says how to get help", async () => {
  const { code, stderr } = await fairlead(["serv"]);
  assert.equal(code, 2);
  assert.match(stderr, /--help/);
});

test("completion scripts name every command and are sound shell", async (t) => {
  const names = await commandsInFiles();
  for (const shell of ["bash", "zsh", "fish"]) {
    const { stdout, code } = await fairlead(["completion", shell]);
    assert.equal(code, 0);
    for (const name of names) assert.ok(stdout.includes(name), `${shell}: ${name}`);
    if (shell !== "bash") continue;
    const checked = await run("bash", [
      "-c",
      `${stdout}\nCOMP_WORDS=(fairlead serve --wo); COMP_CWORD=2; _fairlead; echo "$COMPREPLY"`,
    ]);
    t.diagnostic(checked.stderr);
    assert.equal(checked.stdout.trim(), "--worktree");
  }
});
