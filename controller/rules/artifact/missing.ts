import { hostedFiles } from "../hosted-files.ts";
import type { StateRule } from "../rule.ts";

export const artifactMissing: StateRule = {
  id: "artifact/missing",
  severity: "warning",
  summary: "the artifact folder does not have a file that a version names",
  needs: "artifacts",
  explanation:
    "Agents that are offered the version ask the controller for the file, and are answered 503. Needs the artifact folder: `artifacts/` of the state root where it is there, or what `--artifacts` names.",
  failing: { files: {}, artifacts: { "agent-1.1.0": { size: 1000 } } },
  passing: { files: {}, artifacts: { "agent-1.0.0": { size: 1000 }, "agent-1.1.0": { size: 1000 } } },
  *check({ state, artifacts }) {
    if (artifacts === undefined) return;
    for (const { document, path, name, isYanked } of hostedFiles(state.products.values())) {
      if (isYanked || artifacts.has(name)) continue;
      yield {
        message: `\`${name}\` is not in the artifact folder`,
        at: { document, path: [...path, "url"] },
        help: "put the file there; to offer the version to nobody, `fairlead yank` it",
      };
    }
  },
};
