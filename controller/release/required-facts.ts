import { parseByteSize } from "../../protocol/byte-size.ts";
import { isRange } from "../../protocol/version.ts";
import type { RequiresState } from "../../schemas/state.generated.ts";
import { canBeMetOn, type RequirementName } from "../state/requirement-systems.ts";
import { ReleaseError } from "./release-error.ts";

/** A requirement as a person wrote it: `glibc=>=2.31`, `linux-x64:cpu=avx2`, `os.debian=>=11`, `glibc=any`. */
export interface RequiredFact {
  /** Absent: all artifacts on whose platform it can be met. */
  readonly platform?: string;
  readonly name: RequirementName;
  /** What takes the place of what the file says; absent: nothing is required. */
  readonly value?: RequiresState;
}

const WRITTEN = /^(?:([a-z0-9]+-[a-z0-9_]+):)?([a-zA-Z]+)(?:\.([a-z0-9][a-z0-9._-]{0,62}))?=(.+)$/;

/** @throws ReleaseError `release/bad-requirement` */
export function parseRequiredFact(text: string): RequiredFact {
  const [, platform, name = "", part, said = ""] = WRITTEN.exec(text) ?? [];
  const place = platform === undefined ? {} : { platform };
  if (part !== undefined && name !== "os") throw badRequirement(text);
  switch (name) {
    case "glibc":
    case "musl":
    case "kernel":
    case "macos":
    case "windowsBuild":
      return said === "any" ? { ...place, name } : { ...place, name, value: { [name]: range(text, said) } };
    case "os":
      if (said === "any" && part === undefined) return { ...place, name };
      if (part === undefined) throw badRequirement(text);
      return { ...place, name, value: { os: { [part]: range(text, said) } } };
    case "cpu":
      if (said === "any") return { ...place, name };
      return { ...place, name, value: { cpu: features(text, said) } };
    case "memory":
    case "disk":
      if (said === "any") return { ...place, name };
      parseByteSize(said);
      return { ...place, name, value: { [name]: /^[0-9]+$/.test(said) ? Number(said) : said } };
    default:
      throw badRequirement(text);
  }
}

function range(text: string, said: string): string {
  if (isRange("dotted", said)) return said;
  throw badRequirement(text);
}

function features(text: string, said: string): string[] {
  const names = [...new Set(said.split(/[\s,]+/))];
  if (names.length <= 50 && names.every((name) => /^[a-z0-9][a-z0-9._-]{0,31}$/.test(name))) return names;
  throw badRequirement(text);
}

function badRequirement(text: string): ReleaseError {
  return new ReleaseError("release/bad-requirement", `\`${text}\` is not a requirement`, {
    help: "write NAME=RANGE such as glibc='>=2.31' or os.debian='>=11', cpu=avx2,fma, memory=2GiB, or NAME=any",
  });
}

/** What an artifact requires: what was read of it, with what a person said in its place. */
export function requiresOf(
  platform: string,
  read: RequiresState,
  said: readonly RequiredFact[],
): RequiresState | undefined {
  let requires: RequiresState = read;
  const named = new Set<RequirementName>();
  for (const fact of said) {
    if (fact.platform !== undefined ? fact.platform !== platform : !canBeMetOn(fact.name, platform)) continue;
    const { [fact.name]: before, ...others } = requires;
    // Each `os.NAME` adds its own to those that were said before it.
    const os = fact.name === "os" && named.has("os") ? { ...requires.os, ...fact.value?.os } : undefined;
    requires = { ...others, ...fact.value, ...(os === undefined ? {} : { os }) };
    named.add(fact.name);
  }
  return Object.keys(requires).length === 0 ? undefined : requires;
}

/**
 * Refuses what no artifact of the release could have.
 *
 * @throws ReleaseError `release/bad-requirement`
 */
export function requireApplicable(said: readonly RequiredFact[], platforms: readonly string[]): void {
  for (const { name, platform } of said) {
    const meant = platform === undefined ? platforms : platforms.filter((known) => known === platform);
    if (meant.some((known) => canBeMetOn(name, known))) continue;
    throw new ReleaseError(
      "release/bad-requirement",
      `\`${name}\` is required of no artifact of this release: no machine of ${platform ?? platforms.join(", ")} could meet it`,
      { help: "name a platform of the release, or leave it out" },
    );
  }
}
