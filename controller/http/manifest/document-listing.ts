import { sha256Hex } from "../../../protocol/digest.ts";
import type { DocumentListing, FileBatch } from "./manifest-change.ts";
import type { EncodedFile } from "./prepared-file.ts";

/** Numbers that the table has of each document: where its path ends, and the three of its place. */
const NUMBERS = 4;

/** @param files documents as they are, sorted by their paths */
export function listingOf({ files, memory }: Pick<FileBatch, "files" | "memory">): DocumentListing {
  const paths = Buffer.from(files.map(({ name }) => name).join(""), "utf8");
  const numbers = files.length * NUMBERS;
  const table = new SharedArrayBuffer(numbers * Uint32Array.BYTES_PER_ELEMENT + paths.length);
  const into = new Uint32Array(table, 0, numbers);
  let end = 0;
  for (const [index, { name, identity }] of files.entries()) {
    end += Buffer.byteLength(name, "utf8");
    into.set([end, ...identity], index * NUMBERS);
  }
  paths.copy(Buffer.from(table, into.byteLength));
  return { of: "listing", size: files.length, table, memory };
}

/** The document of a path in any of some listings, which follow one another in the order of their paths. */
export function findListed(listings: readonly DocumentListing[], path: string): EncodedFile | undefined {
  const found = lastUpTo(listings.length, (index) => pathAt(listings[index], 0) <= path);
  const listing = listings[found];
  if (listing === undefined) return undefined;
  const index = lastUpTo(listing.size, (at) => pathAt(listing, at) <= path);
  return pathAt(listing, index) === path ? fileAt(listing, index) : undefined;
}

/** All files of a listing, by path. */
export function* listedFiles(
  listing: DocumentListing,
): Generator<readonly [path: string, file: EncodedFile]> {
  for (let index = 0; index < listing.size; index++) yield [pathAt(listing, index), fileAt(listing, index)];
}

/** The last of so many for which something holds, that holds for all before it; -1: it holds for none. */
function lastUpTo(size: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function pathAt(listing: DocumentListing | undefined, index: number): string {
  if (listing === undefined || index < 0) return "";
  const { size, table } = listing;
  const numbers = new Uint32Array(table, 0, size * NUMBERS);
  const start = index === 0 ? 0 : (numbers[(index - 1) * NUMBERS] ?? 0);
  const end = numbers[index * NUMBERS] ?? start;
  return Buffer.from(table, numbers.byteLength + start, end - start).toString("utf8");
}

function fileAt({ size, table, memory }: DocumentListing, index: number): EncodedFile {
  const [, which = -1, at, length] = new Uint32Array(table, 0, size * NUMBERS).subarray(index * NUMBERS);
  const shared = memory[which];
  if (shared === undefined) throw new RangeError("a document lies in memory that did not come with it");
  const identity = Buffer.from(shared, at, length);
  return { sha256: sha256Hex(identity), identity };
}
