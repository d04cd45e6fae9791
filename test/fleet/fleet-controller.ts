import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after } from "node:test";
import type { FleetService } from "../../controller/fleet/fleet-service.ts";
import { type ControllerOptions, DEFAULT_CONNECTIONS } from "../../controller/serve/controller-options.ts";
import { createLog } from "../../controller/serve/log.ts";
import { type RunningController, runController } from "../../controller/serve/run-controller.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { lockStateFolder } from "../../controller/state-folder/lock-state-folder.ts";
import { openKey } from "../../controller/trust/open-key.ts";
import type { OpenedKey } from "../../protocol/tuf/require-threshold.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { type ClientServer, DeviceClient } from "../support/device-client.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

export const TOKEN = "the-token-of-the-operators-of-this-test";

/** A real controller in this process, over a real repository, with the fleet's thread and its database. */
export class FleetController implements ClientServer {
  readonly state: StateRepository;
  readonly options: ControllerOptions;
  readonly log: readonly string[];
  repository = "";
  private running: RunningController;
  private keys: ReadonlyMap<string, OpenedKey> = new Map();

  private constructor(
    state: StateRepository,
    options: ControllerOptions,
    log: readonly string[],
    running: RunningController,
  ) {
    this.state = state;
    this.options = options;
    this.log = log;
    this.running = running;
  }

  /** Serves `lantern` 1.0.0 and 1.1.0 with 1.1.0 in the channel `stable`, unless the test commits something else. */
  static async start(
    t: Cleanups,
    more: Partial<ControllerOptions> = {},
    prepare: (state: StateRepository) => Promise<void> = promoteBoth,
  ): Promise<FleetController> {
    const state = await StateRepository.create(t);
    await prepare(state);
    const commit = await state.commit("lantern");
    const stateFolder = await temporaryFolder(t);
    const options: ControllerOptions = {
      source: {
        location: parseSourceLocation(state.directory),
        ref: "main",
        path: "",
        mirrorsFolder: join(stateFolder, "mirrors"),
        intervalMs: 60_000,
        worktree: undefined,
      },
      stateFolder,
      artifacts: { kind: "folder", folder: join(state.directory, "artifacts") },
      standby: false,
      agentsAddress: { kind: "tcp", host: "127.0.0.1", port: 0 },
      operatorsAddress: undefined,
      operatorToken: TOKEN,
      publicUrls: [],
      maxConnections: DEFAULT_CONNECTIONS,
      fleet: true,
      logged: 0,
      devKeys: true,
      onlineKeyFile: undefined,
      signers: undefined,
      webhookSecret: undefined,
      trustProxy: undefined,
      version: "0.0.0",
      ...more,
    };
    const log: string[] = [];
    const controller = new FleetController(state, options, log, await launch(options, log));
    t.after(() => controller.running.stop());
    await controller.serves(commit);
    await controller.learnRoot();
    return controller;
  }

  /** One for all tests of a file: each brings devices of its own. */
  static async shared(): Promise<FleetController> {
    const cleanups: (() => unknown)[] = [];
    after(async () => {
      for (const cleanup of cleanups.toReversed()) await cleanup();
    });
    return FleetController.start({ after: (cleanup) => void cleanups.push(cleanup) });
  }

  get url(): string {
    return this.running.url;
  }

  /** One with the same options that runs as another process. */
  async elsewhere(url: string): Promise<FleetController> {
    const { state, options, running } = this;
    const other = new FleetController(state, options, [], { ...running, url });
    await waitUntil("its first manifest", async () =>
      (await fetch(`${url}/readyz`)).status === 200 ? true : undefined,
    );
    await other.learnRoot();
    return other;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  /** Names of what is in the state folder. */
  files(): string[] {
    return readdirSync(this.options.stateFolder);
  }

  /** Stops in an orderly way, if it still runs, and starts again on the same state folder. @returns what it logs */
  async restart(): Promise<readonly string[]> {
    await this.running.stop();
    const log: string[] = [];
    this.running = await launch(this.options, log);
    return log;
  }

  async serves(commit: string): Promise<void> {
    await waitUntil(`commit ${commit}`, async () => {
      const status = await this.ask("GET", "/api/v1/status");
      return status.body.includes(commit) && status.body.includes('"kind":"published"') ? true : undefined;
    });
  }

  /** Commits what the test has written. */
  async commits(message: string): Promise<void> {
    await this.serves(await this.state.commit(message));
  }

  /** Asks as an operator. */
  async ask(method: string, path: string, body?: object): Promise<{ status: number; body: string }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.text() };
  }

  /** A new enrolment token. */
  async makeToken(body: object = {}): Promise<{ readonly id: string; readonly token: string }> {
    const { status, body: text } = await this.ask("POST", "/api/v1/tokens", { uses: 1000, ...body });
    if (status !== 201) throw new Error(`no token: ${status} ${text}`);
    return JSON.parse(text);
  }

  async token(body: object = {}): Promise<string> {
    return (await this.makeToken(body)).token;
  }

  /** What the fleet's thread answers, for what no route asks yet. */
  get service(): FleetService {
    if (this.running.fleet === undefined) throw new Error("the fleet is off");
    return this.running.fleet;
  }

  /** One that nobody knows. */
  newDevice(): DeviceClient {
    return new DeviceClient(this);
  }

  /** A device that has enrolled. */
  async device(token?: string): Promise<DeviceClient> {
    const device = new DeviceClient(this);
    const { status, content } = await device.enrol(token ?? (await this.token()));
    if (status !== 201) throw new Error(`not enrolled: ${status} ${content}`);
    return device;
  }

  /** The online key by its id in the root. */
  readonly openOnlineKey = (keyid: string): OpenedKey | undefined => this.keys.get(keyid);

  /** Looks into the database, as another process would. */
  rows(sql: string, ...parameters: readonly (string | number)[]): Record<string, unknown>[] {
    const database = new DatabaseSync(join(this.options.stateFolder, "fleet.db"), { readOnly: true });
    try {
      return database.prepare(sql).all(...parameters);
    } finally {
      database.close();
    }
  }

  tenantKey(tenant: string): string {
    return this.running.tenantKey(tenant);
  }

  /** Waits until a second has come. */
  async passes(second: number): Promise<void> {
    await waitUntil(`second ${second}`, () => (Date.now() / 1000 >= second ? true : undefined));
  }

  async metric(line: RegExp): Promise<string | undefined> {
    return line.exec((await this.ask("GET", "/metrics")).body)?.[1];
  }

  private async learnRoot(): Promise<void> {
    const bytes = Buffer.from(await (await fetch(`${this.url}/tuf/1.root.json`)).arrayBuffer());
    this.repository = createHash("sha256").update(bytes).digest("hex");
    const { signed } = JSON.parse(bytes.toString("utf8"));
    const keys = new Map<string, OpenedKey>();
    for (const keyid of signed.roles.timestamp.keyids) {
      const key = openKey(signed.keys[keyid]);
      if (key !== undefined) keys.set(keyid, key);
    }
    this.keys = keys;
  }
}

async function promoteBoth(state: StateRepository): Promise<void> {
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.1.0");
}

function launch(options: ControllerOptions, log: string[]): Promise<RunningController> {
  const lock = lockStateFolder(options.stateFolder, "test");
  return runController(options, lock, createLog("info", { write: (line) => void log.push(line) }));
}
