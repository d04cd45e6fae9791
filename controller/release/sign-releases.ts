import { join } from "node:path";
import { DomainError } from "../../protocol/domain-error.ts";
import { releaseRoleName } from "../../protocol/manifest-names.ts";
import { readKeyFile } from "../keys/key-file.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { buildReleases } from "../trust/build-trust.ts";
import { readRole } from "../trust/read-role.ts";
import { type ProductToSign, releaseTargets } from "../trust/release-index.ts";
import { GIT_INDENT, nextVersion, signRole } from "../trust/sign-role.ts";
import type { SigningKey } from "../trust/signing-key.ts";
import { type TrustRoles, verifyTrust } from "../trust/verify-trust.ts";
import { ReleaseError } from "./release-error.ts";

/** A release role as it is to be written. */
export interface SignedReleases {
  /** Relative to the state root. */
  readonly path: string;
  readonly bytes: Buffer;
  /** Targets that it lists. */
  readonly targets: number;
  readonly version: number;
}

/**
 * Signs the release role of a product from what its version files say. The role that is there only gives the version
 * to go beyond, so this also solves a merge conflict in it, whichever side was taken or both.
 *
 * @param now seconds since 1970
 * @throws ReleaseError `release/trust-invalid`, `release/key-not-trusted`
 */
export function signReleases(
  trust: TrustFiles,
  product: ProductToSign,
  key: SigningKey,
  now: number,
): SignedReleases {
  const { name } = product;
  requireDelegation(trust, name, key, now);
  const version = nextVersion(signedVersion(trust.releases.get(name)), now);
  const role = buildReleases(releaseTargets(product), version, now);
  return {
    path: `trust/releases/${name}.json`,
    bytes: signRole(role, [key], GIT_INDENT),
    targets: Object.keys(role.targets).length,
    version,
  };
}

/**
 * The release key of a product from a folder of keys.
 *
 * @throws KeyError
 */
export function readReleaseKey(keyFolder: string, product: string): SigningKey {
  return readKeyFile(join(keyFolder, `${releaseRoleName(product)}.json`), `releases-${product}`);
}

function requireDelegation(trust: TrustFiles, product: string, key: SigningKey, now: number): void {
  const roles = verifiedDelegations(trust, now);
  const role = roles.targets?.delegations?.roles.find(({ name }) => name === releaseRoleName(product));
  if (role === undefined) {
    throw new ReleaseError("release/trust-invalid", `trust/targets.json knows no product \`${product}\``, {
      help: `the holders of the targets keys have to add it: \`fairlead keys add-product ${product}\``,
    });
  }
  if (role.keyids.includes(key.keyid)) return;
  throw new ReleaseError(
    "release/key-not-trusted",
    `the key ${key.keyid.slice(0, 16)} may not sign releases of \`${product}\`: trust/targets.json names others`,
    { help: "name the folder that holds the right key with --keys DIR" },
  );
}

/** Root and delegations must be sound; the release roles themselves may be what is to be mended. */
function verifiedDelegations(trust: TrustFiles, now: number): TrustRoles {
  const { problems, roles } = verifyTrust({ ...trust, releases: new Map() }, now);
  const problem = problems.find(({ severity, kind }) => severity === "error" && kind !== "missing");
  if (problem === undefined && roles.targets !== undefined) return roles;
  const what = problem === undefined ? "trust/ is incomplete" : `${problem.file}: ${problem.message}`;
  throw new ReleaseError("release/trust-invalid", what, problem === undefined ? {} : { help: problem.help });
}

/** The highest version in the file; with conflict markers in it, that of both sides. */
function signedVersion(bytes: Buffer | undefined): number | undefined {
  if (bytes === undefined) return undefined;
  try {
    return readRole("targets", bytes).role.version;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
  const versions = [...bytes.toString("utf8").matchAll(/^ {1,4}"version": (\d{1,15}),?$/gm)];
  return versions.length === 0 ? undefined : Math.max(...versions.map(([, digits]) => Number(digits)));
}
