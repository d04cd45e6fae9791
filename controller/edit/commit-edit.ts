import { openRequest } from "./open-request.ts";
import type { PreparedEdit } from "./prepare-edit.ts";
import { forgeOf, requestUrl } from "./request-url.ts";
import { writeChanges } from "./write-changes.ts";

/** Where a change goes. */
export interface Destination {
  /** A new branch to put it on; the checked-out one when absent. The checked-out branch stays so. */
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
 * @throws EditError `write-failed`, `git-failed`, `no-identity`, `branch-exists`, `no-remote`
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
        folder: prepared.place.root,
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
  await tree.startBranch(name);
  let succeeded = false;
  try {
    const result = await task();
    succeeded = true;
    return result;
  } finally {
    await tree.leaveBranch(name, base, !succeeded);
  }
}

async function commitChanges({ tree, place, edit }: PreparedEdit): Promise<string> {
  const message = edit.reason === undefined ? [edit.subject] : [edit.subject, edit.reason];
  const restore = writeChanges(place.root, edit.changes);
  try {
    const paths = edit.changes.map(({ path }) => path);
    return await tree.commit(paths, message);
  } catch (error) {
    restore();
    throw error;
  }
}

/** Ctrl-C reaches git too: it ends the commit, and we put everything back before the signal ends us. */
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
