/**
 * How long a machine takes from the last byte of a download until the new version is confirmed, and where that time
 * goes, beside what a person would type: put the file in its place and start it.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Agent } from "../agent/agent.ts";
import { enrollDevice } from "../agent/config/enroll-device.ts";
import { agentHome } from "../agent/home/agent-home.ts";
import type { Journal } from "../agent/life-cycle/journal.ts";
import { UpdateServer } from "../test/agent/update-server.ts";
import { interleave, type Measured, printTable } from "./measure.ts";

const run = promisify(execFile);
const ROUNDS = 9;
const PROGRAM_BYTES = 20 * 1024 * 1024;

const FORMATS = ["binary", "archive"] as const;
type BenchedFormat = (typeof FORMATS)[number];

export async function benchUpdateTime(): Promise<void> {
  for (const format of FORMATS) await compareUpdates(format);
}

async function compareUpdates(format: BenchedFormat): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
  const cleanups: (() => unknown)[] = [];
  try {
    const server = await UpdateServer.start({ after: (cleanup) => cleanups.push(cleanup) });
    const place = async (name: string): Promise<Place> => {
      const made = await makePlace(join(folder, name), format);
      cleanups.unshift(() => run(made.starter, ["stop", made.folder]));
      return made;
    };
    const byHand = await place("by-hand");
    const proven = await keptUpToDate(server, await place("proven"), {});
    const watched = await place("watched");
    const health = { alive: "2s", pid_file: join(watched.folder, "pid") };
    const alive = await keptUpToDate(server, watched, { health });
    let version = 0;
    const measured = await interleave(ROUNDS + 1, [
      {
        ...{ name: format === "binary" ? "mv, and start it" : "tar -x, ln, and start it", unit: "ms" },
        once: async () => {
          const bytes = await packed(folder, `1.0.${version}`, format);
          server.release(`1.0.${version}`, bytes, { format });
          server.promote(`1.0.${version++}`);
          return installByHand(byHand, bytes);
        },
      },
      { name: "the agent", unit: "ms", once: proven.update },
      { name: "the agent, health: {alive: 2s}", unit: "ms", once: alive.update },
    ]);
    const title = `${format} of 20 MiB, from the end of the download`;
    printTable(`${title} until it is up, and confirmed`, measured.map(withoutFirst));
    printTable(`${title}: when the agent has done what`, proven.steps().map(withoutFirst));
  } finally {
    for (const cleanup of cleanups) await cleanup();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first round installs where nothing was, and loads code. */
function withoutFirst({ figures, ...row }: Measured): Measured {
  return { ...row, figures: figures.slice(1) };
}

/** Says its version, or is up until it is ended. What follows its last line nobody reads: it makes it as long as programs are. */
function program(version: string): Buffer {
  const script = `#!/bin/sh
if [ "$1" = --version ]; then echo "lantern ${version}"; exit; fi
echo $$ >"$1/pid"
: >"$1/up"
exec sleep 1000000
`;
  return Buffer.concat([Buffer.from(script), randomBytes(PROGRAM_BYTES)]);
}

async function packed(folder: string, version: string, format: BenchedFormat): Promise<Buffer> {
  if (format === "binary") return program(version);
  const [content, archive] = [join(folder, "content"), join(folder, "content.tar.gz")];
  await mkdir(join(content, "bin"), { recursive: true });
  await writeFile(join(content, "bin/lantern"), program(version), { mode: 0o755 });
  await run("tar", ["-czf", archive, "-C", content, "."]);
  return readFile(archive);
}

/** Where a program is installed and runs. */
interface Place {
  readonly folder: string;
  readonly format: BenchedFormat;
  /** Of the file, or of the folder of versions. */
  readonly installPath: string;
  /** The script that starts the program anew. */
  readonly starter: string;
}

/** `start PROGRAM FOLDER`: ends what runs, starts the program and returns once it is up. */
const START = `#!/bin/sh
if [ -e "$2/pid" ]; then kill "$(cat "$2/pid")"; rm "$2/pid" "$2/up"; fi
[ "$1" = stop ] && exit
setsid "$1" "$2" >/dev/null 2>&1 </dev/null &
until [ -e "$2/up" ]; do sleep 0.005; done
`;

async function makePlace(folder: string, format: BenchedFormat): Promise<Place> {
  const starter = join(folder, "start");
  await mkdir(folder);
  await writeFile(starter, START, { mode: 0o755 });
  return { folder, format, starter, installPath: join(folder, format === "binary" ? "lantern" : "opt") };
}

const BY_HAND: Readonly<Record<BenchedFormat, string>> = {
  binary: 'mv "$1" "$2" && "$3" "$2" "$4"',
  archive: `new=$(mktemp -d "$4/version-XXXXXX") && tar -xzf "$1" -C "$new" && ln -sfn "$new" "$2" &&
    "$3" "$2/bin/lantern" "$4"`,
};

/** @returns milliseconds until the new version is up */
async function installByHand(
  { folder, format, installPath, starter }: Place,
  bytes: Buffer,
): Promise<number> {
  const downloaded = join(folder, "downloaded");
  await writeFile(downloaded, bytes, { mode: 0o755 });
  const startedAt = performance.now();
  await run("sh", ["-c", BY_HAND[format], "sh", downloaded, installPath, starter, folder]);
  return performance.now() - startedAt;
}

/** A machine that an agent keeps up to date: in this process, as in a daemon. */
async function keptUpToDate(
  server: UpdateServer,
  { folder, format, installPath, starter }: Place,
  more: { readonly health?: Readonly<Record<string, string>> },
) {
  const home = agentHome(join(folder, "home"), {});
  const settings = {
    ...{ server: server.url, product: "lantern", install_path: installPath, format, ...more },
    ...(format === "archive" ? { executable: "bin/lantern" } : {}),
    restart: [starter, "{path}", folder],
  };
  await enrollDevice(home, settings, { kind: "sha256", sha256: server.rootSha256 }, false);
  let downloadedAt = 0;
  const reached = new Map<string, number[]>();
  const agent = await Agent.open(home, {
    onProgress: (received, size) => {
      if (received === size) downloadedAt = performance.now();
    },
    onState: (journal) => {
      const step = stepOf(journal);
      if (step !== undefined)
        reached.set(step, [...(reached.get(step) ?? []), performance.now() - downloadedAt]);
    },
  });
  return {
    /** @returns milliseconds from the end of the download until it is confirmed */
    update: async (): Promise<number> => {
      const { outcomes } = await agent.product().update(true);
      if (outcomes[0]?.outcome !== "confirmed") throw new Error(JSON.stringify(outcomes));
      return reached.get("confirmed")?.at(-1) ?? Number.NaN;
    },
    steps: (): Measured[] => [...reached].map(([name, figures]) => ({ name, unit: "ms", figures })),
  };
}

/** What is reached with this entry of the journal, where a person would call it something. */
function stepOf(journal: Journal): string | undefined {
  switch (journal.state) {
    case "verified":
    case "staged":
    case "self-tested":
    case "swapped":
    case "confirmed":
      return journal.state;
    case "confirming":
      return journal.restarted && journal.attempts === 0 ? "restarted" : undefined;
    default:
      return undefined;
  }
}
