import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { LISTENING } from "../support/controller-process.ts";
import { cleanEnvironment, killAndWait, TOP } from "../support/run-command.ts";
import { waitForWords, waitUntil } from "../support/wait-until.ts";

const run = promisify(execFile);

/** npm runs its scripts with the node that it finds first: the pinned one. It needs the machine's network settings. */
const env = {
  ...process.env,
  ...cleanEnvironment(),
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  // From version 12 on npm installs from git only where it is allowed to.
  npm_config_allow_git: "all",
};
const QUICKLY = ["--prefer-offline", "--no-audit", "--no-fund"];

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-install-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function emptyProject(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "package.json"), '{"private":true,"type":"module"}');
  return folder;
}

/** What a person does first with both programs. */
async function tryPrograms(bin: string, state: string): Promise<void> {
  const version = await run(join(bin, "fairlead"), ["--version"], { env });
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  const agent = await run(join(bin, "fairlead-agent"), ["--version"], { env });
  assert.deepEqual([agent.stdout, agent.stderr], [version.stdout, ""]);

  await run(join(bin, "fairlead"), ["init", state], { env });
  const validated = await run(join(bin, "fairlead"), ["validate"], { cwd: state, env });
  assert.match(validated.stdout, /no mistakes/);
  assert.equal(validated.stderr, "");

  // The thread that reconciles is found beside the code that starts it, compiled or not.
  const args = ["serve", "--dev-keys", "--demo-fleet", "2", "--port", "0"];
  const serve = spawn(join(bin, "fairlead"), args, { cwd: state, env });
  try {
    const url = await waitForWords(serve, LISTENING);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    const page = await fetch(url, { headers: { accept: "text/html" } });
    assert.match(await page.text(), /<script src="\/page\/main-[0-9A-Z]{8}\.js"/);
    // So is the thread of simulated machines, which runs the agent's code.
    await waitUntil("simulated machines to enrol", async () => {
      const { agents } = (await (await fetch(`${url}/api/v1/agents`)).json()) as { agents: unknown[] };
      return agents.length === 2 ? true : undefined;
    });
    // And the thread that reads git for people.
    const history = await fetch(`${url}/api/v1/history`);
    assert.equal(history.status, 200, await history.text());
  } finally {
    await killAndWait(serve, "SIGTERM");
  }
  assert.equal(serve.exitCode, 0);
}

test("the packed package works when it is installed into an empty folder", async (t) => {
  const folder = await emptyProject(t);
  await run(process.execPath, [join(TOP, "tools", "make-package.ts")], { env });
  const { stdout } = await run("npm", ["pack", "./dist", "--json", "--pack-destination", folder], {
    cwd: TOP,
    env,
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [
    { filename: string; files: { path: string }[] },
  ];
  const paths = packed.files.map(({ path }) => path);
  assert.ok(
    !paths.some((path) => path.endsWith(".ts") && !path.endsWith(".d.ts")),
    "ships no TypeScript source",
  );
  assert.ok(!paths.some((path) => /^(test|tools|releases|node_modules|\.compiled)\//.test(path)));
  for (const declarations of ["agent/index.d.ts", "protocol/index.d.ts"])
    assert.ok(paths.includes(declarations));

  // Threads are started by where their files lie, and `validate` by the file that it has to itself.
  const started = ["chunks/reconcile-worker.js", "chunks/fleet-worker.js", "chunks/preview-worker.js"];
  for (const path of [...started, "controller/validate-alone.cjs"]) assert.ok(paths.includes(path), path);

  await run("npm", ["install", ...QUICKLY, `./${packed.filename}`], { cwd: folder, env });
  await tryPrograms(join(folder, "node_modules", ".bin"), join(folder, "state"));
  const ours = join(folder, "node_modules", "fairlead");
  const args = ["validate", "--root", join(folder, "state"), "--format", "json"];
  const alone = await run(join(folder, "node_modules", ".bin", "fairlead"), args, { env });
  const among = await run(process.execPath, [join(ours, "controller", "main.js"), ...args], { env });
  assert.equal(alone.stdout, among.stdout);
  assert.ok(!existsSync(join(folder, "node_modules", "commander")), "what is bundled is not installed too");
  assert.match(
    await readFile(join(ours, "LICENCES-OF-BUNDLED.txt"), "utf8"),
    /^yaml \d+\.\d+\.\d+ \(ISC\)$/m,
  );
  // These tests keep compiled code elsewhere; an installed package keeps its own.
  const program = join(folder, "node_modules", ".bin", "fairlead-agent");
  await run("env", ["-u", "NODE_COMPILE_CACHE", program, "--version"], { env });
  const kept = existsSync(join(ours, "node_modules")) ? join("node_modules", ".cache") : ".compiled";
  assert.ok(existsSync(join(ours, kept)), "compiled code is kept for the next start");

  const importer = `
    import { decide } from "fairlead/protocol";
    import * as agent from "fairlead/agent";
    import vectors from "fairlead/protocol/vectors/decisions-by-rule.json" with { type: "json" };
    const { policy, releases, device, installed, local, now, decision } = vectors[0];
    const decided = decide(policy, releases, device, { version: installed }, local, now);
    console.log(typeof decide, Object.keys(agent).length > 0, decided.action === decision.action);
  `;
  await writeFile(join(folder, "use.mjs"), importer);
  const used = await run(process.execPath, ["use.mjs"], { cwd: folder });
  assert.equal(used.stdout, "function true true\n");
});

/** A git repository with what a commit of this checkout would hold. @returns its URL */
async function sourceRepository(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const folders = [
    "agent",
    "bin",
    "controller",
    "dashboard",
    "protocol",
    "schemas",
    "simulated-fleet",
    "tools",
  ];
  for (const path of [...folders, "package.json", "package-lock.json", ".npmrc", ".gitignore"]) {
    await cp(join(TOP, path), join(folder, path), { recursive: true });
  }
  await run("git", ["init", "-q", "-b", "main", folder], { env });
  await run("git", ["add", "--all"], { cwd: folder, env });
  await run("git", ["commit", "-q", "-m", "a copy"], { cwd: folder, env });
  return `git+file://${folder}`;
}

for (const place of ["into a project", "for the whole machine"]) {
  test(`npm installs it from a git URL, ${place}, and both programs work`, async (t) => {
    const reachable = await run("npm", ["view", "semver", "version", "--fetch-retries=0"], { env }).catch(
      () => undefined,
    );
    if (reachable === undefined) return t.skip("no npm registry is within reach");
    const url = await sourceRepository(t);
    const folder = await emptyProject(t);
    if (place === "into a project") {
      await run("npm", ["install", ...QUICKLY, url], { cwd: folder, env });
      await tryPrograms(join(folder, "node_modules", ".bin"), join(folder, "state"));
    } else {
      await run("npm", ["install", ...QUICKLY, "--global", "--prefix", folder, url], { cwd: folder, env });
      await tryPrograms(join(folder, "bin"), join(folder, "state"));
    }
  });
}

test("no script has a name for which npm would build a clone before it installs from git", async () => {
  const { scripts } = JSON.parse(await readFile(join(TOP, "package.json"), "utf8"));
  for (const name of ["preinstall", "install", "postinstall", "build", "prepack", "prepare"]) {
    assert.ok(!Object.hasOwn(scripts, name), `${name}: docs/decisions/0005 says what it would break`);
  }
});
