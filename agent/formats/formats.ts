import type { ArtifactFormat } from "../../protocol/release.ts";
import { BinaryFormat } from "./binary/binary-format.ts";
import type { Format, ManagedProduct } from "./format.ts";

type OpenFormat = (product: ManagedProduct) => Format;

/** Every format that releases can name. Only the one that is asked for is loaded. */
const FORMATS: Readonly<Record<ArtifactFormat, () => Promise<OpenFormat>>> = {
  binary: async () => (product) => new BinaryFormat(product),
  archive: async () => {
    const { ArchiveFormat } = await import("./archive/archive-format.ts");
    return (product) => new ArchiveFormat(product);
  },
  deb: notBuilt,
  rpm: notBuilt,
  pkg: notBuilt,
  windows: notBuilt,
};

/** How a product is installed where the machine's config does not say. */
const DEFAULT_FORMAT: ArtifactFormat = "binary";

export async function openFormat(name: ArtifactFormat | undefined, product: ManagedProduct): Promise<Format> {
  return (await FORMATS[name ?? DEFAULT_FORMAT]())(product);
}

function notBuilt(): never {
  throw new Error("not built yet");
}
