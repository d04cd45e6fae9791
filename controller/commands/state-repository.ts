import { printPretty } from "../diagnostics/print-pretty.ts";
import { PlanError } from "../plan/plan-error.ts";
import { type GitRepository, openRepository } from "../source/git-repository.ts";
import { locateState, type StateLocation } from "../source/locate-state.ts";
import type { StateAt } from "../validate/state-at.ts";
import { EXIT } from "./command-line.ts";

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

/** Prints why a state is refused, on the error stream, and sets the exit code. */
export function showFindings({ diagnostics, snapshot }: StateAt, path: string, refused: string): void {
  const texts = new Map(snapshot.files.map((file) => [file.path, file.bytes]));
  const frames = printPretty(diagnostics, {
    textOf: (file) => texts.get(file)?.toString("utf8"),
    pathPrefix: path === "" ? "" : `${path}/`,
    colour: process.stderr.isTTY && process.env.NO_COLOR === undefined,
    toolVersion: "",
  });
  process.stderr.write(`${frames}\n${refused}: the state has errors\n`);
  process.exitCode = EXIT.refused;
}
