/**
 * The whole story, unattended, in a temporary folder: a commit becomes a signed manifest, a machine updates from it, a
 * bad version is rolled back, a yank takes it away, a pause stops the fleet. Everything is real: git, HTTP, processes.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Stage } from "./stage.ts";

const PLATFORM = `linux-${process.arch}`;
const run = promisify(execFile);
const stage = new Stage();
const folder = await mkdtemp(join(tmpdir(), "fairlead-demo-"));
const state = join(folder, "state");
const machine = join(folder, "machine");
const executable = join(machine, "lantern");
const home = join(machine, "agent");

/** The example fleet of this repository, all channels at 1.0.0 and without waves, so that nobody waits for a turn. */
async function writeState(): Promise<void> {
  await cp(join(import.meta.dirname, "..", "releases"), state, { recursive: true });
  for (const channel of ["nightly", "beta", "stable"]) {
    const header = "# yaml-language-server: $schema=../../../../schemas/channel.schema.json";
    await writeFile(join(state, `products/lantern/channels/${channel}.yaml`), `${header}\nversion: 1.0.0\n`);
  }
  await writeFile(join(state, "fleet.yaml"), "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 1s\n");
  await stage.run("git", ["init", "-q", "-b", "main"], { cwd: state });
  await commit("Lantern 1.0.0 on every channel");
}

async function commit(message: string): Promise<void> {
  await stage.run("git", ["add", "-A"], { cwd: state });
  await stage.run("git", ["commit", "-q", "-m", message], { cwd: state });
}

async function installed(): Promise<string> {
  return (await run(executable, ["--version"])).stdout.trim();
}

async function runsVersion(version: string): Promise<void> {
  await stage.until(`lantern ${version} on the machine`, async () => (await installed()) === version);
  stage.tell(`the machine runs lantern ${version}`);
}

/** Adds 1.3.0, which was built wrongly: it says that it is another version. */
async function addBadVersion(): Promise<void> {
  const good = await readFile(join(state, `artifacts/lantern-1.2.0-${PLATFORM}`), "utf8");
  const bad = join(folder, "lantern-1.3.0");
  await writeFile(bad, good.replace("version=1.2.0", "version=0.0.0-dirty"), { mode: 0o755 });
  const args = [
    "release",
    "add",
    "lantern",
    "1.3.0",
    "--artifact",
    `${PLATFORM}=${bad}`,
    "--notes",
    "Faster.",
  ];
  await stage.run("fairlead", args, { cwd: state });
  await commit("Add lantern 1.3.0");
}

async function tellStory(): Promise<void> {
  await writeState();
  stage.tell("a state repository: product lantern, three channels, two tenants");

  const controller = stage.start("fairlead", [
    ...["serve", "--repo", state, "--path", "", "--dev-keys", "--port", "0"],
    ...["--state-dir", join(folder, "controller"), "--artifacts", join(state, "artifacts")],
  ]);
  const server = await stage.hear(controller, /Fairlead listens on (\S+)\n/);
  const latest = async (): Promise<string> => {
    const query = `product=lantern&platform=${PLATFORM}&channel=stable`;
    const response = await fetch(`${server}/api/v1/agent/latest?${query}`);
    const body = (await response.json()) as { version?: string };
    return body.version ?? `nothing (${response.status})`;
  };
  stage.tell(`the controller serves it as a signed manifest at ${server}`);

  await mkdir(machine);
  const root = Buffer.from(await (await fetch(`${server}/tuf/1.root.json`)).arrayBuffer());
  await stage.run("fairlead-agent", [
    ...["enroll", "--server", server, "--product", "lantern", "--install-path", executable, "--home", home],
    ...["--root-sha256", createHash("sha256").update(root).digest("hex")],
  ]);
  stage.start("fairlead-agent", ["run", "--home", home]);
  stage.tell("a machine enrols, compares the root's fingerprint, and polls once a second");
  await runsVersion("1.0.0");

  stage.tell("fairlead promote 1.1.0 --to stable");
  await stage.run("fairlead", ["promote", "1.1.0", "--to", "stable"], { cwd: state });
  await runsVersion("1.1.0");

  await addBadVersion();
  stage.tell("fairlead promote 1.3.0 --to stable   (a bad build: it reports another version)");
  await stage.run("fairlead", ["promote", "1.3.0", "--to", "stable"], { cwd: state });
  await stage.until("the refusal", async () => {
    const { stdout } = await run(process.execPath, [
      join(import.meta.dirname, "..", "agent", "main.ts"),
      ...["status", "--json", "--home", home],
    ]);
    return stdout.includes("1.3.0");
  });
  stage.tell(
    `its self-test fails on the machine, which still runs ${await installed()}; the bad file is kept aside`,
  );
  stage.show(await stage.run("fairlead-agent", ["status", "--home", home]));

  stage.tell(`fairlead yank 1.3.0   (\`latest\` answered ${await latest()})`);
  await stage.run("fairlead", ["yank", "1.3.0", "--reason", "reports the wrong version"], { cwd: state });
  await stage.until("the yank", async () => (await latest()) === "1.1.0");
  stage.tell("`latest` answers 1.1.0 again");

  stage.tell("fairlead pause --fleet, then a promotion of 1.2.0");
  await stage.run("fairlead", ["pause", "--fleet", "--reason", "incident 7"], { cwd: state });
  await stage.run("fairlead", ["promote", "1.2.0", "--to", "stable"], { cwd: state });
  await stage.until("the pause", async () => {
    const { stdout } = await run("git", ["rev-parse", "HEAD"], { cwd: state });
    const status = (await (await fetch(`${server}/api/v1/status`)).json()) as { commit?: string };
    return status.commit === stdout.trim();
  });
  stage.show(await stage.run("fairlead-agent", ["explain", "--home", home]));
  stage.tell(`nothing bypasses a pause: the machine runs ${await installed()}`);

  stage.tell("fairlead resume --fleet");
  await stage.run("fairlead", ["resume", "--fleet"], { cwd: state });
  await runsVersion("1.2.0");
}

const stop = async (code: number): Promise<never> => {
  stage.clear();
  await rm(folder, { recursive: true, force: true });
  process.exit(code);
};
process.once("SIGINT", () => void stop(130));
process.once("SIGTERM", () => void stop(143));
try {
  await tellStory();
  stage.tell("done; nothing is left behind");
  await stop(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stop(1);
}
