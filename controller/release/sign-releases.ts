import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import { releaseRoleName } from "../../protocol/manifest-names.ts";
import { KeyError } from "../keys/key-error.ts";
import { readKeyFolder } from "../keys/key-folder.ts";
import type { KeysAtHand } from "../keys/keys-at-hand.ts";
import { signersAtHand } from "../keys/keys-at-hand.ts";
import type { Signer } from "../keys/signer.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { buildReleases, type PublicKey } from "../trust/build-trust.ts";
import { readRole } from "../trust/read-role.ts";
import type { ProductToSign } from "../trust/release-index.ts";
import { releaseTargets } from "../trust/release-index.ts";
import { encodeRole, GIT_INDENT, nextVersion } from "../trust/sign-role.ts";
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
 * @param signers from `releaseSigners`
 * @param now     seconds since 1970
 * @throws ReleaseError `release/trust-invalid`, `release/key-not-trusted`; KeyError
 */
export async function signReleases(
  trust: TrustFiles,
  product: ProductToSign,
  signers: readonly Signer[],
  now: number,
): Promise<SignedReleases> {
  const { name } = product;
  const candidates = releaseKeys(trust, name, now);
  const version = nextVersion(signedVersion(trust.releases.get(name)), now);
  const role = buildReleases(releaseTargets(product), version, now);
  const message = canonicalBytes(role);
  for (const signer of signers) {
    const signature = await signer.sign(message, candidates);
    if (signature === undefined) continue;
    return {
      path: `trust/releases/${name}.json`,
      bytes: encodeRole(role, [signature], GIT_INDENT),
      targets: Object.keys(role.targets).length,
      version,
    };
  }
  throw noReleaseKey(name, "at hand");
}

/**
 * Who can sign the releases of a product; found out before any work is done that would be in vain.
 *
 * @throws ReleaseError `release/trust-invalid`, `release/key-not-trusted`; KeyError
 */
export function releaseSigners(
  trust: TrustFiles,
  product: string,
  keys: KeysAtHand,
  now: number,
): readonly Signer[] {
  const candidates = releaseKeys(trust, product, now);
  const own = readKeyFolder(keys.folder).filter(({ role }) => role === `releases-${product}`);
  const isTrusted = own.some(({ publicKey }) => candidates.some(({ keyid }) => keyid === publicKey.keyid));
  if (isTrusted || keys.commands.length > 0) return signersAtHand(keys, candidates);
  const [retired] = own;
  if (retired === undefined) throw noReleaseKey(product, `in \`${keys.folder}\``);
  throw new ReleaseError(
    "release/key-not-trusted",
    `the key ${retired.publicKey.keyid.slice(0, 16)} may not sign releases of \`${product}\`: trust/targets.json names another`,
    {
      help: "name the folder that holds the right key with --keys DIR; `fairlead keys show` says which it is",
    },
  );
}

function noReleaseKey(product: string, where: string): KeyError {
  return new KeyError("keys/not-found", `there is no key ${where} that may sign releases of \`${product}\``, {
    help: "name the folder of the release key with --keys DIR, or a program that signs with --signer",
  });
}

/** The keys that `targets.json` gives the releases of a product to. */
function releaseKeys(trust: TrustFiles, product: string, now: number): PublicKey[] {
  const { keys = {}, roles = [] } = verifiedDelegations(trust, now).targets?.delegations ?? {};
  const role = roles.find(({ name }) => name === releaseRoleName(product));
  if (role !== undefined) {
    return role.keyids.flatMap((keyid) => {
      const key = Object.hasOwn(keys, keyid) ? keys[keyid] : undefined;
      return key === undefined ? [] : [{ key, keyid }];
    });
  }
  throw new ReleaseError("release/trust-invalid", `trust/targets.json knows no product \`${product}\``, {
    help: `the holders of the targets keys have to add it: \`fairlead keys add-product ${product}\``,
  });
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
