import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Metafile } from "esbuild";

/** A file of the page before it is compressed. */
export interface BundledFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What the page's sources become: the document first. */
export interface BundledPage {
  readonly document: BundledFile;
  readonly parts: readonly BundledFile[];
}

/** The same just made, with what it was made of. */
export interface NewBundle extends BundledPage {
  readonly metafile: Metafile;
}

/** What the document asks for by these names gets names with a hash. */
const ENTRIES = ["main.tsx", "theme.ts"] as const;
const PICTURES = ["icon.svg"] as const;

/**
 * Makes one script and one stylesheet of the page's sources.
 *
 * @param folder `dashboard/`
 * @throws Error of esbuild, which is not in the package that is published
 */
export async function bundlePage(folder: string): Promise<NewBundle> {
  const { build, stop } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [...ENTRIES],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    outdir: join(folder, "built"),
    entryNames: "[name]-[hash]",
    format: "esm",
    target: "es2024",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "silent",
    legalComments: "none",
  });
  // Its process has nothing to do any more.
  await stop();
  const bundled = outputFiles.map(({ path, contents }) => ({
    name: basename(path),
    bytes: Buffer.from(contents),
  }));
  const pictures = PICTURES.map((name) => withHash(name, readFileSync(join(folder, name))));
  const parts = [...bundled, ...pictures];
  const template = readFileSync(join(folder, "index.html"), "utf8");
  const document = { name: "index.html", bytes: Buffer.from(nameParts(template, parts)) };
  return { document, parts, metafile };
}

function withHash(name: string, bytes: Buffer): BundledFile {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  return { name: name.replace(".", `-${hash}.`), bytes };
}

/** Replaces `/page/main.js` by the name that the file has. @throws Error where the document asks for what there is not */
function nameParts(template: string, parts: readonly BundledFile[]): string {
  const named = new Map(parts.map(({ name }) => [name.replace(/-[0-9A-Z]{8}\./, "."), name]));
  return template.replaceAll(/\/page\/([\w.]+)/g, (_, plain: string) => {
    const name = named.get(plain);
    if (name === undefined) throw new Error(`the page asks for ${plain}, which nothing becomes`);
    return `/page/${name}`;
  });
}
