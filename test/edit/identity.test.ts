import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CONTROLLER, run, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";

const IDENTITY = ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"];

test("a promotion by somebody whom git does not know says how to set a name, and works after that", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "fairlead-identity-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const settings = join(home, "gitconfig");
  // Otherwise git would make up a name from those of the user and the machine, where these look like one.
  await writeFile(settings, "[user]\n\tuseConfigOnly = true\n");
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  const before = await state.commit("lantern");

  const asNobody = (program: string, ...args: readonly string[]) =>
    run("env", [...IDENTITY.flatMap((name) => ["-u", name]), program, ...args], {
      cwd: state.directory,
      env: { HOME: home, GIT_CONFIG_GLOBAL: settings },
    });
  const promote = [CONTROLLER, "promote", "1.1.0", "--to", "stable"];

  const dryRun = await asNobody(process.execPath, ...promote, "--dry-run");
  assert.equal(dryRun.code, 0, dryRun.stderr);

  const refused = await asNobody(process.execPath, ...promote);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^error\[edit\/no-identity\]: git does not know who you are/);
  assert.doesNotMatch(refused.stderr, /\*\*\*|fatal/, "in our words, not in git's");
  const git = (...args: readonly string[]) => runOk("git", args, { cwd: state.directory });
  assert.equal(await git("status", "--porcelain"), "", "everything was put back");
  assert.equal((await git("rev-parse", "HEAD")).trim(), before);

  const [, remedy = ""] = /= help: `([^`]+)`/.exec(refused.stderr) ?? [];
  assert.equal((await asNobody("sh", "-c", remedy)).code, 0);
  const promoted = await asNobody(process.execPath, ...promote);
  assert.equal(promoted.code, 0, promoted.stderr);
  assert.equal((await git("log", "-1", "--format=%an <%ae>")).trim(), "Your Name <you@example.com>");
});
