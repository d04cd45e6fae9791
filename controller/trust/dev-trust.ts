import { canonicalJson } from "../../protocol/canonical-json.ts";
import type { ReadRole } from "../../protocol/tuf/read-role.ts";
import type { RoleDocument } from "../../protocol/tuf/roles.ts";
import type { FleetModel, ProductModel, TrustFiles } from "../state/fleet-model.ts";
import { schemeOf } from "../state/product-versions.ts";
import { buildReleases, buildRoot, buildTargets } from "./build-trust.ts";
import { isDueForSigning, OFFLINE_LIFETIMES } from "./lifetimes.ts";
import { readRole } from "./read-role.ts";
import type { ProductToSign } from "./release-index.ts";
import { releaseTargets } from "./release-index.ts";
import { nextVersion, signRole } from "./sign-role.ts";
import type { SigningKey } from "./signing-key.ts";

/** The keys of every role on one machine: for trying things out, never for a fleet. */
export interface DevKeys {
  readonly root: SigningKey;
  readonly targets: SigningKey;
  readonly online: SigningKey;
  /** Made when a product first appears. */
  release(product: string): SigningKey;
}

/**
 * Signs what people sign offline in production. A role is signed anew, under a new version, only when its content
 * changed or a third of its life has passed.
 *
 * @param previous what was signed before with the same keys
 * @param now      seconds since 1970
 */
export function signDevTrust(
  model: FleetModel,
  keys: DevKeys,
  previous: TrustFiles | undefined,
  now: number,
): TrustFiles {
  const holders = {
    root: [keys.root],
    targets: [keys.targets],
    threshold: 1,
    online: keys.online,
    releases: new Map([...model.products.keys()].map((product) => [product, keys.release(product)])),
  };
  const { root, targets, releases } = OFFLINE_LIFETIMES;
  const roots = new Map(previous?.roots);
  const newest = roots.size === 0 ? undefined : Math.max(...roots.keys());
  const wantedRoot = keepOrSign(
    newest === undefined ? undefined : roots.get(newest),
    (bytes) => readRole("root", bytes),
    () => buildRoot(holders, (newest ?? 0) + 1, now),
    keys.root,
    root.life,
    now,
  );
  roots.set(readRole("root", wantedRoot).role.version, wantedRoot);
  return {
    roots,
    targets: keepOrSign(
      previous?.targets,
      (bytes) => readRole("targets", bytes),
      (version) => buildTargets(holders, version, now),
      keys.targets,
      targets.life,
      now,
    ),
    releases: new Map(
      [...model.products].map(([name, product]) => [
        name,
        keepOrSign(
          previous?.releases.get(name),
          (bytes) => readRole("targets", bytes),
          (version) => buildReleases(releaseTargets(toSign(product)), version, now),
          keys.release(name),
          releases.life,
          now,
        ),
      ]),
    ),
  };
}

function toSign(product: ProductModel): ProductToSign {
  const versions = [...product.versions.values()].map(({ value }) => value);
  return { name: product.name, versionScheme: schemeOf(product), versions };
}

function keepOrSign<Role extends RoleDocument>(
  previous: Buffer | undefined,
  read: (bytes: Buffer) => ReadRole<Role>,
  build: (version: number) => Role,
  key: SigningKey,
  life: number,
  now: number,
): Buffer {
  const before = previous === undefined ? undefined : read(previous);
  const wanted = build(nextVersion(before?.role.version, now));
  if (previous !== undefined && before !== undefined) {
    const { version, expires } = before.role;
    const isSame = canonicalJson(before.role) === canonicalJson({ ...wanted, version, expires });
    if (isSame && !isDueForSigning(before.expires, life, now)) return previous;
  }
  return signRole(wanted, [key]);
}
