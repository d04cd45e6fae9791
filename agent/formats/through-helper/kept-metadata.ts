import { join } from "node:path";
import { sha256Hex } from "../../../protocol/digest.ts";
import { type BoundedRead, readBounded } from "../../files/read-bounded.ts";

/**
 * Finds a file of the signed repository where this agent keeps what it has verified. The helper verifies all of it
 * again, so a wrong file is refused and no harm.
 *
 * @param folder as `trust/` fills it
 * @param kind `metadata`: a role, by its name in the repository, such as `7.snapshot.json`; `document`: a target, such
 *   as `policy/product/<sha256>.lantern.json`
 * @returns `undefined` for what is not kept here
 */
export function findKept(
  folder: string,
  kind: "metadata" | "document",
  path: string,
  max: number,
): Buffer | undefined {
  const name = kind === "metadata" ? roleFile(path) : documentFile(path);
  if (name === undefined) return undefined;
  const read: BoundedRead = readBounded(join(folder, name), max);
  return read.kind === "bytes" ? read.bytes : undefined;
}

/** A root is kept under its number, every other role as the one version that is trusted. */
function roleFile(path: string): string | undefined {
  const root = /^(\d{1,15})\.root\.json$/.exec(path)?.[1];
  if (root !== undefined) return `root-${root}`;
  const role = /^(?:\d{1,15}\.)?([a-z0-9][a-z0-9-]{0,199})\.json$/.exec(path)?.[1];
  return role === undefined ? undefined : `${role}.json`;
}

/** Documents are kept by their paths, without the digest that a repository of consistent snapshots puts before them. */
function documentFile(path: string): string | undefined {
  const [, folders, name] = /^((?:[\w-]+\/)*)(?:[0-9a-f]{64}\.)?([\w-]+\.json)$/.exec(path) ?? [];
  return folders === undefined || name === undefined ? undefined : `document-${sha256Hex(folders + name)}`;
}
