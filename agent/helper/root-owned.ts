import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { HelperError } from "../helper-link/helper-error.ts";

/**
 * Requires that nobody but root can change what stands at a path, nor what it is found by: each folder above it is
 * root's, and others may not write there (in a sticky one, such as /tmp, they cannot touch what is root's).
 *
 * @throws HelperError `helper/untrusted-path`
 */
export function requireRootOwned(path: string): void {
  for (let at = path; ; at = dirname(at)) {
    const problem = problemWith(at, at !== path);
    if (problem !== undefined) {
      throw new HelperError("helper/untrusted-path", `somebody else than root could change \`${path}\``, {
        help: `\`${at}\` ${problem}: give it to root, and let nobody else write there`,
      });
    }
    if (dirname(at) === at) return;
  }
}

function problemWith(path: string, isParent: boolean): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "is not there";
  if (found.isSymbolicLink()) return "is a link";
  if (found.uid !== 0) return `belongs to user ${found.uid}`;
  const isSticky = isParent && found.isDirectory() && (found.mode & 0o1000) !== 0;
  if ((found.mode & 0o022) !== 0 && !isSticky) return `has mode ${(found.mode & 0o7777).toString(8)}`;
  return undefined;
}
