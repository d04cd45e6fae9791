import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { AgentMachine } from "../support/agent-machine.ts";
import { CONTROLLER, cleanEnvironment, fairlead, killAndWait, run } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";

test("the README of a new repository works line by line, up to a machine that installs from it", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-readme-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "bin"));
  const launcher = join(folder, "bin", "fairlead");
  await writeFile(launcher, `#!/bin/sh\nexec '${process.execPath}' '${CONTROLLER}' "$@"\n`);
  await chmod(launcher, 0o755);
  const made = await fairlead(["init", "fleet", "--product", "lantern"], { cwd: folder });
  assert.equal(made.code, 0, made.stderr);

  const readme = await readFile(join(folder, "fleet", "README.md"), "utf8");
  const lines = [...readme.matchAll(/^ {4}((?:fairlead|git) .*?) {2,}\S/gm)].map(([, line = ""]) => line);
  assert.ok(lines.length >= 6, readme);
  assert.equal(lines.at(-1), "fairlead serve");
  const here = { cwd: join(folder, "fleet"), env: { PATH: `${join(folder, "bin")}:${process.env.PATH}` } };
  for (const line of lines.slice(0, -1)) {
    const { code, stdout, stderr } = await run("sh", ["-c", line], here);
    assert.equal(code, 0, `${line}\n${stdout}${stderr}`);
  }

  const serve = spawn("sh", ["-c", "exec fairlead serve"], {
    cwd: here.cwd,
    env: { ...cleanEnvironment(here.env), PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => killAndWait(serve, "SIGKILL"));
  let output = "";
  serve.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const url = await waitUntil("the banner", () => /Fairlead listens on (\S+)\n/.exec(output)?.[1]);
  const status = await run("sh", ["-c", "fairlead keys status --json"], here);
  const { sha256 } = JSON.parse(status.stdout).roots.first;
  const key = await run("sh", ["-c", "fairlead tenant key example"], here);
  const machine = await AgentMachine.create(t);
  await machine.enroll(
    url,
    sha256,
    "--tenant",
    "example",
    "--tenant-key",
    key.stdout.trim(),
    "--site",
    "pilot",
  );
  const updated = await machine.agent("update");
  assert.equal(updated.code, 0, updated.stdout + updated.stderr);
  assert.equal(await machine.installedVersion(), "1.1.0");
});
