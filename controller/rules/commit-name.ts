import type { SoundState } from "../state/sound-state.ts";

/** The commit as messages name it. */
export function commitName({ commit }: Pick<SoundState, "commit">): string {
  switch (commit) {
    case "worktree":
      return "the work tree";
    case "staged":
      return "what is staged";
    default:
      return `commit ${commit.slice(0, 7)}`;
  }
}
