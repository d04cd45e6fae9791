import { readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { errnoOf } from "../files/errno.ts";
import type { AgentHome } from "./agent-home.ts";
import { homeError } from "./home-error.ts";

/** What files of ours may be called beside their own name: on their way, set aside, or spare. */
const COMPANION = /^\.(?:new|spare|lock|damaged(?:-\d+)?)$/;

/**
 * Takes away what the agent keeps in its home, and the folder itself where nothing else is in it.
 *
 * @returns names of what others put there: it stays, and so does the folder
 * @throws HomeError
 */
export function removeHome(home: AgentHome): readonly string[] {
  const { directory, log, ...files } = home;
  const ours = [...Object.values(files), dirname(log)].map((path) => basename(path));
  try {
    if (statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
    for (const name of readdirSync(directory)) {
      if (isOurs(name, ours)) rmSync(join(directory, name), { recursive: true, force: true });
    }
    const others = readdirSync(directory);
    if (others.length === 0) rmdirSync(directory);
    return others;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw homeError(error, "remove", directory);
  }
}

function isOurs(name: string, ours: readonly string[]): boolean {
  return ours.some((own) => name === own || (name.startsWith(own) && COMPANION.test(name.slice(own.length))));
}
