import type { VersionState } from "../../schemas/state.generated.ts";
import { readArtifactLocation } from "../state/artifact-location.ts";
import type { ProductModel, StateDocument } from "../state/fleet-model.ts";
import { isYanked } from "../state/product-versions.ts";

/** A file that the artifact folder should have: an artifact, or a delta that leads to one. */
export interface HostedFile {
  readonly document: StateDocument<VersionState>;
  /** Of the artifact or delta, in the version file. */
  readonly path: readonly (string | number)[];
  /** Below the artifact folder. */
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** Nobody is offered it. */
  readonly isYanked: boolean;
}

/** Every hosted file that the versions of some products name. */
export function* hostedFiles(products: Iterable<ProductModel>): Generator<HostedFile> {
  for (const product of products) {
    for (const document of product.versions.values()) {
      const ofVersion = isYanked(document);
      for (const [index, artifact] of document.value.artifacts.entries()) {
        const path = ["artifacts", index];
        const yanked = ofVersion || artifact.active === false;
        yield* hostedFile(document, path, yanked, artifact);
        for (const [at, delta] of (artifact.deltas ?? []).entries()) {
          yield* hostedFile(document, [...path, "deltas", at], yanked, delta);
        }
      }
    }
  }
}

function* hostedFile(
  document: StateDocument<VersionState>,
  path: readonly (string | number)[],
  yanked: boolean,
  { url, size, sha256 }: { readonly url?: string; readonly size?: number; readonly sha256?: string },
): Generator<HostedFile> {
  if (url === undefined || size === undefined || sha256 === undefined) return;
  const location = readArtifactLocation(url);
  if (location.kind === "external") return;
  yield { document, path, name: location.path, size, sha256, isYanked: yanked };
}
