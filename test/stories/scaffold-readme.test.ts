import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ServeProcess } from "../serve/serve-process.ts";
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

test("a controller without its key says where init put it, and begins as soon as it is there", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-no-key-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const made = await fairlead(["init", "fleet"], { cwd: folder });
  assert.equal(made.code, 0, made.stderr);
  const fleet = join(folder, "fleet");
  await rename(join(fleet, "keys"), join(folder, "keys"));
  const stateDir = join(folder, "controller");
  const serve = new ServeProcess(t, ["--repo", fleet, "--state-dir", stateDir]);
  await serve.listening();
  assert.match(
    serve.output,
    /\nBut there is no online key at `.*online\.json`\n {2}= help: .*keys\/.*--online-key FILE\n/,
  );
  await cp(join(folder, "keys", "online.json"), join(stateDir, "online.json"));
  await waitUntil("the other secret to be missed", () =>
    serve.output.includes('"code":"keys/no-naming-secret"') ? true : undefined,
  );
  await cp(join(folder, "keys", "naming-secret"), join(stateDir, "naming-secret"));
  await serve.logs("manifest.published");
});
