import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { diskFull, SystemError } from "../../controller/files/system-error.ts";
import { KeyError } from "../../controller/keys/key-error.ts";
import { PublishError } from "../../controller/publish/publish-error.ts";
import { faultOf } from "../../controller/reconcile/fault.ts";
import { type ControllerOptions, DEFAULT_CONNECTIONS } from "../../controller/serve/controller-options.ts";
import { createLog } from "../../controller/serve/log.ts";
import { type RunningController, runController } from "../../controller/serve/run-controller.ts";
import { receiveError, sendError } from "../../controller/serve/sent-error.ts";
import { ServeError } from "../../controller/serve/serve-error.ts";
import { SourceError } from "../../controller/source/source-error.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { lockStateFolder } from "../../controller/state-folder/lock-state-folder.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { temporaryFolder } from "./serve-process.ts";

interface Status {
  readonly ready: boolean;
  readonly degraded: boolean;
  readonly reason?: string;
  readonly commit?: string;
}

/** A controller in this process, whose worker can be brought into trouble. */
class TroubledController {
  readonly running: RunningController;
  readonly options: ControllerOptions;
  /** Every line that was logged. */
  readonly log: readonly string[];

  private constructor(running: RunningController, options: ControllerOptions, log: readonly string[]) {
    this.running = running;
    this.options = options;
    this.log = log;
  }

  static async start(
    t: TestContext,
    repository: string,
    more: Partial<ControllerOptions> = {},
  ): Promise<TroubledController> {
    const stateFolder = await temporaryFolder(t);
    const options: ControllerOptions = {
      source: {
        location: parseSourceLocation(repository),
        ref: "main",
        path: "",
        mirrorsFolder: join(stateFolder, "mirrors"),
        intervalMs: 60_000,
        worktree: undefined,
      },
      stateFolder,
      artifacts: { kind: "folder", folder: join(stateFolder, "artifacts") },
      standby: false,
      agentsAddress: { kind: "tcp", host: "127.0.0.1", port: 0 },
      operatorsAddress: undefined,
      operatorToken: undefined,
      publicUrls: [],
      maxConnections: DEFAULT_CONNECTIONS,
      fleet: false,
      logged: 0,
      devKeys: true,
      onlineKeyFile: undefined,
      signers: undefined,
      webhookSecret: undefined,
      trustProxy: undefined,
      version: "0.0.0",
      workerEntry: new URL("troubled-worker.ts", import.meta.url),
      ...more,
    };
    const log: string[] = [];
    const lock = lockStateFolder(stateFolder, "test");
    const lines = createLog("info", { write: (line) => void log.push(line) });
    const running = await runController(options, lock, lines);
    t.after(() => running.stop());
    return new TroubledController(running, options, log);
  }

  async trouble(what: "throw" | "eat" | "spin"): Promise<void> {
    await writeFile(join(this.options.stateFolder, "trouble"), what);
  }

  async status(): Promise<Status> {
    const response = await fetch(`${this.running.url}/api/v1/status`);
    return (await response.json()) as Status;
  }

  timestamp(): Promise<string> {
    return fetch(`${this.running.url}/tuf/timestamp.json`).then((response) => response.text());
  }

  async serves(commit: string): Promise<void> {
    await waitUntil(`commit ${commit}`, async () => {
      const status = await this.status();
      return status.commit === commit && !status.degraded ? true : undefined;
    });
  }
}

async function smallState(t: TestContext): Promise<{ state: StateRepository; commit: string }> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  return { state, commit: await state.commit("lantern") };
}

for (const [trouble, reason, more] of [
  ["throw", /the thread that reconciles died: nobody foresaw this/, {}],
  ["eat", /the thread that reconciles died: it needed more than 96 MiB of memory/, { workerMemory: 96 }],
] as const) {
  test(`a worker that dies (${trouble}) is seen and started anew, and what was served stays served`, async (t) => {
    const { state, commit } = await smallState(t);
    const controller = await TroubledController.start(t, state.directory, more);
    await controller.serves(commit);
    const before = await controller.timestamp();

    await controller.trouble(trouble);
    const degraded = await waitUntil("the status to say so", async () => {
      const status = await controller.status();
      return status.degraded ? status : undefined;
    });
    assert.match(degraded.reason ?? "", reason);
    assert.equal(degraded.ready, true);
    assert.equal(await controller.timestamp(), before);
    assert.ok(controller.log.some((line) => /"worker\.died","code":"serve\/worker-died"/.test(line)));

    await controller.serves(commit);
    assert.equal(await controller.timestamp(), before, "nothing was published: it was served all the time");
    assert.ok(controller.log.at(-1)?.includes('"event":"reconcile.recovered"'), controller.log.join(""));
    await state.point("stable", "1.1.0");
    await controller.serves(await state.commit("promote"));
  });
}

test("what a person may accept and cannot be written down is logged, and the commit is served all the same", async (t) => {
  const { state, commit } = await smallState(t);
  const controller = await TroubledController.start(t, state.directory);
  await controller.serves(commit);
  // A folder in its place can neither be written nor removed as a file.
  await mkdir(join(controller.options.stateFolder, "held-commit"));
  await state.point("stable", "1.1.0");
  await controller.serves(await state.commit("promote"));
  const line = await waitUntil("the log to say so", () =>
    controller.log.find((one) => one.includes('"event":"acceptance.not-kept"')),
  );
  assert.match(line, /held-commit/);
});

test("while the worker computes without end, everything is answered, and a stop ends both", async (t) => {
  const { state, commit } = await smallState(t);
  const controller = await TroubledController.start(t, state.directory);
  await controller.serves(commit);
  const policy = await servedPolicy(controller);
  await controller.trouble("spin");
  await state.point("stable", "1.1.0");
  await state.commit("nobody looks at this");
  for (let poll = 0; poll < 50; poll++) {
    assert.equal((await fetch(`${controller.running.url}/tuf/timestamp.json`)).status, 200);
    assert.equal((await fetch(controller.running.url + policy)).status, 200);
    assert.equal((await controller.status()).commit, commit);
  }
  await controller.running.stop();
  await assert.rejects(fetch(`${controller.running.url}/healthz`));
});

/** The path of the policy document of the product. */
async function servedPolicy(controller: TroubledController): Promise<string> {
  const { metadata } = controller.running.state().serving ?? assert.fail("nothing is served");
  const role = [...metadata.keys()].find((name) => name.endsWith(".policy.json"));
  const { signed } = JSON.parse(await (await fetch(`${controller.running.url}/tuf/${role}`)).text()) as {
    signed: { targets: Record<string, { hashes: { sha256: string } }> };
  };
  const sha256 = signed.targets["policy/product/lantern.json"]?.hashes.sha256;
  return `/targets/policy/product/${sha256}.lantern.json`;
}

test("a fetch that a worker leaves behind, which had no moment left to end it, is ended", async (t) => {
  const silent = createServer().listen(0, "127.0.0.1");
  t.after(() => silent.close());
  await once(silent, "listening");
  const { port } = silent.address() as { port: number };
  const connections: Socket[] = [];
  silent.on("connection", (socket) => connections.push(socket.on("error", () => {})));
  const controller = await TroubledController.start(t, `https://127.0.0.1:${port}/state.git`, {
    workerMemory: 96,
  });
  const fetching = await waitUntil("the fetch", () => connections[0]);
  fetching.resume();
  const closed = once(fetching, "close");
  await controller.trouble("eat");
  await closed;
  await waitUntil("the next worker's fetch", () => connections[1]);
});

test("what a worker cannot begin for is thrown as what it is", async (t) => {
  const { state } = await smallState(t);
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, "dev-keys"));
  await writeFile(join(folder, "dev-keys", "online.json"), "no key at all", { mode: 0o600 });
  await assert.rejects(TroubledController.start(t, state.directory, { stateFolder: folder }), (error) => {
    assert.ok(error instanceof KeyError);
    assert.equal(error.code, "keys/unreadable");
    assert.match(error.help ?? "", /restore it from a backup/);
    return true;
  });
});

test("an error is the same to whoever decides about it, on either side of the thread", () => {
  const errors = [
    new SourceError("source/timeout", "git did not finish"),
    new SourceError("source/git-missing", "no git", { help: "install it" }),
    new PublishError("publish/no-trust", "no trust/"),
    new KeyError("keys/unreadable", "no key", { help: "make one" }),
    new ServeError("serve/bad-option", "no option"),
    diskFull("/var/lib/fairlead/manifest"),
    new TypeError("x is undefined"),
  ];
  for (const error of errors) {
    const received = receiveError(structuredClone(sendError(error)));
    assert.deepEqual(faultOf(received), faultOf(error));
    if (error.constructor !== TypeError) assert.equal(received.constructor, error.constructor);
    else assert.equal(received.stack, error.stack);
  }
  const full = { code: "ENOSPC", syscall: "write", path: "/var/lib/fairlead/manifest" };
  const refused = Object.assign(new Error("ENOSPC: no space left on device"), full);
  const received = receiveError(structuredClone(sendError(refused)));
  assert.ok(received instanceof SystemError);
  assert.deepEqual(faultOf(received), faultOf(refused));
  const thrown = receiveError(structuredClone(sendError("a text")));
  assert.deepEqual(faultOf(thrown), faultOf("a text"));
});
