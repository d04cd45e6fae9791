import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/**
 * Commits what has changed in a repository, from a process of its own. Were git started by the process that is measured,
 * the copy of its memory that a fork makes would be counted with what it does next.
 */
export class Committer {
  private readonly shell: ChildProcessByStdio<Writable, Readable, null>;

  constructor(folder: string) {
    this.shell = spawn("sh", [], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  }

  /** @param message letters, digits and spaces */
  async commit(message: string): Promise<void> {
    const done = once(this.shell.stdout, "data");
    this.shell.stdin.write(
      `git -c user.name=bench -c user.email=bench@acme.example commit -qam "${message}"; echo done\n`,
    );
    await done;
  }

  close(): void {
    this.shell.stdin.end();
  }
}
