import { printJson } from "../diagnostics/print-json.ts";
import { printPretty } from "../diagnostics/print-pretty.ts";
import { PLAN_ERRORS, PlanError } from "../plan/plan-error.ts";
import { type GitRepository, openRepository } from "../source/git-repository.ts";
import { locateState, type StateLocation } from "../source/locate-state.ts";
import type { StateAt } from "../validate/state-at.ts";
import { isColoured } from "./colour.ts";
import { EXIT } from "./command-line.ts";
import type { Refusal } from "./refusal.ts";

/** A state root on this machine, and the repository that it is in. */
export interface StateRepository {
  readonly repository: GitRepository;
  readonly location: StateLocation;
}

/**
 * Runs `task` with the repository around the state root that `root` names, or that is found from the working folder.
 *
 * @throws PlanError `plan/no-repository`, StateLocationError, SourceError
 */
export async function withStateRepository(
  root: string | undefined,
  task: (state: StateRepository) => Promise<void>,
): Promise<void> {
  const location = locateState(process.cwd(), root);
  if (location.repository === undefined) {
    throw new PlanError("plan/no-repository", `\`${location.root}\` is not in a git repository`, {
      help: "what was promoted when comes from its history: run `git init` and commit the state first",
    });
  }
  const repository = await openRepository(location.repository);
  try {
    await task({ repository, location });
  } finally {
    repository.close();
  }
}

/**
 * Says why a state is refused: to people on the error stream, to a program as every error, with the findings beside it.
 * Sets the exit code.
 */
export function showFindings(
  { diagnostics, snapshot }: StateAt,
  path: string,
  refused: string,
  isJson: boolean,
): void {
  const texts = new Map(snapshot.files.map((file) => [file.path, file.bytes]));
  const options = {
    textOf: (file: string) => texts.get(file)?.toString("utf8"),
    pathPrefix: path === "" ? "" : `${path}/`,
    colour: isColoured(process.stderr),
    toolVersion: "",
  };
  const message = `${refused}: the state has errors`;
  if (isJson) {
    const error: Refusal = {
      id: "plan/invalid-state",
      message,
      help: PLAN_ERRORS["plan/invalid-state"].remedy,
    };
    const findings = JSON.parse(printJson(diagnostics, options));
    process.stdout.write(`${JSON.stringify({ error, ...findings }, undefined, 2)}\n`);
  } else {
    process.stderr.write(`${printPretty(diagnostics, options)}\n${message}\n`);
  }
  process.exitCode = EXIT.refused;
}
