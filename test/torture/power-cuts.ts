import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, runOk } from "../support/run-command.ts";
import { waitUntil } from "../support/wait-until.ts";
import { aimed, aimsAt, judge, type Progress, type Tally } from "./kills.ts";
import type { Finding, Rig } from "./rig.ts";
import type { Point } from "./traced-run.ts";

/** The least that mkfs.xfs makes. */
const DISK_BYTES = 300 * 2 ** 20;

/**
 * How the power goes. `lost`: with it goes what was not synced. `flushed`: the journal of the file system got to the
 * disk and the bytes of files did not, so that a rename without fsync shows as an empty file.
 */
export const CUTS = ["lost", "flushed"] as const;

const AIMS = [0, 1, -1, 2, -2, 3, -3];

/** A disk with XFS in a file, which forgets what was not synced. */
export class PowerlessDisk {
  readonly folder: string;
  private readonly image: string;

  private constructor(folder: string, image: string) {
    this.folder = folder;
    this.image = image;
  }

  /** @returns why there is none, where loop devices cannot be mounted */
  static async create(scratch: string): Promise<PowerlessDisk | string> {
    const image = join(scratch, "disk.xfs");
    const folder = join(scratch, "disk");
    mkdirSync(folder, { recursive: true });
    writeFileSync(image, "");
    truncateSync(image, DISK_BYTES);
    const made = await run("mkfs.xfs", ["-q", image]).catch(() => undefined);
    if (made?.code !== 0) return "mkfs.xfs (xfsprogs) is not installed, or fails";
    const disk = new PowerlessDisk(folder, image);
    const mounted = await run("mount", ["-o", "loop", image, folder]);
    return mounted.code === 0 ? disk : `a loop device cannot be mounted: ${mounted.stderr.trim()}`;
  }

  /** What is there now has been there for long. */
  async settle(): Promise<void> {
    await runOk("sync", ["-f", this.folder]);
  }

  async cut(how: (typeof CUTS)[number]): Promise<void> {
    await runOk("xfs_io", ["-x", "-c", how === "lost" ? "shutdown" : "shutdown -f", this.folder]);
    await runOk("umount", [this.folder]);
    await waitUntil("a disk that has power again", async () => {
      await runOk("mount", ["-o", "loop", this.image, this.folder]);
      if (this.hasPower()) return true;
      // Another program's mount namespace still holds the dead one.
      await runOk("umount", [this.folder]);
      return undefined;
    });
  }

  private hasPower(): boolean {
    const probe = join(this.folder, "power");
    try {
      writeFileSync(probe, "");
      rmSync(probe);
      return true;
    } catch {
      return false;
    }
  }

  async remove(): Promise<void> {
    await run("umount", ["--lazy", this.folder]);
  }
}

/** Cuts the power at calls of the scenario, and starts the machine again. */
export async function cutAtEach(
  rig: Rig,
  disk: PowerlessDisk,
  points: readonly Point[],
  progress: Progress,
): Promise<Tally> {
  const findings: Finding[] = [];
  let met = 0;
  // The power does not go for the package manager alone.
  const cuttable = points.filter(({ tool }) => tool?.agentToo !== false);
  const all = CUTS.flatMap((how) => cuttable.map((point) => ({ how, point })));
  for (const [index, { how, point }] of all.entries()) {
    progress(index, all.length);
    for (const aim of aimsAt(point, AIMS)) {
      await rig.machine.putBack();
      await disk.settle();
      const { scenario } = rig;
      const killed = await rig.again(scenario.command, aimed(point, aim), "signal=SIGKILL");
      if (killed.met?.label !== point.label) continue;
      await disk.cut(how);
      met++;
      findings.push(...(await judge(rig, `power cut at ${point.label}, ${how}`, killed)));
      break;
    }
  }
  return { faults: met, points: all.length, met, findings };
}
