import { findRelease } from "../../../protocol/candidates.ts";
import type { ProductPolicy } from "../../../protocol/policy.ts";
import { readReleasesAnew } from "../../../protocol/read-release.ts";
import type { Release, Releases } from "../../../protocol/release.ts";
import type { Envelope, TargetsRole } from "../../../protocol/tuf/roles.ts";
import { artifactsOf, type PublishedArtifact } from "../../publish/published-manifest.ts";
import { type ArtifactLocation, readArtifactLocation } from "../../state/artifact-location.ts";
import type { ProductHead } from "./manifest-change.ts";
import type { EncodedFile } from "./prepared-file.ts";
import type { ServedProduct } from "./served-manifest.ts";

/**
 * One product of a manifest. Its policy and its releases are read from the signed bytes when somebody first asks for
 * them: most products are asked about by agents only, which read those bytes themselves. Who wants to know of one release
 * has only that kept, for all releases of all products are many times the bytes that they are read from.
 *
 * @param policy  its policy document
 * @param role    its signed releases
 */
export function servedProduct(
  product: string,
  { hosted, summary }: ProductHead,
  policy: EncodedFile,
  role: EncodedFile | undefined,
): ServedProduct {
  const readPolicy = new Once((): ProductPolicy => JSON.parse(policy.identity.toString("utf8")));
  const readTargets = (): TargetsRole | undefined => {
    if (role === undefined) return undefined;
    // Parsed without a strict reader: whoever published the manifest has read and verified these bytes.
    const { signed }: Envelope<TargetsRole> = JSON.parse(role.identity.toString("utf8"));
    return signed;
  };
  const readReleases = (): Releases => {
    const targets = readTargets();
    return targets === undefined ? [] : readReleasesAnew(product, targets);
  };
  const releases = new Once(readReleases);
  const found = new Map<string, Release | undefined>();
  const artifacts = new Once((): ReadonlyMap<string, PublishedArtifact> => {
    const targets = readTargets();
    return targets === undefined ? new Map() : artifactsOf(targets, readHosted(hosted));
  });
  return {
    get policy() {
      return readPolicy.value;
    },
    get releases() {
      return releases.value;
    },
    get artifacts() {
      return artifacts.value;
    },
    findRelease(version) {
      if (!found.has(version)) found.set(version, findRelease(releases.made ?? readReleases(), version));
      return found.get(version);
    },
    summary,
  };
}

function readHosted(json: string): Map<string, ArtifactLocation> {
  const paths: readonly (readonly [target: string, path: string])[] = JSON.parse(json);
  return new Map(paths.map(([target, path]) => [target, readArtifactLocation(path)]));
}

/** What `make` gives, made when it is first asked for. */
class Once<Value extends object> {
  /** As far as it is. */
  made: Value | undefined;
  private readonly make: () => Value;

  constructor(make: () => Value) {
    this.make = make;
  }

  get value(): Value {
    this.made ??= this.make();
    return this.made;
  }
}
