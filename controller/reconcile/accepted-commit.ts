import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { readBounded } from "../files/read-bounded.ts";
import { type FileOwner, replaceFile } from "../files/replace-file.ts";
import { ManifestStore } from "../publish/store/manifest-store.ts";
import { isObjectId } from "../source/object-id.ts";
import { AcceptError } from "./accept-error.ts";
import type { ReconcileOutcome } from "./outcome.ts";
import { formatRewind, isSameRewind, parseRewind, type Rewind } from "./rewind.ts";

/** What the controller holds, for whoever may accept it. */
const HELD = "held-commit";
/** What a person has accepted of it. */
const ACCEPTED = "accepted-commit";
const MAX_BYTES = 1024;

/** Where the release of a held commit is written, inside the controller's state folder. */
export function acceptedCommitFile(stateFolder: string): string {
  return join(stateFolder, ACCEPTED);
}

/**
 * The rewind that a person released, if any: it counts from the one served commit to the one accepted commit, so that
 * it has lapsed as soon as anything else is served.
 *
 * @throws the system's error when it is there and cannot be read
 */
export function readAcceptedRewind(stateFolder: string): Rewind | undefined {
  return readRewind(acceptedCommitFile(stateFolder));
}

/**
 * Releases a held commit: once, and only from what is served now. The controller that watches the folder looks again at
 * once; one that is not running does when it starts. It does the same for `fairlead accept` and for a call of the API:
 * authenticating the caller is theirs.
 *
 * The file is written for the controller's user, also when root runs this: the owner of the folder, and where that is
 * root (a mounted volume) whoever wrote down what is held.
 *
 * @param stateFolder absolute; the controller's own
 * @param commit the full object id: an abbreviation could come to mean another commit
 * @returns what was released
 * @throws AcceptError `accept/bad-commit` (the caller's mistake), `accept/not-held` (it conflicts with what is held, as
 *   the message says), `accept/no-state-folder`, `accept/not-owner`
 * @throws the system's error when the folder cannot be read or written
 */
export function acceptHeldCommit(stateFolder: string, commit: string): Rewind {
  if (!isObjectId(commit)) {
    throw new AcceptError("accept/bad-commit", "what was to be accepted is not a full commit id", {
      help: "copy all 40 digits from `fairlead status` or the controller's log",
    });
  }
  try {
    return accept(stateFolder, commit);
  } catch (error) {
    const isForbidden = error instanceof Error && "code" in error && error.code === "EACCES";
    throw isForbidden ? notOwner(stateFolder, error) : error;
  }
}

function accept(stateFolder: string, commit: string): Rewind {
  if (!isStateFolder(stateFolder)) {
    throw new AcceptError("accept/no-state-folder", `\`${stateFolder}\` is no state folder of a controller`, {
      help: "name the folder that the controller was started with: --state-dir DIR",
    });
  }
  const held = readRewind(join(stateFolder, HELD));
  if (held?.commit !== commit) {
    const what = held === undefined ? "no rewritten history is held" : `what is held is ${held.commit}`;
    throw new AcceptError("accept/not-held", `commit ${commit} is not held: ${what}`, {
      help: "look at what is held with `fairlead status`; a commit is accepted after the controller has seen it",
    });
  }
  replaceFile(acceptedCommitFile(stateFolder), formatRewind(held), 0o600, ownerFor(stateFolder));
  return held;
}

/**
 * What a reconcile that ended means for acceptances: what is held may be accepted from now on, and once a commit is
 * served, what was accepted is used or has lapsed.
 *
 * @throws the system's error when the folder cannot be written
 */
export function settleAcceptance(stateFolder: string, outcome: ReconcileOutcome): void {
  switch (outcome.kind) {
    case "published": {
      rmSync(join(stateFolder, HELD), { force: true });
      const accepted = readAcceptedRewind(stateFolder);
      // One for what is served now was given this moment, for the commit that comes next.
      if (accepted?.servedCommit !== outcome.commit) rmSync(acceptedCommitFile(stateFolder), { force: true });
      return;
    }
    case "held": {
      const { commit, hold } = outcome;
      if (hold.cause !== "not-descendant") rmSync(join(stateFolder, HELD), { force: true });
      else keepHeld(stateFolder, { commit, servedCommit: hold.servedCommit });
      return;
    }
    case "refused":
      rmSync(join(stateFolder, HELD), { force: true });
      return;
    case "waiting":
    case "stalled":
      return;
  }
}

function keepHeld(stateFolder: string, rewind: Rewind): void {
  const file = join(stateFolder, HELD);
  if (!isSameRewind(readRewind(file), rewind)) replaceFile(file, formatRewind(rewind), 0o600);
}

/** A controller's folder has its manifest; without one nothing is held either. */
function isStateFolder(folder: string): boolean {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  readdirSync(folder); // Whoever may not look into it is told so.
  return ManifestStore.exists(folder, "trust") || ManifestStore.exists(folder, "dev");
}

/** Whom the file has to be given to; nobody when the controller's own user writes it. @throws AcceptError `accept/not-owner` */
function ownerFor(folder: string): FileOwner | undefined {
  const user = process.geteuid?.();
  const owners = [statSync(folder), statSync(join(folder, HELD))];
  if (user === 0) return owners.find(({ uid }) => uid !== 0);
  // Windows has no such owners.
  if (user === undefined || owners.some(({ uid }) => uid === user)) return undefined;
  throw notOwner(folder);
}

function notOwner(folder: string, cause?: unknown): AcceptError {
  return new AcceptError("accept/not-owner", `\`${folder}\` belongs to another user`, {
    help: "run this as root, or as the user that owns the state folder",
    ...(cause === undefined ? {} : { cause }),
  });
}

function readRewind(file: string): Rewind | undefined {
  try {
    const bytes = readBounded(file, MAX_BYTES);
    return bytes === undefined ? undefined : parseRewind(bytes.toString("utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
