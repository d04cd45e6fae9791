import type { ArtifactFormat } from "../../protocol/release.ts";
import { BinaryFormat } from "./binary/binary-format.ts";
import type { Format, ManagedProduct } from "./format.ts";

/** Every format that releases can name. */
const FORMATS: Readonly<Record<ArtifactFormat, new (product: ManagedProduct) => Format>> = {
  binary: BinaryFormat,
};

/** How a product is installed where the machine's config does not say. */
const DEFAULT_FORMAT: ArtifactFormat = "binary";

export function openFormat(name: ArtifactFormat | undefined, product: ManagedProduct): Format {
  return new FORMATS[name ?? DEFAULT_FORMAT](product);
}
