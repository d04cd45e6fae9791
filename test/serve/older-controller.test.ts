/** What docs/operate.md says of upgrade and downgrade, with the controller of an earlier commit of this repository. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { LISTENING } from "../support/controller-process.ts";
import { checkInAnswer, DeviceClient } from "../support/device-client.ts";
import {
  CONTROLLER,
  cleanEnvironment,
  fairlead,
  killAndWait,
  run,
  runOk,
  TOP,
} from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Its fleet's database has an earlier format. */
const OLDER = "916987f01b685fae3578feeaf638231478d0d3da";
const TOKEN = "a-token-for-operators-of-forty-characters";

async function missing(): Promise<string | false> {
  const { code } = await run("git", ["cat-file", "-e", `${OLDER}^{commit}`], { cwd: TOP });
  return code === 0 ? false : `commit ${OLDER.slice(0, 7)} is not in this clone`;
}

async function folder(t: TestContext, name: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), `fairlead-${name}-`));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The program as that commit has it, with what is installed here. */
async function olderProgram(t: TestContext): Promise<string> {
  const path = await folder(t, "older");
  await runOk("git", ["archive", "-o", join(path, "older.tar"), OLDER], { cwd: TOP });
  await runOk("tar", ["-xf", "older.tar"], { cwd: path });
  await symlink(join(TOP, "node_modules"), join(path, "node_modules"));
  return join(path, "controller", "main.ts");
}

/** `serve` of one program or the other, on the same port, state and state folder. */
class Serving {
  output = "";
  url = "";
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  static async start(t: TestContext, program: string, args: readonly string[]): Promise<Serving> {
    const child = spawn(process.execPath, [program, "serve", "--port", "0", ...args], {
      env: cleanEnvironment({ FAIRLEAD_OPERATOR_TOKEN: TOKEN }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const serving = new Serving(child);
    t.after(() => killAndWait(child, "SIGKILL"));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        serving.output += text;
      });
    }
    serving.url = await waitUntil("it to listen", () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}\n${serving.output}`);
      return LISTENING.exec(serving.output)?.[1];
    });
    return serving;
  }

  async stop(): Promise<void> {
    await killAndWait(this.child, "SIGTERM");
  }

  /** Waits for a commit to be served. @returns the version of the manifest */
  serves(commit: string): Promise<number> {
    return waitUntil(`${commit} to be served`, async () => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const answer = await fetch(`${this.url}/api/v1/status`, { headers });
      const status = (await answer.json()) as { commit?: string; manifest?: { version: number } };
      if (status.commit !== commit) return undefined;
      const timestamp = await fetch(`${this.url}/tuf/timestamp.json`);
      return ((await timestamp.json()) as { signed: { version: number } }).signed.version;
    });
  }

  async root(): Promise<string> {
    const bytes = Buffer.from(await (await fetch(`${this.url}/tuf/1.root.json`)).arrayBuffer());
    return bytes.toString("base64");
  }

  logs(event: string): Promise<true> {
    return waitUntil(`the event ${event}`, () => (this.output.includes(event) ? true : undefined));
  }
}

function formatOf(stateFolder: string): number {
  const database = new DatabaseSync(join(stateFolder, "fleet.db"), { readOnly: true });
  try {
    return Number(database.prepare("PRAGMA user_version").get()?.user_version);
  } finally {
    database.close();
  }
}

test("an older controller's state folder is served and goes on, and the older one takes it back as operate.md says", {
  skip: await missing(),
}, async (t) => {
  const older = await olderProgram(t);
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  const first = await state.commit("first");
  const stateFolder = join(await folder(t, "state"), "controller");
  const tokenFile = join(await folder(t, "token"), "token");
  await writeFile(tokenFile, TOKEN, { mode: 0o600 });
  const args = [
    ...["--repo", state.directory, "--path", "", "--state-dir", stateFolder, "--dev-keys"],
    ...["--operator-token-file", tokenFile],
  ];

  const before = await Serving.start(t, older, args);
  const versions = [await before.serves(first)];
  const root = await before.root();
  const env = { FAIRLEAD_OPERATOR_TOKEN: TOKEN };
  const made = await fairlead(["tokens", "create", "--controller", before.url], { env });
  assert.equal(made.code, 0, made.stderr);
  const repository = await repositoryOf(before);
  let device = new DeviceClient({ url: before.url, repository });
  assert.equal((await device.enrol(made.stdout.trim())).status, 201);
  assert.equal((await device.checkIn()).status, 200);
  const formatBefore = formatOf(stateFolder);
  const backup = await folder(t, "backup");
  const copied = await fairlead(["backup", "--state-dir", stateFolder, "--to", backup]);
  assert.equal(copied.code, 0, copied.stderr);
  await before.stop();

  // Upgrade: nobody converts anything.
  const after = await Serving.start(t, CONTROLLER, args);
  versions.push(await after.serves(first));
  assert.equal(await after.root(), root, "machines go on with the root that they trust");
  assert.ok(!after.output.includes("store.damaged"), after.output);
  device = device.at({ url: after.url, repository });
  assert.equal((await device.checkIn()).status, 200, "a device that the older one enrolled");
  assert.ok(formatOf(stateFolder) > formatBefore);
  await state.point("stable", "1.1.0");
  const second = await state.commit("second");
  versions.push(await after.serves(second));
  await after.stop();

  // Downgrade: the manifest first, which needs nothing.
  const again = await Serving.start(t, older, args);
  versions.push(await again.serves(second));
  assert.equal(await again.root(), root);
  await again.logs("store/too-new");
  assert.notEqual((await device.at({ url: again.url, repository }).checkIn()).status, 200);
  await again.stop();

  // And the fleet with the backup of before.
  for (const name of ["fleet.db-wal", "fleet.db-shm"]) await rm(join(stateFolder, name), { force: true });
  await cp(join(backup, "fleet.db"), join(stateFolder, "fleet.db"));
  const restored = await Serving.start(t, older, args);
  await restored.serves(second);
  device = device.at({ url: restored.url, repository });
  device.sequence += 10;
  const answer = await device.checkIn();
  assert.equal(answer.status, 200, answer.content.toString());
  assert.ok(checkInAnswer(answer) !== undefined);
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => a - b),
    "versions never go back",
  );
});

/** What a device says that it means to talk to: the digest of the first root. */
async function repositoryOf(serving: Serving): Promise<string> {
  const bytes = await (await fetch(`${serving.url}/tuf/1.root.json`)).arrayBuffer();
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}
