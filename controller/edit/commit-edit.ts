import { forgeOf, requestUrl } from "../forge/forge.ts";
import { openRequest } from "./open-request.ts";
import type { PreparedEdit } from "./prepare-edit.ts";
import { writeChanges } from "./write-changes.ts";

/** Where a change goes. */
export interface Destination {
  /** A new branch for the commit; absent: the checked-out branch, which is checked out again in either case. */
  readonly branch?: string;
  readonly push: boolean;
  /** Open a pull or merge request with the forge's own program. */
  readonly request: boolean;
}

export interface CommittedEdit {
  readonly commit: string;
  readonly branch: string;
  /** The remote that it was pushed to. */
  readonly pushedTo?: string;
  /** The request that was opened, or the page on which to open one. */
  readonly request?: { readonly url: string; readonly opened: boolean };
}

/**
 * Commits a prepared change, and pushes and proposes it where asked. Until the commit is there, whatever goes wrong
 * (a hook that refuses, Ctrl-C, a full disk) puts files, index and branch back.
 *
 * @throws EditError `edit/write-failed`, `edit/git-failed`, `edit/no-identity`, `edit/branch-exists`, `edit/no-remote`
 */
export async function commitEdit(prepared: PreparedEdit, destination: Destination): Promise<CommittedEdit> {
  const { tree, branch: base, edit } = prepared;
  const branch = destination.branch ?? base;
  const remote = destination.push ? await tree.remote(base) : undefined;
  const release = holdInterrupts();
  const commit = await onBranch(prepared, destination.branch, () => commitChanges(prepared)).finally(release);
  if (remote === undefined) return { commit, branch };
  await tree.push(remote.name, branch);
  const pushed = { commit, branch, pushedTo: remote.name };
  const forge = forgeOf(remote.url);
  if (branch === base || forge === undefined) return pushed;
  const opened = destination.request
    ? await openRequest(forge.forge, {
        folder: prepared.location.root,
        branch,
        base,
        title: edit.subject,
        body: edit.reason ?? edit.notices.join("\n"),
      })
    : undefined;
  const url = opened ?? requestUrl(forge, branch, base);
  return { ...pushed, request: { url, opened: opened !== undefined } };
}

/** Runs `task` on a new branch and comes back to the one that was checked out. */
async function onBranch<T>(
  { tree, branch: base }: PreparedEdit,
  name: string | undefined,
  task: () => Promise<T>,
): Promise<T> {
  if (name === undefined) return task();
  await tree.startBranch(name, base);
  let succeeded = false;
  try {
    const result = await task();
    succeeded = true;
    return result;
  } finally {
    await tree.leaveBranch(name, base, !succeeded);
  }
}

async function commitChanges({ tree, location, edit }: PreparedEdit): Promise<string> {
  const message = edit.reason === undefined ? [edit.subject] : [edit.subject, edit.reason];
  const restore = writeChanges(location.root, edit.changes);
  try {
    const paths = edit.changes.map(({ path }) => path);
    return await tree.commit(paths, message);
  } catch (error) {
    restore();
    throw error;
  }
}

/**
 * Holds SIGINT and SIGTERM back until the returned function is called, which sends a held one again. At Ctrl-C the
 * terminal signals git as well: git ends without a commit, and this process still has to put the files back.
 */
function holdInterrupts(): () => void {
  let held: NodeJS.Signals | undefined;
  const hold = (signal: NodeJS.Signals): void => {
    held = signal;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, hold);
  return () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, hold);
    if (held !== undefined) process.kill(process.pid, held);
  };
}
