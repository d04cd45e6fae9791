import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CONTROLLER, cleanEnvironment, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

for (const branch of [[], ["--branch", "proposal"]]) {
  test(`Ctrl-C during the commit puts everything back (${branch.join(" ") || "current branch"})`, async (t) => {
    const state = await StateRepository.create(t);
    await state.addVersion("1.0.0");
    await state.addVersion("1.1.0");
    await state.point("stable", "1.0.0");
    const head = await state.commit("begin");
    const started = join(state.directory, ".git", "hook-started");
    await state.write(".git/hooks/pre-commit", `#!/bin/sh\ntouch '${started}'\nexec sleep 600\n`);
    await runOk("chmod", ["+x", join(state.directory, ".git/hooks/pre-commit")]);

    const child = spawn(process.execPath, [CONTROLLER, "promote", "1.1.0", "--to", "stable", ...branch], {
      cwd: state.directory,
      env: cleanEnvironment(),
      stdio: "ignore",
      detached: true,
    });
    const group = -(child.pid ?? 0);
    t.after(() => {
      if (child.exitCode === null && child.signalCode === null) process.kill(group, "SIGKILL");
    });
    const ended = once(child, "exit");
    await waitUntil("the hook to run", () => (existsSync(started) ? true : undefined));
    process.kill(group, "SIGINT");
    const [code, signal] = await ended;
    assert.ok(signal === "SIGINT" || code === 130, `ended with ${code} ${signal}`);

    const git = (...args: string[]): Promise<string> => runOk("git", args, { cwd: state.directory });
    assert.equal(await git("status", "--porcelain"), "");
    assert.equal((await git("rev-parse", "HEAD")).trim(), head);
    assert.equal((await git("branch", "--format=%(refname:short)")).trim(), "main");
    assert.equal(existsSync(join(state.directory, ".git", "index.lock")), false);
  });
}
