import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cleanEnvironment, run, TOP } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Makes a process believe that it is an older Node: what a bare Debian brings. */
const PRETEND_TO_BE_OLD =
  'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.19.0"})';

for (const program of ["fairlead", "fairlead-agent"]) {
  test(`${program} started by an older Node hands over to the pinned runtime`, async () => {
    const { code, stdout, stderr } = await run(process.execPath, [
      ...["--import", PRETEND_TO_BE_OLD, join(TOP, "bin", program), "--version"],
    ]);
    assert.equal(stderr, "");
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    assert.equal(code, 0);
  });
}

test("the exit code of the program comes through the hand-over", async () => {
  const { code } = await run(process.execPath, [
    ...["--import", PRETEND_TO_BE_OLD, join(TOP, "bin", "fairlead"), "no-such-command"],
  ]);
  assert.equal(code, 2);
});

test("an older Node without the pinned runtime is told what is missing", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-launcher-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(join(TOP, "bin"), join(folder, "bin"), { recursive: true });
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  const { code, stderr } = await run(process.execPath, [
    ...["--import", PRETEND_TO_BE_OLD, join(folder, "bin", "fairlead"), "--version"],
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /Node 20\.19\.0, and Fairlead needs Node 26/);
  assert.match(stderr, /= help: .*npm ci/);
});

test("Ctrl-C reaches the program behind the hand-over, and ends both", async (t) => {
  const state = await mkdtemp(join(tmpdir(), "fairlead-launcher-"));
  t.after(() => rm(state, { recursive: true, force: true }));
  const launcher = spawn(
    process.execPath,
    [
      ...["--import", PRETEND_TO_BE_OLD, join(TOP, "bin", "fairlead"), "serve", "--dev-keys"],
      ...["--repo", TOP, "--path", "releases", "--state-dir", state, "--port", "0"],
    ],
    { env: cleanEnvironment(), stdio: ["ignore", "pipe", "ignore"] },
  );
  t.after(() => launcher.kill("SIGKILL"));
  let output = "";
  launcher.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const address = await waitUntil("the banner", () => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]);
  launcher.kill("SIGINT");
  await waitUntil("the launcher to end", () => launcher.exitCode ?? launcher.signalCode ?? undefined);
  await assert.rejects(fetch(`${address}/healthz`), "nobody listens any more");
});
