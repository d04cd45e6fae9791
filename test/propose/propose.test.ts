import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { StandingProposal } from "../../controller/desired/proposal.ts";
import type { ControllerOptions } from "../../controller/serve/controller-options.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { FleetController } from "../fleet/fleet-controller.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { type DeviceClient, lantern } from "../support/device-client.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { Branches } from "./git-repositories.ts";

const BY = { propose: { by: { name: "Fairlead", mail: "fairlead@acme.example" } } } as const;
const GATED =
  "rollout:\n  waves: [{percent: 100, after: 0s}]\n  gate: {maxFailureRate: 5%, minReports: 20}\n";
const HALT = "fairlead/halt-lantern-stable-1.1.0";
const FILE = "products/lantern/channels/stable.yaml";

async function oldVersion(state: StateRepository): Promise<void> {
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.addVersion("1.2.0");
  await state.point("stable", "1.0.0");
}

/** Devices that enrolled in a second before this one. */
async function enrolled(controller: FleetController, count: number): Promise<DeviceClient[]> {
  const token = await controller.token();
  const devices = await Promise.all(Array.from({ length: count }, () => controller.device(token)));
  await Promise.all(devices.map((device) => device.checkIn()));
  await controller.passes(Math.floor(Date.now() / 1000) + 1);
  return devices;
}

/** Promotes 1.1.0, which fails on all of them. */
async function promoteBad(controller: FleetController, devices: readonly DeviceClient[]): Promise<void> {
  await controller.state.point("stable", "1.1.0", GATED);
  await controller.commits("promote 1.1.0");
  await controller.passes(Math.floor(Date.now() / 1000) + 1);
  for (const device of devices) {
    await device.checkIn();
    const at = Math.floor(Date.now() / 1000);
    const failed = {
      ...{ id: randomBytes(16).toString("hex"), product: "lantern", kind: "update" as const },
      ...{ from: "1.0.0", to: "1.1.0", toDigest: "a".repeat(64), startedAt: at, endedAt: at },
      ...{ step: "confirming" as const, outcome: "rolled-back" as const, cause: "crash-loop" as const },
    };
    await device.checkIn({ attempts: [failed] });
  }
}

async function status(
  controller: FleetController,
): Promise<{ commit: string; proposals: StandingProposal[] }> {
  const { proposals = [], ...rest } = JSON.parse((await controller.ask("GET", "/api/v1/status")).body);
  return { ...rest, proposals };
}

async function isHalted(controller: FleetController): Promise<void> {
  await waitUntil("the halt", async () =>
    (await controller.ask("GET", "/api/v1/status")).body.includes('"by":"gate"') ? true : undefined,
  );
}

function standing(
  controller: FleetController,
  state: StandingProposal["state"],
  branch = HALT,
): Promise<StandingProposal> {
  return waitUntil(`${branch} to be ${state}`, async () =>
    (await status(controller)).proposals.find((one) => one.state === state && one.branch === branch),
  );
}

/** A controller of a bare repository, which the test pushes to. */
async function remoteController(t: TestContext): Promise<{ controller: FleetController; remote: Branches }> {
  const folder = join(await temporaryFolder(t), "state.git");
  const remote = new Branches(folder);
  let options: Partial<ControllerOptions> = {};
  const stateFolder = await temporaryFolder(t);
  options = {
    ...BY,
    stateFolder,
    source: {
      location: parseSourceLocation(`file://${folder}`),
      ref: "main",
      path: undefined,
      mirrorsFolder: join(stateFolder, "mirrors"),
      intervalMs: 100,
      worktree: undefined,
    },
  };
  const controller = await FleetController.start(t, options, async (state) => {
    await oldVersion(state);
    await state.commit("lantern");
    await mkdir(folder, { recursive: true });
    await remote.git("init", "-q", "--bare", "-b", "main", ".");
    const local = new Branches(state.directory);
    await local.git("remote", "add", "origin", folder);
    // Each commit of the test is at once where the controller looks.
    await writeFile(join(state.directory, ".git/hooks/post-commit"), "#!/bin/sh\ngit push -q origin main\n", {
      mode: 0o755,
    });
    await local.git("push", "-q", "origin", "main");
  });
  return { controller, remote };
}

test("a halt by the gate is proposed once, as one commit on top of what is served, and ends as a proposal when it is merged", async (t) => {
  const controller = await FleetController.start(t, BY, oldVersion);
  const devices = await enrolled(controller, 6);
  await promoteBad(controller, devices);
  const proposal = await standing(controller, "open");
  const repository = new Branches(controller.state.directory);
  const { commit: served } = await status(controller);
  assert.equal(await repository.git("rev-parse", HALT), proposal.commit);
  assert.equal(await repository.git("rev-parse", `${HALT}^`), served);
  assert.equal(await repository.git("diff", "--name-only", served, HALT), FILE);
  const text = await repository.git("show", `${HALT}:${FILE}`);
  assert.ok(text.startsWith(`version: 1.1.0\n${GATED}`), "the rest of the file is as it was");
  assert.match(text, /^halted:/m);
  const message = await repository.git("log", "-1", "--format=%an <%ae>%n%B", HALT);
  assert.match(message, /^Fairlead <fairlead@acme\.example>\nhalt lantern 1\.1\.0 on stable\n/);
  assert.match(message, /by what devices reported:\n.*failed/, "the evidence");
  assert.match(message, new RegExp(`Served-commit: ${served}`));
  const printed = await fairlead([
    "status",
    "--controller",
    controller.url,
    "--token-file",
    await tokenFile(t, controller),
  ]);
  assert.match(
    printed.stdout,
    /proposed to git:\n {2}halt lantern 1\.1\.0 on stable: branch fairlead\/halt-/,
  );
  assert.equal(await controller.metric(/^fairlead_proposals\{kind="halt",state="open"\} (\d+)$/m), "1");

  await controller.restart();
  await isHalted(controller);
  await standing(controller, "open");
  assert.equal(await repository.git("rev-parse", HALT), proposal.commit, "a restart proposes nothing twice");
  await repository.git("branch", "-D", HALT);
  await controller.restart();
  await standing(controller, "open");
  assert.deepEqual(await repository.names(), ["main"], "somebody has deleted it: that is an answer");

  await repository.git("merge", "-q", "--ff-only", proposal.commit ?? "");
  await controller.serves(proposal.commit ?? "");
  await waitUntil("no proposal", async () =>
    (await status(controller)).proposals.length === 0 ? true : undefined,
  );
  assert.match((await controller.ask("GET", "/api/v1/status")).body, /"halted":\{"reason"/);
});

async function tokenFile(t: TestContext, controller: FleetController): Promise<string> {
  const file = join(await temporaryFolder(t), "token");
  await writeFile(file, `${controller.options.operatorToken}\n`, { mode: 0o600 });
  return file;
}

test("with proposals off a halt writes nothing to git", async (t) => {
  const controller = await FleetController.start(t, {}, oldVersion);
  await promoteBad(controller, await enrolled(controller, 6));
  await isHalted(controller);
  // What it would have done comes before the manifest that a later commit makes.
  await controller.state.write("tenants/other.yaml", "channel: stable\n");
  await controller.commits("another tenant");
  assert.deepEqual(await new Branches(controller.state.directory).names(), ["main"]);
  assert.deepEqual((await status(controller)).proposals, []);
});

test("a remote that refuses holds up neither the halt nor the next commit, is told once with the remedy, and gets the branch when it lets it in", async (t) => {
  const { controller, remote } = await remoteController(t);
  const devices = await enrolled(controller, 6);
  const hook = join(remote.folder, "hooks/pre-receive");
  await mkdir(join(remote.folder, "hooks"), { recursive: true });
  await writeFile(hook, '#!/bin/sh\nread _ _ ref\ntest "$ref" = refs/heads/main\n', { mode: 0o755 });
  await promoteBad(controller, devices);
  const failed = await standing(controller, "failed");
  await isHalted(controller);
  assert.equal(failed.failure?.code, "source/push-refused");
  assert.match(failed.failure?.help ?? "", /propose: off/);
  await controller.state.write("tenants/other.yaml", "channel: stable\n");
  await controller.commits("another tenant");
  await standing(controller, "failed");
  const lines = () => controller.log.filter((line) => line.includes('"event":"proposal.failed"'));
  assert.equal(lines().length, 1);
  assert.equal(await controller.metric(/^fairlead_proposals\{kind="halt",state="failed"\} (\d+)$/m), "1");

  await rm(hook);
  const { commit } = await standing(controller, "open");
  assert.equal(await remote.git("rev-parse", `refs/heads/${HALT}`), commit);
  const { commit: served } = await status(controller);
  assert.equal(await remote.git("rev-parse", `${HALT}^`), served, "on top of what is served by then");
});

test("a push that hangs holds up neither reconciles nor the end of the controller", async (t) => {
  const { controller, remote } = await remoteController(t);
  const devices = await enrolled(controller, 6);
  const begun = join(remote.folder, "begun");
  await mkdir(join(remote.folder, "hooks"), { recursive: true });
  await writeFile(
    join(remote.folder, "hooks/pre-receive"),
    `#!/bin/sh\nread _ _ ref\ntest "$ref" = refs/heads/main && exit 0\necho $$ > "${begun}"\nexec sleep 600\n`,
    { mode: 0o755 },
  );
  await promoteBad(controller, devices);
  await waitUntil("the push", () => readFile(begun, "utf8").catch(() => undefined));
  await isHalted(controller);
  await controller.state.write("tenants/other.yaml", "channel: stable\n");
  await controller.commits("another tenant");
  await controller.stop();
  const pid = Number(await readFile(begun, "utf8"));
  await waitUntil("the end of the hook", () => {
    try {
      process.kill(pid, 0);
      return undefined;
    } catch {
      return true;
    }
  });
});

test("a branch of that name is left as it is, and said", async (t) => {
  const controller = await FleetController.start(t, BY, oldVersion);
  const repository = new Branches(controller.state.directory);
  const before = await repository.git("rev-parse", "main");
  await repository.git("branch", HALT, before);
  await promoteBad(controller, await enrolled(controller, 6));
  await standing(controller, "found");
  assert.equal(await repository.git("rev-parse", HALT), before);
  assert.ok(controller.log.some((line) => line.includes('"event":"proposal.found"')));
});

const EDGE = "fairlead/promote-lantern-stable-1.1.0";
const FOLLOWS = "promotion: {from: beta, soak: 1s, minHealthy: 2}\n";

test("a promotion is proposed when it has soaked since its publication and real machines have proved it", async (t) => {
  const controller = await FleetController.start(t, BY, async (state) => {
    await oldVersion(state);
    await state.point("beta", "1.1.0");
    await state.point("stable", "1.0.0", FOLLOWS);
  });
  const repository = new Branches(controller.state.directory);
  const [first, second] = await enrolled(controller, 2);
  assert.ok(first !== undefined && second !== undefined);
  const runs = async (device: DeviceClient): Promise<void> => {
    device.products = [lantern("1.1.0", { channel: "beta" })];
    await device.checkIn();
  };
  await runs(first);
  // The next manifest has it look.
  await controller.state.write("tenants/other.yaml", "channel: stable\n");
  await controller.commits("another tenant");
  assert.deepEqual((await status(controller)).proposals, [], "one of two machines");

  await runs(second);
  await controller.state.write("tenants/third.yaml", "channel: stable\n");
  await controller.commits("a third tenant");
  const { commit } = await standing(controller, "open", EDGE);
  const { commit: served } = await status(controller);
  assert.equal(await repository.git("rev-parse", `${EDGE}^`), served);
  assert.equal(await repository.git("show", `${EDGE}:${FILE}`), `version: 1.1.0\n${FOLLOWS.trim()}`);
  assert.match(
    await repository.git("log", "-1", "--format=%B", EDGE),
    /^promote lantern 1\.1\.0 to stable\n\nFollows beta, where it was published at .*\n.*2 of 2 healthy devices\.\n/,
  );
  await repository.git("merge", "-q", "--ff-only", commit ?? "");
  await controller.serves(commit ?? "");
  await waitUntil("no proposal", async () =>
    (await status(controller)).proposals.length === 0 ? true : undefined,
  );
});

test("what a channel was rolled back from is not proposed again, what comes after it is", async (t) => {
  const controller = await FleetController.start(t, BY, async (state) => {
    await oldVersion(state);
    await state.addVersion("1.1.0", { more: "rollbackTo: '>=1.0.0'\n" });
    await state.point("beta", "1.1.0");
    await state.point("stable", "1.1.0");
    await state.commit("promote 1.1.0");
    await state.point(
      "stable",
      "1.0.0",
      "promotion: {from: beta}\nrollback: {from: [1.1.0], reason: it crashes}\n",
    );
  });
  const repository = new Branches(controller.state.directory);
  await controller.state.write("tenants/other.yaml", "channel: stable\n");
  await controller.commits("another tenant");
  assert.deepEqual(await repository.names(), ["main"]);

  await controller.state.point("beta", "1.2.0");
  await controller.commits("promote 1.2.0 to beta");
  await standing(controller, "open", "fairlead/promote-lantern-stable-1.2.0");
  assert.deepEqual(await repository.names(), ["fairlead/promote-lantern-stable-1.2.0", "main"]);
});

test("`serve --propose branch` proposes in the name that it is given, and the flags refuse what cannot be", async (t) => {
  const state = await StateRepository.create(t);
  await oldVersion(state);
  await state.point("beta", "1.1.0");
  await state.point("stable", "1.0.0", "promotion: {from: beta}\n");
  await state.commit("lantern");
  const by = "The fleet <fleet@acme.example>";
  await ControllerProcess.start(t, state.directory, [
    "--dev-keys",
    "--propose",
    "branch",
    "--propose-as",
    by,
  ]);
  const repository = new Branches(state.directory);
  await waitUntil("the branch", async () => ((await repository.names()).includes(EDGE) ? true : undefined));
  assert.equal(await repository.git("log", "-1", "--format=%an <%ae>, %cn <%ce>", EDGE), `${by}, ${by}`);

  const refused = async (...flags: string[]) =>
    (await fairlead(["serve", "--repo", state.directory, "--state-dir", await temporaryFolder(t), ...flags]))
      .stderr;
  assert.match(
    await refused("--dev-keys", "--worktree", "--propose", "branch"),
    /error\[serve\/bad-option\]/,
  );
  assert.match(await refused("--dev-keys", "--propose-as", by), /error\[serve\/bad-option\].*no effect/);
  assert.match(
    await refused("--propose", "branch", "--propose-as", "nobody"),
    /expected a name and an address/,
  );
});
