import type { ProductPolicy } from "../../../protocol/policy.ts";
import { readReleases } from "../../../protocol/read-release.ts";
import type { Releases } from "../../../protocol/release.ts";
import type { Envelope, TargetsRole } from "../../../protocol/tuf/roles.ts";
import { artifactsOf, type PublishedArtifact } from "../../publish/published-manifest.ts";
import { type ArtifactLocation, readArtifactLocation } from "../../state/artifact-location.ts";
import type { ProductHead } from "./manifest-change.ts";
import type { EncodedFile } from "./prepared-file.ts";
import type { ServedProduct } from "./served-manifest.ts";

/**
 * One product of a manifest. Its policy and its releases are read from the signed bytes when somebody first asks for
 * them: most products are asked about by agents only, which read those bytes themselves.
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
  const readPolicy = once((): ProductPolicy => JSON.parse(policy.identity.toString("utf8")));
  const readTargets = once((): TargetsRole | undefined => {
    if (role === undefined) return undefined;
    // Parsed without a strict reader: whoever published the manifest has read and verified these bytes.
    const { signed }: Envelope<TargetsRole> = JSON.parse(role.identity.toString("utf8"));
    return signed;
  });
  const releases = once((): Releases => {
    const targets = readTargets();
    return targets === undefined ? [] : readReleases(product, targets);
  });
  const artifacts = once((): ReadonlyMap<string, PublishedArtifact> => {
    const targets = readTargets();
    return targets === undefined ? new Map() : artifactsOf(targets, readHosted(hosted));
  });
  return {
    get policy() {
      return readPolicy();
    },
    get releases() {
      return releases();
    },
    get artifacts() {
      return artifacts();
    },
    summary,
  };
}

function readHosted(json: string): Map<string, ArtifactLocation> {
  const paths: readonly (readonly [target: string, path: string])[] = JSON.parse(json);
  return new Map(paths.map(([target, path]) => [target, readArtifactLocation(path)]));
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
