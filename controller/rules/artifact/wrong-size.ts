import { hostedFiles } from "../hosted-files.ts";
import type { StateRule } from "../rule.ts";

export const artifactWrongSize: StateRule = {
  id: "artifact/wrong-size",
  severity: "error",
  summary: "a file of the artifact folder has another length than was signed",
  needs: "artifacts",
  explanation:
    "What is installed is what the release key signed: agents refuse a file with other bytes, and the controller does not serve it. Needs the artifact folder: `artifacts/` of the state root where it is there, or what `--artifacts` names.",
  failing: {
    files: {},
    artifacts: { "agent-1.0.0": { size: 1000 }, "agent-1.1.0": { size: 999 } },
  },
  passing: { files: {}, artifacts: { "agent-1.0.0": { size: 1000 }, "agent-1.1.0": { size: 1000 } } },
  *check({ state, artifacts }) {
    if (artifacts === undefined) return;
    for (const { document, path, name, size } of hostedFiles(state.products.values())) {
      const file = artifacts.get(name);
      if (file === undefined || file.size === size) continue;
      yield {
        message: `\`${name}\` has ${file.size} bytes, and ${size} were published`,
        at: { document, path: [...path, "size"] },
        help: "put the file there that was published; new bytes need a new version",
      };
    }
  },
};
