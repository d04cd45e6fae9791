import type { VersionState } from "../../schemas/state.generated.ts";
import { buildReleases, buildRoot, buildTargets } from "../trust/build-trust.ts";
import { releaseTargets } from "../trust/release-index.ts";
import { GIT_INDENT, signRole } from "../trust/sign-role.ts";
import { type KeyRole, SigningKey } from "../trust/signing-key.ts";
import { EXAMPLE_NOW } from "./example-state.ts";

/** How the `trust/` folder of an example differs from a sound one. */
export interface ExampleTrustOptions {
  /** Seconds since 1970 at which everything was signed. */
  readonly signedAt?: number;
  /** Versions of `agent` that the release key signed; the sound example has both. */
  readonly versions?: readonly string[];
  /** SHA-256 that was signed for each artifact. */
  readonly sha256?: string;
  /** Versions that the index yanks. */
  readonly yanked?: readonly string[];
  /** Whether somebody else than the release key signed the index. */
  readonly isForged?: boolean;
}

const MONTH = 30 * 86_400;

/** A signed `trust/` folder for the example state. Its keys come from fixed seeds: everybody has them. */
export function exampleTrust(options: ExampleTrustOptions = {}): Record<string, string> {
  const { signedAt = EXAMPLE_NOW - MONTH, versions = ["1.0.0", "1.1.0"], sha256, yanked = [] } = options;
  const { root, targets, online, release, stranger } = exampleKeys();
  const holders = {
    root: [root],
    targets: [targets],
    threshold: 1,
    online,
    releases: new Map([["agent", release]]),
  };
  const index = releaseTargets({
    name: "agent",
    versionScheme: "semver",
    versions: versions.map((version) => versionState(version, sha256, yanked.includes(version))),
  });
  const text = (role: Parameters<typeof signRole>[0], key: SigningKey): string =>
    signRole(role, [key], GIT_INDENT).toString("utf8");
  return {
    "trust/root/1.root.json": text(buildRoot(holders, 1, signedAt), root),
    "trust/targets.json": text(buildTargets(holders, 1, signedAt), targets),
    "trust/releases/agent.json": text(
      buildReleases(index, 1, signedAt),
      options.isForged === true ? stranger : release,
    ),
  };
}

interface ExampleKeys {
  readonly root: SigningKey;
  readonly targets: SigningKey;
  readonly online: SigningKey;
  readonly release: SigningKey;
  /** A key that nobody has given anything to. */
  readonly stranger: SigningKey;
}

let keys: ExampleKeys | undefined;

/** Made when the first example of trust is looked at: it takes some milliseconds. */
function exampleKeys(): ExampleKeys {
  const seeded = (role: KeyRole, seed: number): SigningKey =>
    SigningKey.fromSeed(role, Buffer.alloc(32, seed));
  keys ??= {
    root: seeded("root", 1),
    targets: seeded("targets", 2),
    online: seeded("online", 3),
    release: seeded("releases-agent", 4),
    stranger: seeded("releases-agent", 5),
  };
  return keys;
}

/** What `versionFile` says, as a value. */
function versionState(version: string, sha256 = "a0".repeat(32), isYanked = false): VersionState {
  return {
    version,
    ...(isYanked ? { active: false } : {}),
    artifacts: [
      { platform: "linux-x64", format: "binary", url: `artifacts/agent-${version}`, size: 1000, sha256 },
    ],
  };
}
