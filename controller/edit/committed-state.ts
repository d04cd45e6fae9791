import { openRepository } from "../source/git-repository.ts";
import type { StateLocation } from "../source/locate-state.ts";
import { commitSource } from "../source/state-source.ts";
import { type StateAt, stateAt } from "../validate/state-at.ts";

/**
 * The state of the commit that is checked out, which is what a change is made to.
 *
 * @param now seconds since 1970
 * @throws SourceError
 */
export async function committedState({ root, path }: StateLocation, now: number): Promise<StateAt> {
  const repository = await openRepository(root);
  try {
    return await stateAt(commitSource(repository, path, "HEAD"), { now });
  } finally {
    repository.close();
  }
}
