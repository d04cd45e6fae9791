/** One step of a scenario: a file that is written, or a command with what it prints and its exit code. */
export type Step =
  | { readonly kind: "write"; readonly path: string; readonly content: string }
  | { readonly kind: "run"; readonly command: string; readonly output: string; readonly exitCode: number };

/** A scenario file: a sentence that says what holds, then steps. */
export interface Scenario {
  readonly title: string;
  readonly steps: readonly Step[];
}

const WRITE = /^<<< (\S+)$/;
const RUN = /^\$ (.+)$/;
const EXIT = /^\[exit (\d+)\]$/;

/**
 * Reads the text form:
 *
 *     what the scenario shows, in one sentence
 *
 *     <<< products/agent/channels/beta.yaml      the following lines are the file, up to >>>
 *     version: 1.2.0
 *     >>>
 *     $ git commit -qam edit                     the following lines are what the command prints,
 *     [exit 1]                                   with its exit code at the end unless that is 0
 *     $ cd ../demo                               the steps after it run and write there
 */
export function readScenario(text: string): Scenario {
  const lines = text.trimEnd().split("\n");
  const steps: Step[] = [];
  let next = lines.findIndex((line) => WRITE.test(line) || RUN.test(line));
  const title = lines.slice(0, next).join(" ").trim();
  while (next < lines.length) {
    const line = lines[next] ?? "";
    const path = WRITE.exec(line)?.[1];
    const command = RUN.exec(line)?.[1];
    const start = next + 1;
    if (path !== undefined) {
      next = lines.indexOf(">>>", start);
      if (next === -1) throw new Error(`\`${line}\` has no >>>`);
      steps.push({ kind: "write", path, content: `${lines.slice(start, next).join("\n")}\n` });
      next++;
    } else if (command !== undefined) {
      next = start;
      while (next < lines.length && !WRITE.test(lines[next] ?? "") && !RUN.test(lines[next] ?? "")) next++;
      const printed = lines.slice(start, next).join("\n").trimEnd().split("\n");
      const exit = EXIT.exec(printed.at(-1) ?? "")?.[1];
      if (exit !== undefined) printed.pop();
      steps.push({ kind: "run", command, output: printed.join("\n").trimEnd(), exitCode: Number(exit ?? 0) });
    } else if (line.trim() === "") {
      next = start;
    } else {
      throw new Error(`line ${next + 1} is neither a file nor a command: ${line}`);
    }
  }
  return { title, steps };
}

/** Writes the text form back, so that `UPDATE_SCENARIOS=1` can record what commands print. */
export function writeScenario({ title, steps }: Scenario): string {
  const parts = steps.map((step) => {
    if (step.kind === "write") return `<<< ${step.path}\n${step.content}>>>\n`;
    const output = step.output === "" ? "" : `${step.output}\n`;
    return `$ ${step.command}\n${output}${step.exitCode === 0 ? "" : `[exit ${step.exitCode}]\n`}`;
  });
  return `${title}\n\n${parts.join("\n")}`;
}
