import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { parse } from "yaml";

export type Outcome = "success" | "failure" | "skipped";

/** What a pipeline said, and how it ended. */
export interface PipelineResult {
  readonly code: number;
  /** Of each step that runs something, by its id, or its place in the list. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly log: string;
}

export interface Machine {
  /** All that programs see of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the repository is checked out. */
  readonly folder: string;
  /** Fairlead is installed there already, by the pipeline before. */
  readonly isInstalled: boolean;
}

/** How a line begins that installs it. */
const INSTALL = /^npm install --global .*FAIRLEAD_PACKAGE/;

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs the job of a workflow as GitHub's runner does: steps in `bash -e`, those without an `if` only while none has failed.
 * What others' actions would do (`uses`) has to be done already.
 *
 * @param values of the expressions that stand in `${{ }}`; one that is not among them is a mistake of the test
 */
export async function runGithubJob(
  workflow: string,
  machine: Machine,
  values: Readonly<Record<string, string>>,
): Promise<PipelineResult> {
  const { env: jobEnv, steps } = parse(workflow).jobs.check as {
    readonly env: Readonly<Record<string, string>>;
    readonly steps: readonly Step[];
  };
  const outcomes: Record<string, Outcome> = {};
  let log = "";
  let failed = false;
  const evaluate = (text: string): string =>
    text.replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
      const [, id = ""] = /^steps\.(\w+)\.outcome$/.exec(expression) ?? [];
      const value = id === "" ? values[expression] : outcomes[id];
      assert.ok(value !== undefined, `nobody says what ${expression} is`);
      return value;
    });
  const evaluateAll = (some: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(some).map(([name, text]) => [name, evaluate(text)]));

  for (const [i, step] of steps.entries()) {
    assert.ok(
      step.if === undefined || /^\$\{\{ !cancelled\(\) \}\}$/.test(step.if),
      `unknown condition ${step.if}`,
    );
    outcomes[step.id ?? i] = "skipped";
    if (machine.isInstalled && INSTALL.test(step.run ?? "")) continue;
    if (step.run === undefined || (failed && step.if === undefined)) continue;
    const env = { ...machine.env, ...evaluateAll(jobEnv), ...evaluateAll(step.env) };
    const ran = await bash(["-e"], evaluate(step.run), { ...machine, env });
    log += ran.log;
    outcomes[step.id ?? i] = ran.code === 0 ? "success" : "failure";
    failed ||= ran.code !== 0;
  }
  return { code: failed ? 1 : 0, outcomes, log };
}

/** Runs the script of a GitLab job as its runner does: all lines in one shell that ends with the first that fails. */
export async function runGitlabJob(pipeline: string, machine: Machine): Promise<PipelineResult> {
  const { variables, script } = parse(pipeline).fairlead as {
    readonly variables: Readonly<Record<string, string | number>>;
    readonly script: readonly string[];
  };
  // As GitLab replaces variables in variables.
  const own = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      String(value).replace(/\$(\w+)/g, (_, known: string) => machine.env[known] ?? ""),
    ]),
  );
  const lines = script.filter((line) => !machine.isInstalled || !INSTALL.test(line));
  const ran = await bash(["-eo", "pipefail"], lines.join("\n"), {
    ...machine,
    env: { ...machine.env, ...own },
  });
  return { ...ran, outcomes: {} };
}

/** Never throws for an exit code. */
function bash(
  flags: readonly string[],
  script: string,
  { env, folder }: Machine,
): Promise<{ code: number; log: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; log: string }>();
  const child = spawn("bash", ["--noprofile", "--norc", ...flags, "-c", script], { cwd: folder, env });
  let log = "";
  const keep = (text: string): void => {
    log += text;
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  child.stdin.end();
  child.on("error", reject);
  child.on("close", (code) => resolve({ code: code ?? 1, log }));
  return promise;
}
