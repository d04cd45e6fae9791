import { statfsSync } from "node:fs";
import { InstallError } from "./install-error.ts";

/** Left free for the journal, the state and everybody else on the file system. */
const MARGIN_BYTES = 4 * 1024 * 1024;

/**
 * Refuses a download that would not fit, before its first byte: a full disk harms the product that runs.
 *
 * @param needed bytes still to be written
 * @throws InstallError `install/disk-full`
 */
export function requireSpace(folder: string, needed: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed + MARGIN_BYTES) return;
  throw new InstallError(
    "install/disk-full",
    `the file system of \`${folder}\` has too little room for the update`,
    {
      expected: `${needed + MARGIN_BYTES} bytes free`,
      got: `${free} bytes free`,
      help: "free space there; the agent tries again at its next check",
    },
  );
}
