import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { fetchBytes } from "../../agent/fetch/fetch-bytes.ts";
import { TrustedRepository } from "../../agent/trust/trusted-repository.ts";
import type { ChannelPolicy } from "../../protocol/policy.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { DeviceClient } from "../support/device-client.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

const TOKEN = "the-token-of-the-operators-of-this-test";
const GATE = "  gate: {maxFailureRate: 5%, minReports: 20}\n";

/** A real controller process, and an agent that verifies what it serves and remembers what it has seen. */
class Story {
  readonly state: StateRepository;
  readonly controller: ControllerProcess;
  repository = "";
  readonly devices: DeviceClient[] = [];
  private readonly root: Buffer;
  private readonly folder: string;

  private constructor(state: StateRepository, controller: ControllerProcess, root: Buffer, folder: string) {
    this.state = state;
    this.controller = controller;
    this.root = root;
    this.folder = folder;
  }

  static async start(t: TestContext): Promise<Story> {
    const state = await StateRepository.create(t);
    await state.addVersion("1.0.0");
    await state.addVersion("1.1.0");
    await state.addVersion("1.2.0");
    await state.point("stable", "1.0.0");
    const commit = await state.commit("lantern 1.0.0");
    const controller = await ControllerProcess.start(t, state.directory, ["--dev-keys", "--interval", "1h"], {
      FAIRLEAD_OPERATOR_TOKEN: TOKEN,
    });
    await controller.serves(commit);
    const bytes = Buffer.from(await (await fetch(`${controller.url}/tuf/1.root.json`)).arrayBuffer());
    const story = new Story(state, controller, bytes, temporaryFolder(t));
    story.repository = await controller.rootFingerprint();
    return story;
  }

  get url(): string {
    return this.controller.url;
  }

  async enrol(count: number): Promise<void> {
    const answer = await fetch(`${this.url}/api/v1/tokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ uses: count }),
    });
    const { token } = (await answer.json()) as { token: string };
    for (let number = 0; number < count; number++) {
      const device = new DeviceClient(this);
      assert.equal((await device.enrol(token)).status, 201);
      this.devices.push(device);
    }
    await this.checkIn();
    const second = Math.floor(Date.now() / 1000) + 1;
    await waitUntil("the next second", () => (Date.now() / 1000 >= second ? true : undefined));
  }

  async checkIn(): Promise<void> {
    await Promise.all(this.devices.map(async (device) => assert.equal((await device.checkIn()).status, 200)));
  }

  /** Each says that a version failed on it. */
  async fail(version: string, devices: readonly DeviceClient[] = this.devices): Promise<void> {
    const clock = Math.floor(Date.now() / 1000);
    for (const device of devices) {
      const attempt = {
        id: randomBytes(16).toString("hex"),
        product: "lantern",
        kind: "update" as const,
        from: "1.0.0",
        to: version,
        toDigest: "a".repeat(64),
        startedAt: clock,
        endedAt: clock,
        step: "confirming" as const,
        outcome: "rolled-back" as const,
        cause: "crash-loop" as const,
      };
      assert.equal((await device.checkIn({ attempts: [attempt] })).status, 200);
    }
  }

  /** The channel as an agent gets it: verified, and never behind what it has seen before. */
  async channel(): Promise<ChannelPolicy> {
    const agent = TrustedRepository.open({
      directory: this.folder,
      metadataUrl: new URL("/tuf/", this.url),
      targetsUrl: new URL("/targets/", this.url),
      now: () => Math.floor(Date.now() / 1000),
      fetch: fetchBytes,
    });
    agent.init(this.root);
    await agent.refresh();
    const channel = (await agent.productPolicy("lantern")).channels.stable;
    assert.ok(channel);
    return channel;
  }

  async isHalted(): Promise<ChannelPolicy> {
    return waitUntil("the halt", async () => {
      const channel = await this.channel();
      return channel.halted === undefined ? undefined : channel;
    });
  }

  /** Whether the halt is in the database, as another process sees it. */
  knowsHalt(): boolean {
    const database = new DatabaseSync(join(this.controller.stateDirectory, "fleet.db"), { readOnly: true });
    try {
      const row = database.prepare("SELECT count(*) AS halts FROM overlay WHERE kind = 'halt'").get();
      return row?.halts === 1;
    } finally {
      database.close();
    }
  }

  /** Removes something of the state folder between a kill and the next start. */
  async restartWithout(...names: RegExp[]): Promise<void> {
    await this.controller.kill("SIGKILL");
    const { stateDirectory } = this.controller;
    const gone = (await readdir(stateDirectory)).filter((entry) => names.some((name) => name.test(entry)));
    assert.ok(gone.length > 0, `none of ${names} is there`);
    for (const entry of gone) await rm(join(stateDirectory, entry), { recursive: true });
    await this.controller.launch();
  }
}

const DATABASE = /^fleet\.db/;
const MANIFEST = /^manifest/;

test("devices fail, the gate halts, and the halt outlives kills, git out of reach, a lost database and a lost manifest, until a person resumes", async (t) => {
  const story = await Story.start(t);
  await story.enrol(8);
  await story.state.point("stable", "1.1.0", `rollout:\n  waves: [{percent: 100, after: 0s}]\n${GATE}`);
  const promoted = await story.state.commit("promote 1.1.0");
  await story.controller.serves(promoted);
  assert.equal((await story.channel()).halted, undefined);

  await story.checkIn();
  // Nobody can read git at the moment: a halt does not wait for that.
  const away = `${story.state.directory}-away`;
  await rename(story.state.directory, away);
  await story.fail("1.1.0", story.devices.slice(0, 5));
  const halted = await story.isHalted();
  assert.equal(halted.halted?.by, "gate");
  assert.match(halted.halted?.reason ?? "", /^\d of \d failed, more than 5%$/);
  assert.match(story.controller.output, /overlay\.halt/);
  await rename(away, story.state.directory);
  const tokenFile = join(temporaryFolder(t), "token");
  await writeFile(tokenFile, TOKEN, { mode: 0o600 });
  const status = await fairlead(["status", "--server", story.url, "--token-file", tokenFile], {
    cwd: story.state.directory,
  });
  assert.match(status.stdout, /halted by its gate \(\d of \d failed, more than 5%\)/);

  await story.restartWithout(DATABASE);
  assert.equal((await story.channel()).halted?.by, "gate");
  // The new database has learned of it: now the manifest is lost.
  await waitUntil("the store to know", () => (story.knowsHalt() ? true : undefined));
  await story.restartWithout(MANIFEST);
  assert.equal((await story.channel()).halted?.by, "gate");

  const resumed = await fairlead(
    ["resume", "--channel", "stable", "--halt", "--reason", "a proxy that is mended"],
    { cwd: story.state.directory },
  );
  assert.equal(resumed.code, 0, resumed.stderr);
  const after = await waitUntil("the resumption", async () => {
    const channel = await story.channel();
    return channel.halted === undefined ? channel : undefined;
  });
  assert.equal(after.resumed?.reason, "a proxy that is mended");
});
