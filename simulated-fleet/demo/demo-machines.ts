import { isActive } from "../../protocol/candidates.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import type { Facts } from "../../protocol/requirements.ts";
import { compareVersions } from "../../protocol/version.ts";
import type { Manifest } from "../verified-manifest.ts";
import type { Ending, Machine } from "../world.ts";

/** Which machine is the one with a broken library, and the one of which nothing is heard once it has updated. */
const WITHOUT_LIBRARY = 5;
const VANISHES = 9;
/** A version of the example state whose build for one platform crashes, so that a halt can be watched. */
const CRASHES = { version: "1.2.1", platform: "linux-arm64" } as const;

const GIBIBYTE = 2 ** 30;
const LINUXES: readonly Facts[] = [
  {
    os: "debian",
    osVersion: "12",
    glibc: "2.36",
    kernel: "6.1.0",
    memory: 4 * GIBIBYTE,
    disk: 21 * GIBIBYTE,
  },
  {
    os: "ubuntu",
    osVersion: "24.04",
    glibc: "2.39",
    kernel: "6.8.0",
    memory: 8 * GIBIBYTE,
    disk: 64 * GIBIBYTE,
  },
  {
    os: "ubuntu",
    osVersion: "22.04",
    glibc: "2.35",
    kernel: "5.15.0",
    memory: 2 * GIBIBYTE,
    disk: 11 * GIBIBYTE,
  },
];
const OLD_LINUX: Facts = {
  os: "debian",
  osVersion: "11",
  glibc: "2.31",
  kernel: "5.10.0",
  memory: GIBIBYTE,
  disk: 3 * GIBIBYTE,
};

/**
 * The seed of a machine's key. Everybody can compute it, so the same machines come back wherever the example is tried, and
 * the example state can name them: whoever reaches such a controller is an operator of it anyway.
 */
export function seedOf(index: number): Uint8Array {
  return Buffer.from(sha256Hex(Buffer.from(`fairlead demo machine ${index}`)), "hex");
}

/** @param platforms for which something is released */
export function machineOf(index: number, platforms: readonly string[]): Machine {
  // Seats come in a fixed order: steps of another size put every platform at every seat.
  const platform = platforms[Math.floor((index * 5) / 3) % platforms.length] ?? "linux-x64";
  return { platform, facts: index === WITHOUT_LIBRARY ? OLD_LINUX : factsOf(platform, index) };
}

function factsOf(platform: string, index: number): Facts {
  if (platform.startsWith("darwin-")) return { os: "macos", macos: index % 2 === 0 ? "15.6" : "14.7" };
  if (platform.startsWith("win32-")) return { os: "windows", windowsBuild: "26100" };
  return LINUXES[index % LINUXES.length] ?? OLD_LINUX;
}

/** Platforms with an artifact of what channels point to, in the order in which the releases name them. */
export function platformsOf({ policy, releases }: Manifest): string[] {
  const offered = new Set(Object.values(policy.channels).map(({ current }) => current.version));
  const platforms = releases
    .filter(({ version }) => offered.has(version))
    .flatMap(({ artifacts }) => artifacts.map(({ platform }) => platform));
  return [...new Set(platforms)];
}

/** What is installed on a machine at first: what every channel has passed, and on each second one the version before. */
export function firstVersionOf(
  index: number,
  { policy, releases }: Manifest,
  platform: string,
): string | undefined {
  const { versionScheme, channels } = policy;
  const compare = (a: string, b: string): number => compareVersions(versionScheme, a, b);
  const [lowest] = Object.values(channels)
    .map(({ current }) => current.version)
    .sort(compare);
  if (lowest === undefined) return undefined;
  const old = releases
    .filter((release) => compare(release.version, lowest) <= 0 && isActive(policy, release, platform))
    .map(({ version }) => version)
    .sort(compare);
  const [before, newest = before] = old.slice(-2);
  return index % 2 === 0 ? newest : before;
}

/** How an installation goes on a machine. */
export function endingOf(index: number, version: string, { platform }: Machine): Ending {
  if (index === VANISHES) return { kind: "vanished" };
  if (index === WITHOUT_LIBRARY) {
    const said =
      "error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file or directory";
    return selfTestFailed(`the self-test ended with 127: ${said}`, said);
  }
  if (version === CRASHES.version && platform === CRASHES.platform) {
    return selfTestFailed("the self-test was ended by SIGSEGV", "Segmentation fault (core dumped)");
  }
  return { kind: "confirmed" };
}

function selfTestFailed(message: string, log: string): Ending {
  return {
    ...{ kind: "failed", step: "staged", outcome: "failed", cause: "self-test-failed" },
    ...{ code: "install/self-test-failed", message, log },
  };
}
