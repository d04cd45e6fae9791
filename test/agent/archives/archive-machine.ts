import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { enrollDevice } from "../../../agent/config/enroll-device.ts";
import { agentHome } from "../../../agent/home/agent-home.ts";
import type { JournalState } from "../../../agent/life-cycle/journal.ts";
import { JournalFile } from "../../../agent/life-cycle/journal-file.ts";
import type { AgentState } from "../../../agent/state/agent-state.ts";
import { StateFile } from "../../../agent/state/state-file.ts";
import { AgentMachine } from "../../support/agent-machine.ts";
import { type CommandResult, run, runOk } from "../../support/run-command.ts";
import { UpdateServer } from "../update-server.ts";

/** Files of a folder to pack, by path. A program is one whose path begins with `bin/`. */
export type Tree = Readonly<Record<string, string>>;

export type Packer = "tar.zst" | "tar.gz" | "zip";

/** A product of several files: its program reads its version from another one. */
export function lantern(version: string, more: Tree = {}): Tree {
  const program =
    '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\necho "lantern $(cat "$here/../share/version")"\n';
  return { "bin/lantern": program, "share/version": `${version}\n`, ...more };
}

/** A temporary folder, removed after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-archive-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Packs with the programs that vendors use. */
export async function pack(t: TestContext, tree: Tree, packer: Packer): Promise<Buffer> {
  const folder = temporaryFolder(t);
  const content = join(folder, "content");
  for (const [path, text] of Object.entries(tree)) {
    const file = join(content, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, path.startsWith("bin/") ? 0o755 : 0o644);
  }
  const archive = join(folder, `lantern.${packer}`);
  switch (packer) {
    case "tar.zst":
      await runOk("tar", ["--zstd", "-cf", archive, "-C", content, "."]);
      break;
    case "tar.gz":
      await runOk("tar", ["-czf", archive, "-C", content, "."]);
      break;
    case "zip":
      await runOk("python3", ["-c", ZIP, archive, content]);
      break;
  }
  return readFileSync(archive);
}

/** As `zip -r` does, which not every machine has. */
const ZIP = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for folder, _, names in os.walk(sys.argv[2]):
        for name in names:
            path = os.path.join(folder, name)
            archive.write(path, os.path.relpath(path, sys.argv[2]))
`;

/** A machine whose product is installed from archives. */
export interface ArchiveMachine {
  readonly server: UpdateServer;
  readonly machine: AgentMachine;
  /** `install_path` */
  readonly root: string;
  readonly staging: string;
  status(): AgentState & { readonly journal: JournalState };
  /** Publishes a version and runs `fairlead-agent update`. */
  updateTo(version: string, archive: Buffer): Promise<CommandResult>;
  /** Publishes a version. */
  promote(version: string, archive: Buffer): void;
  /** What the program behind `current` says. */
  running(): Promise<string>;
  /** The folder that `current` leads to. */
  current(): string | undefined;
  versions(): string[];
  /** Names in the staging folder, without the lock and the folder of broken versions. */
  leftovers(): string[];
  broken(): string[];
}

/** Enrols a machine and installs 1.0.0, where it is given. */
export async function archiveMachine(
  t: TestContext,
  first: Buffer | undefined,
  settings: Parameters<typeof enrollDevice>[1] = {},
): Promise<ArchiveMachine> {
  const server = await UpdateServer.start(t);
  const machine = await AgentMachine.create(t);
  const root = join(machine.directory, "opt");
  const home = agentHome(machine.home, {});
  const values = {
    ...{ server: server.url, product: "lantern", install_path: root },
    ...{ format: "archive", executable: "bin/lantern", ...settings },
  };
  await enrollDevice(home, values, { kind: "sha256", sha256: server.rootSha256 }, false);
  const staging = join(root, ".versions.fairlead");
  const promote = (version: string, archive: Buffer): void => {
    server.release(version, archive, { format: "archive" });
    server.promote(version);
  };
  const made: ArchiveMachine = {
    ...{ server, machine, root, staging, promote },
    status: () => ({ ...new StateFile(home).read(), journal: new JournalFile(home.journal).read().state }),
    updateTo: (version, archive) => {
      promote(version, archive);
      return machine.agent("update");
    },
    running: async () => (await run(join(root, "current", "bin", "lantern"), ["--version"])).stdout.trim(),
    current: () => {
      const link = join(root, "current");
      return existsSync(link) ? readlinkSync(link) : undefined;
    },
    versions: () => readdirSync(join(root, "versions")).sort(),
    leftovers: () => readdirSync(staging).filter((name) => name !== "lock" && name !== "broken"),
    broken: () => readdirSync(join(staging, "broken")),
  };
  if (first !== undefined) {
    const installed = await made.updateTo("1.0.0", first);
    if (installed.code !== 0) throw new Error(`${installed.stdout}${installed.stderr}`);
  }
  return made;
}
