import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UpdateServer } from "../agent/update-server.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { damagesOf, metadataPaths, serveDamaged } from "./damaged-metadata.ts";
import { TORTURED_FORMATS } from "./formats/formats.ts";
import type { TorturedFormat } from "./formats/tortured-format.ts";
import { killAtEach, killTwice, type Progress, type Tally } from "./kills.ts";
import { cutAtEach, PowerlessDisk } from "./power-cuts.ts";
import { refusalsOf, refuseEach } from "./refusals.ts";
import { Rig } from "./rig.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";
import { chosen, seededRandom } from "./seeded-random.ts";
import type { Part, Settings } from "./settings.ts";

/** One scenario under one kind of fault: has a machine of its own, so that several run at once. */
export interface Task {
  readonly part: Part;
  readonly format: string;
  readonly scenario: string;
  /** @returns why it cannot be done here, else what it came to */
  run(progress: Progress): Promise<Tally | string>;
}

export function tasksOf(settings: Settings): readonly Task[] {
  const formats = TORTURED_FORMATS.filter(({ name }) => name.includes(settings.format));
  const scenarios = SCENARIOS.filter(({ name }) =>
    settings.scenario.split(",").some((part) => name.includes(part)),
  );
  return settings.parts.flatMap((part) =>
    part === "metadata"
      ? [metadataTask(settings)]
      : formats.flatMap((format) =>
          scenarios.map((scenario) => scenarioTask(settings, part, format, scenario, scenarios.length)),
        ),
  );
}

function scenarioTask(
  settings: Settings,
  part: Exclude<Part, "metadata">,
  format: TorturedFormat,
  scenario: Scenario,
  scenarios: number,
): Task {
  const random = seededRandom(settings.seed);
  return {
    ...{ part, format: format.name, scenario: scenario.name },
    run: (progress) =>
      inScratch(async (scratch, cleanups) => {
        const pointsOf = (rig: Rig) => rig.points.filter(({ label }) => label.includes(settings.at ?? ""));
        if (part === "power-cuts") {
          const disk = await PowerlessDisk.create(scratch);
          if (typeof disk === "string") return disk;
          cleanups.after(() => disk.remove());
          const rig = await Rig.set(cleanups, format, scenario, scratch, join(disk.folder, "machine"));
          return cutAtEach(rig, disk, chosen(pointsOf(rig), settings.points, random), progress);
        }
        const rig = await Rig.set(cleanups, format, scenario, scratch);
        switch (part) {
          case "kills":
            return killAtEach(rig, chosen(pointsOf(rig), settings.points, random), progress);
          case "double-kills":
            return killTwice(rig, Math.ceil(settings.doubles / scenarios), random, progress);
          case "refusals":
            return refuseEach(rig, chosen(refusalsOf(pointsOf(rig)), settings.points, random), progress);
        }
      }),
  };
}

function metadataTask(settings: Settings): Task {
  const random = seededRandom(settings.seed);
  return {
    ...{ part: "metadata", format: "every", scenario: "a client that knows the first root" },
    run: (progress) =>
      inScratch(async (scratch, cleanups) => {
        const server = await UpdateServer.start(cleanups);
        server.repository.versions.root++;
        server.repository.publishRoot();
        server.release("1.0.0", Buffer.from("lantern"));
        server.promote("1.0.0");
        const damages = metadataPaths(server).flatMap((path) => [
          ...damagesOf(path, server.repository.file(path), random),
        ]);
        return serveDamaged(server, chosen(damages, settings.points, random), scratch, progress);
      }),
  };
}

async function inScratch<T>(work: (scratch: string, cleanups: Cleanups) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), "fairlead-torture-"));
  const ends: (() => unknown)[] = [];
  try {
    return await work(scratch, { after: (end) => ends.push(end) });
  } finally {
    for (const end of ends.toReversed()) await end();
    rmSync(scratch, { recursive: true, force: true });
  }
}
