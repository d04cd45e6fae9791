import { realpathSync } from "node:fs";

/** What tells whether a product is the updater itself. */
interface Candidate {
  readonly name: string;
  /** Absolute path of the installed program. */
  readonly program: string;
  /** What the config says of it. */
  readonly self?: boolean | undefined;
}

/**
 * The product that is the updater itself, and so comes last: the one that the config calls `self`, else the one whose
 * program is the very file that runs here.
 *
 * @param running absolute path of that file
 */
export function ownProduct(products: readonly Candidate[], running: string | undefined): string | undefined {
  const named = products.find(({ self }) => self === true);
  if (named !== undefined) return named.name;
  const real = running === undefined ? undefined : realPath(running);
  if (real === undefined) return undefined;
  return products.find(({ self, program }) => self !== false && realPath(program) === real)?.name;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
