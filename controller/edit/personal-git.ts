import { type SimpleGit, simpleGit } from "simple-git";

/**
 * What the person's own git may be told by the environment: who they are and how they reach a remote. The library
 * strips everything else that starts with `GIT_`, so that a hook's environment does not lead us elsewhere.
 */
const PASSED_ON = [
  ...["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"],
  ...["GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"],
  ...["GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_TERMINAL_PROMPT"],
  ...["GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "SSH_ASKPASS"],
];

/** Git as the person at the keyboard uses it in `folder`: with their configuration, hooks, identity and signing. */
export function openPersonalGit(folder: string): SimpleGit {
  return simpleGit({
    baseDir: folder,
    allowEnvironment: PASSED_ON,
    unsafe: { allowUnsafeSshCommand: true, allowUnsafeAskPass: true, allowUnsafeConfigPaths: true },
    errors: failureOf,
  });
}

/** What tells git who somebody is, to copy. */
export const SET_IDENTITY =
  '`git config --global user.name "Your Name" && git config --global user.email you@example.com`';

/** Whether git knows whom to name as the author and the committer of a commit. */
export async function knowsIdentity(git: SimpleGit): Promise<boolean> {
  try {
    for (const variable of ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"]) await git.raw(["var", variable]);
    return true;
  } catch {
    return false;
  }
}

/** Without this, simple-git takes a git that was killed, or that failed without printing anything, for a success. */
function failureOf(
  error: Buffer | Error | undefined,
  { exitCode, stdOut, stdErr }: { exitCode: number | null; stdOut: Buffer[]; stdErr: Buffer[] },
): Buffer | Error | undefined {
  if (error !== undefined || exitCode === 0) return error;
  const words = Buffer.concat([...stdOut, ...stdErr]);
  return words.length > 0
    ? words
    : new Error(exitCode === null ? "it was interrupted" : `exit code ${exitCode}`);
}
