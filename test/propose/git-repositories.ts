import { cp } from "node:fs/promises";
import { join } from "node:path";
import { runOk } from "../support/run-command.ts";

/** What a branch of a real repository holds. */
export class Branches {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async names(): Promise<string[]> {
    const text = await this.git("for-each-ref", "--format=%(refname:short)", "refs/heads/");
    return text.split("\n").filter((name) => name !== "");
  }

  async git(...args: string[]): Promise<string> {
    return (await runOk("git", ["-c", "safe.directory=*", ...args], { cwd: this.folder })).trim();
  }
}

/** A bare copy of a repository, as a git server has it. */
export async function bareCopy(of: string, folder: string): Promise<Branches> {
  const path = join(folder, "state.git");
  await cp(join(of, ".git"), path, { recursive: true });
  const branches = new Branches(path);
  await branches.git("config", "core.bare", "true");
  return branches;
}
