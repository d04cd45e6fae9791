import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { SimpleGit } from "simple-git";
import { isName } from "../../protocol/manifest-names.ts";
import { knowsIdentity, openPersonalGit, SET_IDENTITY } from "../edit/personal-git.ts";
import { holdFirstCeremony } from "../keys/hold-ceremony.ts";
import { ciFiles } from "./ci-files.ts";
import { editorFiles } from "./editor-files.ts";
import { exampleState } from "./example-state.ts";
import { readmeFile } from "./readme-file.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import type { ScaffoldFile } from "./scaffold-file.ts";

export interface ScaffoldOptions {
  /** The folder to make; it must be missing or empty. */
  readonly folder: string;
  readonly product: string;
  /** Make it a git repository with a first commit. */
  readonly git: boolean;
  /** Seconds since 1970. */
  readonly now: number;
}

/** State is the same bytes on every system, or Windows would refuse its own checkout; hosted files are what was signed. */
const GIT_ATTRIBUTES = `*.yaml text eol=lf
*.json text eol=lf
artifacts/** -text
`;

const GIT_IGNORE = `# Private keys never go into git.
/keys/
/.fairlead/
# What \`fairlead keys request\` writes: on its way between people.
/signing-request*.json
`;

/** The branch of the first commit. */
const BRANCH = "main";

/**
 * Makes a state repository that validates without a finding, with keys of its own. It is built beside its place and
 * moved there when it is complete, so that a failure or Ctrl-C leaves nothing.
 *
 * @returns the first commit's id; `undefined` without git
 * @throws ScaffoldError, KeyError
 */
export async function scaffoldRepository(options: ScaffoldOptions): Promise<string | undefined> {
  if (!isName(options.product)) {
    throw new ScaffoldError("scaffold/bad-name", `\`${options.product}\` cannot name a product`, {
      help: "use lower-case letters, digits and dashes, a letter first",
    });
  }
  const folder = resolve(options.folder);
  requireFree(folder);
  const draft = makeDraft(folder);
  const discard = (): void => rmSync(draft, { recursive: true, force: true });
  const onInterrupt = (signal: NodeJS.Signals): void => {
    discard();
    process.kill(process.pid, signal);
  };
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  try {
    for (const file of scaffoldFiles(options)) writeFile(draft, file);
    const git = options.git ? await initGit(draft) : undefined;
    const plan = { people: 1, names: [], threshold: 1, products: [options.product] };
    await holdFirstCeremony(draft, join(draft, "keys"), plan, options.now);
    const commit = git === undefined ? undefined : await firstCommit(git);
    renameSync(draft, folder);
    return commit;
  } catch (error) {
    discard();
    throw error;
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

/** Everything that a new repository holds but keys. */
export function scaffoldFiles(options: Pick<ScaffoldOptions, "product">): ScaffoldFile[] {
  return [
    readmeFile(options.product),
    { path: ".gitignore", content: GIT_IGNORE },
    { path: ".gitattributes", content: GIT_ATTRIBUTES },
    ...exampleState(options.product),
    ...editorFiles(),
    ...ciFiles(),
  ];
}

function requireFree(folder: string): void {
  if (!existsSync(folder)) return;
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    throw new ScaffoldError("scaffold/folder-in-use", `\`${folder}\` is not a folder`);
  }
  if (entries.length > 0) {
    throw new ScaffoldError("scaffold/folder-in-use", `\`${folder}\` is not empty`, {
      help: "name a folder that does not exist yet",
    });
  }
}

function makeDraft(folder: string): string {
  try {
    const draft = join(dirname(folder), `.${basename(folder)}-${process.pid}`);
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(draft);
    return draft;
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new ScaffoldError("scaffold/write-failed", `\`${folder}\` cannot be made: ${text}`, { cause });
  }
}

function writeFile(folder: string, { path, content, executable }: ScaffoldFile): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: executable ? 0o755 : 0o644 });
}

async function initGit(folder: string): Promise<SimpleGit> {
  const git = openPersonalGit(folder);
  await git.init(["--quiet", `--initial-branch=${BRANCH}`]);
  return git;
}

async function firstCommit(git: SimpleGit): Promise<string> {
  try {
    await git.add(["--all"]);
    await git.commit("begin with the example fleet", { "--quiet": null });
    return (await git.revparse(["HEAD"])).trim();
  } catch (cause) {
    if (!(await knowsIdentity(git))) {
      throw new ScaffoldError(
        "scaffold/no-identity",
        "git does not know who you are, whom the first commit names",
        {
          help: `${SET_IDENTITY}, then the same command again; or use --no-git`,
          cause,
        },
      );
    }
    const text = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new ScaffoldError("scaffold/git-failed", `the first commit failed: ${text}`, {
      help: "mend what git names, or use --no-git",
      cause,
    });
  }
}
