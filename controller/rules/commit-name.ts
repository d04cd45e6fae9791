import type { SoundState } from "../state/sound-state.ts";

/** The commit as messages name it. */
export function commitName({ commit }: Pick<SoundState, "commit">): string {
  return commit === "worktree" ? "the work tree" : `commit ${commit.slice(0, 7)}`;
}
