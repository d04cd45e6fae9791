import { sha256Hex } from "../../protocol/digest.ts";
import { quote } from "../../protocol/printable.ts";
import { servedTargetPath } from "../../protocol/tuf/name-files.ts";
import type { FileSource } from "./metadata-source.ts";
import type { MetadataStore } from "./metadata-store.ts";
import { TrustError } from "./trust-error.ts";
import { requireContent } from "./verify-roles.ts";

/** What a trusted role says of the target to fetch. */
export interface ListedTarget {
  readonly path: string;
  readonly length: number;
  readonly hashes: Readonly<Record<string, string>>;
}

/** Small targets, fetched once and kept beside the metadata: each path has one place, checked again at each read. */
export class TargetDocuments {
  private readonly store: MetadataStore;
  private readonly source: FileSource;

  constructor(store: MetadataStore, source: FileSource) {
    this.store = store;
    this.source = source;
  }

  /** TUF 1.0, section 5.7. */
  async fetch(target: ListedTarget, maxBytes: number, consistent: boolean): Promise<Buffer> {
    const { path, length, hashes } = target;
    if (length > maxBytes) {
      throw new TrustError(
        "trust/length-exceeded",
        `${path}: expected at most ${maxBytes} bytes, got ${length}`,
        {
          help: "the document is larger than this agent reads; split it or update the agent",
        },
      );
    }
    const place = `document-${sha256Hex(path)}`;
    const kept = this.store.read(place, length);
    if (kept !== undefined && holds(target, kept)) return kept;
    const { bytes } = await this.source.require(targetAddress(target, consistent), length);
    requireContent(path, length, hashes, bytes);
    this.store.write(place, bytes);
    return bytes;
  }
}

function holds({ path, length, hashes }: ListedTarget, bytes: Buffer): boolean {
  try {
    requireContent(path, length, hashes, bytes);
    return true;
  } catch (error) {
    if (error instanceof TrustError) return false;
    throw error;
  }
}

/**
 * Where a target lies below the targets address (TUF 1.0, section 6.2): with consistent snapshots
 * `<dir>/<digest>.<file>`. Percent-encoded.
 *
 * @throws TrustError `trust/unknown-target` for a path that could leave that address, `trust/hash-mismatch` for one
 *   without a digest
 */
export function targetAddress({ path, hashes }: ListedTarget, consistent: boolean): string {
  const segments = path.split("/");
  if (
    segments.some((segment) => segment === "" || segment === "." || segment === "..") ||
    path.includes("\\")
  ) {
    throw new TrustError(
      "trust/unknown-target",
      `expected a relative path without dot segments, got ${quote(path)}`,
      {
        help: "this repository is malformed or hostile; do not use it",
      },
    );
  }
  const encoded = segments.map(encodeURIComponent);
  if (!consistent) return encoded.join("/");
  const digest = hashes.sha256 ?? hashes.sha512;
  if (digest === undefined) {
    throw new TrustError("trust/hash-mismatch", `${path}: expected a sha256 or sha512 digest, got none`, {
      help: "the repository must list a digest for each file",
    });
  }
  return servedTargetPath(encoded.join("/"), digest);
}
