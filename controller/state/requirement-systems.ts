import type { RequiresState } from "../../schemas/state.generated.ts";

export type RequirementName = keyof RequiresState;

export const REQUIREMENT_NAMES: readonly RequirementName[] = [
  "glibc",
  "musl",
  "kernel",
  "os",
  "macos",
  "windowsBuild",
  "cpu",
  "memory",
  "disk",
];

const onlyOn =
  (name: string) =>
  (system: string): boolean =>
    system === name;

/** The systems on which a requirement can be met, as the first part of a platform names them; the others: on each. */
const SYSTEMS: Partial<Record<RequirementName, (system: string) => boolean>> = {
  glibc: onlyOn("linux"),
  musl: onlyOn("linux"),
  os: onlyOn("linux"),
  // macOS and Windows are told by their own versions.
  kernel: (system) => system !== "darwin" && system !== "win32",
  macos: onlyOn("darwin"),
  windowsBuild: onlyOn("win32"),
  // No agent can find out there what the processor can do.
  cpu: (system) => system !== "win32",
};

/** Whether any machine of a platform such as `linux-x64` can meet a requirement of that name. */
export function canBeMetOn(name: RequirementName, platform: string): boolean {
  return SYSTEMS[name]?.(platform.slice(0, platform.indexOf("-"))) ?? true;
}
