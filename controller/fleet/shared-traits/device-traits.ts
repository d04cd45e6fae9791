import { COUNTED_FACTS, type Facts } from "../../../protocol/requirements.ts";
import type { DeviceOutcome } from "../store/fleet-store.ts";

/** One thing that is true of some machines. */
export interface Trait {
  /** `platform`, `tenant`, `site`, `labels.ring`, `facts.glibc`, ... */
  readonly name: string;
  readonly is: "equal" | "without";
  readonly value: string;
}

/** Labels beyond these are left out: what is different on each machine explains nothing. */
const MOST_LABELS = 50;
const MOST_CPU_FEATURES = 500;

/** What is true of a device, apart from what its processor lacks. */
export function* traitsOf({
  platform,
  tenant,
  site,
  labels,
  facts,
}: DeviceOutcome["device"]): Generator<Trait> {
  yield { name: "platform", is: "equal", value: platform };
  if (tenant !== null) yield { name: "tenant", is: "equal", value: tenant };
  if (site !== null) yield { name: "site", is: "equal", value: tenant === null ? site : `${tenant}/${site}` };
  for (const [name, value] of Object.entries(labels).slice(0, MOST_LABELS)) {
    yield { name: `labels.${name}`, is: "equal", value };
  }
  if (facts !== null) yield* factTraits(facts);
}

function* factTraits(facts: Facts): Generator<Trait> {
  const { os, osVersion } = facts;
  if (os !== undefined) {
    yield { name: "facts.os", is: "equal", value: os };
    for (const prefix of prefixesOf(osVersion))
      yield { name: "facts.os", is: "equal", value: `${os} ${prefix}` };
  }
  for (const name of COUNTED_FACTS) {
    for (const value of prefixesOf(facts[name])) yield { name: `facts.${name}`, is: "equal", value };
  }
  if (facts.memory !== undefined) {
    yield { name: "facts.memory", is: "equal", value: memoryClass(facts.memory) };
  }
}

/** A version and what it begins with: `5.10.0-33` is also `5` and `5.10`. Of the C library the first number says nothing. */
function prefixesOf(version: string | undefined): readonly string[] {
  if (version === undefined) return [];
  const [major, minor] = /^(\d+)(?:\.(\d+))?/.exec(version)?.slice(1) ?? [];
  const prefixes = [major, minor === undefined ? undefined : `${major}.${minor}`, version];
  return [...new Set(prefixes.filter((prefix) => prefix !== undefined))];
}

/** The next power of two above, since each machine reports a few bytes more or less. */
function memoryClass(bytes: number): string {
  const gibibytes = bytes / 2 ** 30;
  return gibibytes <= 1 ? "up to 1 GiB" : `up to ${2 ** Math.ceil(Math.log2(gibibytes))} GiB`;
}

/** The processor's features as one key: a fleet has few kinds of processors. `null`: they are not known. */
export function cpuKey({ facts }: DeviceOutcome["device"]): string | null {
  return facts?.cpu === undefined ? null : facts.cpu.slice(0, MOST_CPU_FEATURES).join(" ");
}

/** For people: `glibc 2.31`, `label ring=canary`, `cpu without avx2`. */
export function describeTrait({ name, is, value }: Trait): string {
  const [, kind, rest = ""] = /^(facts|labels)\.(.+)$/s.exec(name) ?? [];
  if (kind === "labels") return `label ${rest}=${value}`;
  if (is === "without") return `${rest} without ${value}`;
  if (rest === "os") return value;
  return `${kind === "facts" ? rest : name} ${value}`;
}
