import type { Facts } from "../../protocol/requirements.ts";
import { linuxFacts } from "./linux-facts.ts";
import type { Machine } from "./machine.ts";
import { macosFacts } from "./macos-facts.ts";
import { windowsFacts } from "./windows-facts.ts";

/** A fact as it may be printed and kept; what has other characters than a version or a name is none. */
const PLAIN = /^[\x21-\x7e][\x20-\x7e]{0,63}$/;
const FEATURE = /^[a-z0-9][a-z0-9._-]{0,31}$/;
const MOST_FEATURES = 500;

/**
 * What this machine is, as releases may require it. A fact that cannot be found out is absent, and then a release that
 * requires it is refused. Reads a few small files, so it may be asked before each decision.
 *
 * @param installPaths where the free space counts, and of several the least; none: nobody knows yet
 */
export async function gatherFacts(machine: Machine, ...installPaths: readonly string[]): Promise<Facts> {
  const found = await factsOfSystem(machine);
  const kernel = /^\d{1,9}(\.\d{1,9}){0,9}/.exec(machine.kernelRelease)?.[0];
  const free = installPaths.map((path) => machine.freeBytes(path)).filter((bytes) => bytes !== undefined);
  const disk = free.length === 0 ? undefined : Math.min(...free);
  const features = [...new Set(found.cpu?.map((name) => name.toLowerCase()))];
  const cpu = features.filter((name) => FEATURE.test(name)).slice(0, MOST_FEATURES);
  return {
    ...plain("os", found.os),
    ...plain("osVersion", found.osVersion),
    ...plain("glibc", found.glibc),
    ...plain("musl", found.musl),
    ...plain("kernel", kernel),
    ...plain("macos", found.macos),
    ...plain("windowsBuild", found.windowsBuild),
    ...(cpu.length === 0 ? {} : { cpu }),
    ...whole("memory", machine.memory),
    ...whole("disk", disk),
  };
}

function factsOfSystem(machine: Machine): Promise<Facts> {
  switch (machine.system) {
    case "darwin":
      return macosFacts(machine);
    case "win32":
      return Promise.resolve(windowsFacts(machine));
    default:
      return linuxFacts(machine);
  }
}

function plain<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  return value !== undefined && PLAIN.test(value) ? record(name, value) : {};
}

function whole<K extends string>(name: K, value: number | undefined): { readonly [P in K]?: number } {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? record(name, value) : {};
}

function record<K extends string, V>(name: K, value: V): { readonly [P in K]?: V } {
  const found: { [P in K]?: V } = {};
  found[name] = value;
  return found;
}
