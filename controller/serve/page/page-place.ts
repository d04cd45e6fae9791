import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the page can be had from. */
export type PagePlace =
  /** Built ahead, as in the package that is published. */
  | { readonly kind: "built"; readonly folder: string }
  /** As it was written, as in a checkout. */
  | { readonly kind: "sources"; readonly folder: string }
  | { readonly kind: "none" };

/** Looks in the package that holds the program: its own folder is the nearest one with a package.json. */
export function findPage(from: string = import.meta.dirname): PagePlace {
  const top = packageFolder(from);
  if (top === undefined) return { kind: "none" };
  const built = join(top, "page");
  if (existsSync(join(built, "index.html"))) return { kind: "built", folder: built };
  const sources = join(top, "dashboard");
  return existsSync(join(sources, "main.tsx")) ? { kind: "sources", folder: sources } : { kind: "none" };
}

function packageFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
