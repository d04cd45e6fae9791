import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../files/replace-file.ts";
import { AcceptError } from "./accept-error.ts";

const FILE = "accepted-commit";
const MAX_ID_LENGTH = 64;

/** Where the release of a held commit is written, inside the controller's state folder. */
export function acceptedCommitFile(stateDirectory: string): string {
  return join(stateDirectory, FILE);
}

/** The commit that a person released, if any. */
export async function readAcceptedCommit(stateDirectory: string): Promise<string | undefined> {
  try {
    const text = (await readFile(acceptedCommitFile(stateDirectory), "utf8")).trim();
    return isFullId(text) ? text : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Releases a held commit. The controller that watches the folder looks again at once; one that is not running does
 * when it starts.
 *
 * @param commit the full object id: an abbreviation could come to mean another commit
 * @throws AcceptError
 */
export async function acceptCommit(stateDirectory: string, commit: string): Promise<void> {
  if (!isFullId(commit)) {
    throw new AcceptError("accept/bad-commit", `\`${commit}\` is not a full commit id`, {
      help: "copy all 40 digits from `fairlead status` or the controller's log",
    });
  }
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  replaceFile(acceptedCommitFile(stateDirectory), `${commit}\n`, 0o600);
}

function isFullId(text: string): boolean {
  return text.length <= MAX_ID_LENGTH && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
