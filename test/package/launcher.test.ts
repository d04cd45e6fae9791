import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { LISTENING } from "../support/controller-process.ts";
import { cleanEnvironment, run, TOP } from "../support/run-command.ts";
import { waitForWords, waitUntil } from "../support/wait-until.ts";

/** Makes a process believe that it is an older Node, one of those that can replace themselves. */
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

/** The same for a Node from before `process.execve`: what a bare Debian brings. */
const PRETEND_TO_WAIT = `${PRETEND_TO_BE_OLD};delete%20process.execve`;

for (const [name, pretend, isReplaced] of [
  ["that can replace itself leaves nothing of itself behind", PRETEND_TO_BE_OLD, true],
  ["that cannot waits beside the program", PRETEND_TO_WAIT, false],
] as const) {
  test(`an older Node ${name}`, async (t) => {
    const folder = await smallCheckout(t);
    await pinRuntime(folder, `[ "\${1:-}" = --version ] || { echo $$; cat; echo "told: $*" >&2; exit 7; }`);
    const launcher = spawn(process.execPath, [
      ...["--import", pretend, join(folder, "bin", "fairlead"), "a b", "--flag"],
    ]);
    const output = ["", ""];
    for (const [index, stream] of [launcher.stdout, launcher.stderr].entries()) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output[index] += text;
      });
    }
    launcher.stdin.end("through standard input\n");
    const [code] = await once(launcher, "close");
    const [stdout = "", stderr = ""] = output;
    const [pid, input] = stdout.split("\n");
    assert.equal(Number(pid) === launcher.pid, isReplaced);
    assert.equal(input, "through standard input");
    assert.match(stderr, /^told: \S+controller\/main\.ts a b --flag\n$/);
    assert.equal(code, 7);
  });
}

/** A checkout that holds only what starts a program, and a program that says which runtime it got. */
async function smallCheckout(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-launcher-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(join(TOP, "bin"), join(folder, "bin"), { recursive: true });
  await cp(join(TOP, "tools"), join(folder, "tools"), { recursive: true });
  await mkdir(join(folder, "controller"));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await writeFile(join(folder, "controller", "main.ts"), 'console.log("runs" as string);\n');
  return folder;
}

/** Puts a pinned runtime into a checkout that does only this. @returns its link in the path of npm scripts */
async function pinRuntime(folder: string, script: string): Promise<string> {
  const [bin, links] = [join(folder, "node_modules", "node", "bin"), join(folder, "node_modules", ".bin")];
  for (const path of [bin, links]) await mkdir(path, { recursive: true });
  await writeFile(join(bin, "..", "package.json"), '{"name":"node","version":"26.1.0"}');
  await writeFile(join(bin, "node"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  await symlink("../node/bin/node", join(links, "node"));
  return join(links, "node");
}

const LOADER_FAILS =
  "echo 'node: error while loading shared libraries: libatomic.so.1: cannot open shared object file' >&2; exit 127";

test("an older Node without the pinned runtime is told what is missing", async (t) => {
  const folder = await smallCheckout(t);
  const start = async () => {
    const { code, stdout, stderr } = await run(process.execPath, [
      ...["--import", PRETEND_TO_BE_OLD, join(folder, "bin", "fairlead"), "--version"],
    ]);
    assert.deepEqual([code, stdout], [1, ""]);
    return stderr;
  };
  const published = await start();
  assert.match(published, /^error\[runtime\/too-old\]: this is Node 20\.19\.0, and Fairlead needs Node 26/);
  assert.match(published, /= help: install Node 26 or newer/);

  await writeFile(join(folder, "package-lock.json"), "{}");
  assert.match(await start(), /= help: run `npm ci`, which brings the pinned runtime\n$/);

  await mkdir(join(folder, "node_modules", "node"), { recursive: true });
  await writeFile(join(folder, "node_modules", "node", "package.json"), "{}");
  assert.match(
    await start(),
    /install script, and those were off\n.*= help: run `npm ci --ignore-scripts=false`/,
  );
});

for (const script of [
  ["bin/fairlead", "serve"],
  ["tools/node.js", "--test"],
]) {
  test(`where the pinned runtime lacks a library, the first line of ${script[0]} names it`, async (t) => {
    const folder = await smallCheckout(t);
    await pinRuntime(folder, LOADER_FAILS);
    const [program = "", ...args] = script;
    const { code, stdout, stderr } = await run(process.execPath, [
      ...["--import", PRETEND_TO_BE_OLD, join(folder, program), ...args],
    ]);
    assert.deepEqual([code, stdout], [1, ""]);
    const remedy = existsSync("/usr/bin/apt-get") ? ": as root, run `apt-get install libatomic1`" : "";
    const [first] = stderr.split("\n");
    assert.equal(first, `error[runtime/missing-library]: libatomic.so.1 is missing${remedy}`);
  });
}

test("a pinned runtime that ends for another reason is named with its own words", async (t) => {
  const folder = await smallCheckout(t);
  await pinRuntime(folder, "echo \"node: version 'GLIBC_2.28' not found\" >&2; exit 1");
  const { code, stderr } = await run(process.execPath, [
    ...["--import", PRETEND_TO_BE_OLD, join(folder, "bin", "fairlead")],
  ]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error\[runtime\/cannot-start\]: the pinned Node 26\.1\.0 .*'GLIBC_2\.28' not found\n/,
  );
});

test("a Node of the system that is new enough runs where the pinned one does not start", async (t) => {
  const folder = await smallCheckout(t);
  await pinRuntime(folder, LOADER_FAILS);
  const { code, stdout, stderr } = await run(process.execPath, [join(folder, "bin", "fairlead")]);
  assert.deepEqual([code, stdout, stderr], [0, "runs\n", ""]);
});

test("after npm has filled node_modules, npm scripts find the pinned runtime only where it starts", async (t) => {
  for (const [script, stays] of [
    ["echo v26.1.0", true],
    [LOADER_FAILS, false],
  ] as const) {
    const folder = await smallCheckout(t);
    const link = await pinRuntime(folder, script);
    const { code, stderr } = await run(process.execPath, [join(folder, "tools", "step-aside.js")]);
    assert.deepEqual([code, stderr, existsSync(link)], [0, "", stays]);
  }
});

test("npm itself makes the broken runtime step aside: its own Node runs the script", async (t) => {
  const folder = await smallCheckout(t);
  const link = await pinRuntime(folder, LOADER_FAILS);
  const { scripts } = JSON.parse(await readFile(join(TOP, "package.json"), "utf8"));
  const manifest = { type: "module", scripts: { dependencies: scripts.dependencies } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  const { code, stderr } = await run("npm", ["run", "--silent", "dependencies"], { cwd: folder });
  assert.deepEqual([code, stderr, existsSync(link)], [0, "", false]);
});

test("an npm script runs on the pinned runtime, and finds it by its name too", async (t) => {
  const folder = await smallCheckout(t);
  await writeFile(join(folder, "which.ts"), 'console.log(process.env.PATH?.split(":")[0] as string);\n');
  const { code, stdout, stderr } = await run(process.execPath, [
    join(folder, "tools", "node.js"),
    join(folder, "which.ts"),
  ]);
  assert.deepEqual([code, stdout, stderr], [0, `${dirname(process.execPath)}\n`, ""]);
});

for (const [how, pretend] of [
  ["that replaced itself", PRETEND_TO_BE_OLD],
  ["that waits", PRETEND_TO_WAIT],
] as const) {
  test(`Ctrl-C reaches the program behind the hand-over of a Node ${how}`, async (t) => {
    const state = await mkdtemp(join(tmpdir(), "fairlead-launcher-"));
    t.after(() => rm(state, { recursive: true, force: true }));
    const launcher = spawn(
      process.execPath,
      [
        ...["--import", pretend, join(TOP, "bin", "fairlead"), "serve", "--dev-keys"],
        ...["--repo", TOP, "--path", "releases", "--state-dir", state, "--port", "0"],
      ],
      { env: cleanEnvironment(), stdio: ["ignore", "pipe", "ignore"] },
    );
    t.after(() => launcher.kill("SIGKILL"));
    const address = await waitForWords(launcher, LISTENING);
    launcher.kill("SIGINT");
    await waitUntil("the launcher to end", () => launcher.exitCode ?? launcher.signalCode ?? undefined);
    await assert.rejects(fetch(`${address}/healthz`), "nobody listens any more");
  });
}
