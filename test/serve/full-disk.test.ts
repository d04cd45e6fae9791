import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LISTENING } from "../support/controller-process.ts";
import { CONTROLLER, cleanEnvironment, killAndWait, run } from "../support/run-command.ts";
import { onSmallDisk, whyNoSmallDisk } from "../support/small-disk.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitForWords, waitUntil } from "../support/wait-until.ts";
import { temporaryFolder } from "./serve-process.ts";

const skip = (await whyNoSmallDisk()) ?? false;

async function setUp(t: TestContext) {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern");
  return { state, disk: await temporaryFolder(t) };
}

/** `fairlead` with a small disk at `folder`. */
function fairleadOn(folder: string, content: "empty" | "full", args: readonly string[], cwd?: string) {
  const disk = { size: "256k", folder, content } as const;
  const [program = "", ...rest] = onSmallDisk(disk, [process.execPath, CONTROLLER, ...args]);
  return { program, rest, run: () => run(program, rest, cwd === undefined ? {} : { cwd }) };
}

/** `fairlead serve` with its state folder on a small disk. */
function serveOn(t: TestContext, folder: string, args: readonly string[]) {
  const { program, rest } = fairleadOn(folder, "empty", [
    "serve",
    "--port",
    "0",
    "--state-dir",
    folder,
    ...args,
  ]);
  const child = spawn(program, rest, { env: cleanEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => killAndWait(child, "SIGKILL"));
  const serve = { output: "", seen: join(`/proc/${child.pid}/root`, folder) };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      serve.output += text;
    });
  const says = (pattern: RegExp): Promise<string> =>
    waitUntil(String(pattern), () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}\n${serve.output}`);
      return pattern.exec(serve.output)?.at(-1);
    });
  return { ...serve, says, log: () => serve.output };
}

function fill(folder: string): void {
  const file = join(folder, "filler");
  for (let size = 65_536; size > 0; size = Math.floor(size / 2)) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(size), { flag: "a" });
    } catch (error) {
      assert.ok(error instanceof Error && "code" in error && error.code === "ENOSPC", String(error));
    }
  }
}

test("a publish that finds no space names the path and the remedy, serves on, and goes through when there is space", {
  skip,
}, async (t) => {
  const { state, disk } = await setUp(t);
  const serve = serveOn(t, disk, ["--repo", state.directory, "--path", "", "--dev-keys"]);
  const url = await serve.says(LISTENING);
  const before = await (await fetch(`${url}/tuf/timestamp.json`)).text();
  fill(serve.seen);
  await state.point("stable", "1.1.0");
  const commit = await state.commit("promote 1.1.0");
  const line = await serve.says(/("event":"reconcile\.waiting".*)\n/);
  assert.ok(line.includes('"code":"system/disk-full"'), line);
  assert.match(
    line,
    new RegExp(`\`${disk}/manifest-dev/\\d+\\.pack\` cannot be written: no space is left \\(ENOSPC\\)`),
  );
  assert.match(line, new RegExp(`"help":"free space there: \`df -h ${disk}/manifest-dev\``));
  assert.equal(await (await fetch(`${url}/tuf/timestamp.json`)).text(), before);

  rmSync(join(serve.seen, "filler"));
  await waitUntil("the commit to be served", async () => {
    const status = (await (await fetch(`${url}/api/v1/status`)).json()) as { commit?: string };
    return status.commit === commit ? true : undefined;
  });
  const left = readdirSync(join(serve.seen, "manifest-dev"));
  assert.ok(!left.some((name) => name.endsWith(".tmp")), left.join(" "));
});

test("a start, an export and new keys that find no space name the path and the remedy, and leave nothing half", {
  skip,
}, async (t) => {
  const { state, disk } = await setUp(t);
  const elsewhere = await temporaryFolder(t);
  const source = ["--repo", state.directory, "--path", "", "--dev-keys"];
  const cases: readonly [args: string[], message: RegExp][] = [
    [
      ["serve", "--port", "0", ...source, "--state-dir", disk],
      /^error\[system\/disk-full\]: `(\S+)` cannot be written: no space/,
    ],
    [
      ["export", "--out", disk, ...source, "--state-dir", elsewhere],
      /^error\[system\/disk-full\]: `(\S+)` cannot be written: no space/,
    ],
    [
      ["keys", "new", "root", "--dir", disk],
      /^error\[keys\/write-failed\]: .*`(\S+)` cannot be written: no space/,
    ],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await fairleadOn(disk, "full", args, elsewhere).run();
    assert.equal(code, 1, stderr);
    assert.ok(message.exec(stderr)?.[1]?.startsWith(disk) === true, stderr);
    assert.match(stderr, /\n {2}= help: .*(free space there: `df -h |check the disk)/);
  }
});

test("a restart on a full disk serves what was published before", { skip }, async (t) => {
  const { state, disk } = await setUp(t);
  const source = ["--repo", `file://${state.directory}`, "--path", "", "--ref", "main", "--dev-keys"];
  const artifacts = join(state.directory, "artifacts");
  const quoted = (args: readonly string[]): string => args.map((arg) => `'${arg}'`).join(" ");
  const fairleadWith = (...args: string[]): string =>
    quoted([process.execPath, CONTROLLER, ...args, ...source, "--state-dir", disk]);
  const script = [
    `${fairleadWith("export", "--out", await temporaryFolder(t), "--artifacts", artifacts)} || exit 3`,
    `head -c 64M /dev/zero > '${disk}/filler' 2>/dev/null`,
    `exec ${fairleadWith("serve", "--port", "0")}`,
  ].join("\n");
  const [program = "", ...args] = onSmallDisk({ size: "1m", folder: disk, content: "empty" }, [
    "sh",
    "-c",
    script,
  ]);
  const child = spawn(program, args, { env: cleanEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => killAndWait(child, "SIGKILL"));
  const url = await waitForWords(child, LISTENING);
  const { status } = await fetch(`${url}/tuf/timestamp.json`);
  assert.equal(status, 200);
});

test("a mirror that finds no space is no damaged repository: it names its folder, and is fetched when there is space", {
  skip,
}, async (t) => {
  const { state, disk } = await setUp(t);
  mkdirSync(join(state.directory, "notes"));
  writeFileSync(join(state.directory, "notes", "large.bin"), randomBytes(1_000_000));
  const commit = await state.commit("a large file");
  const repository = ["--repo", `file://${state.directory}`, "--path", "", "--ref", "main", "--dev-keys"];
  const serve = serveOn(t, disk, repository);
  const line = await serve.says(/("event":"reconcile\.waiting".*)\n/);
  assert.ok(line.includes('"code":"system/disk-full"'), line);
  assert.match(line, new RegExp(`\`${disk}/mirrors/[0-9a-f]+\\.git\` cannot be written: no space is left`));
  const [pid = ""] = /\d+/.exec(serve.seen) ?? [];
  const grown = await run("nsenter", [
    "-t",
    pid,
    "-U",
    "-m",
    "--preserve-credentials",
    "mount",
    "-o",
    "remount,size=8m",
    disk,
  ]);
  assert.equal(grown.code, 0, grown.stderr);
  const url = await serve.says(LISTENING);
  await waitUntil("the commit to be served", async () => {
    const status = (await (await fetch(`${url}/api/v1/status`)).json()) as { commit?: string };
    return status.commit === commit ? true : undefined;
  });
});
