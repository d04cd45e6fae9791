import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { BuiltPage, PageFile } from "../../http/page/page.ts";
import { type BundledFile, type BundledPage, bundlePage } from "./bundle-page.ts";
import { findPage, type PagePlace } from "./page-place.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page, built or read, and compressed; in memory, and without keeping this thread. */
export async function loadPage(place: PagePlace = findPage()): Promise<BuiltPage> {
  const { document, parts } = await bundledPage(place);
  return { document: await encode(document), parts: await Promise.all(parts.map(encode)) };
}

async function bundledPage(place: PagePlace): Promise<BundledPage> {
  switch (place.kind) {
    case "built":
      return readPage(place.folder);
    case "sources":
      return bundlePage(place.folder);
    case "none":
      throw new Error("neither a page that was built nor its sources are in this package");
  }
}

function readPage(folder: string): BundledPage {
  const read = (name: string): BundledFile => ({ name, bytes: readFileSync(join(folder, name)) });
  const names = readdirSync(folder).filter((name) => name !== "index.html");
  return { document: read("index.html"), parts: names.map(read) };
}

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

async function encode({ name, bytes }: BundledFile): Promise<PageFile> {
  const [gzipped, br] = await Promise.all([
    toGzip(bytes, { level: 9 }),
    toBrotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  ]);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const contentType = CONTENT_TYPES[extname(name)] ?? "application/octet-stream";
  return { name, contentType, encoded: { sha256, identity: bytes, gzip: gzipped, br } };
}
