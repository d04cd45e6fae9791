import { spawn } from "node:child_process";
import type { Forge } from "../forge/forge.ts";

export interface RequestText {
  /** A folder of the work tree. */
  readonly folder: string;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

const DEADLINE_MS = 60_000;
const MAX_OUTPUT = 64 * 1024;

/**
 * Opens a pull or merge request with `gh` or `glab`.
 *
 * @returns its address; `undefined` when the program is not there, refuses, or takes more than a minute
 */
export function openRequest(forge: Forge, text: RequestText): Promise<string | undefined> {
  const command = commandFor(forge, text);
  if (command === undefined) return Promise.resolve(undefined);
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const child = spawn(command.program, command.args, {
    cwd: text.folder,
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, DEADLINE_MS);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    if (output.length < MAX_OUTPUT) output += chunk;
  });
  child.once("error", () => {
    clearTimeout(timer);
    resolve(undefined);
  });
  child.once("close", (code) => {
    clearTimeout(timer);
    resolve(code === 0 ? /https?:\/\/\S+/.exec(output)?.[0] : undefined);
  });
  return promise;
}

function commandFor(forge: Forge, text: RequestText): { program: string; args: string[] } | undefined {
  switch (forge) {
    case "github":
      return {
        program: "gh",
        args: [
          ...["pr", "create", "--head", text.branch, "--base", text.base],
          ...["--title", text.title, "--body", text.body],
        ],
      };
    case "gitlab":
      return {
        program: "glab",
        args: [
          ...["mr", "create", "--yes", "--source-branch", text.branch, "--target-branch", text.base],
          ...["--title", text.title, "--description", text.body],
        ],
      };
    case "gitea":
      return undefined;
  }
}
