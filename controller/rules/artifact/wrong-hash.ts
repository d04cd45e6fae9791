import { hostedFiles } from "../hosted-files.ts";
import type { StateRule } from "../rule.ts";

export const artifactWrongHash: StateRule = {
  id: "artifact/wrong-hash",
  severity: "error",
  summary: "a file of the artifact folder has other bytes than were signed",
  needs: "artifacts",
  explanation:
    "A file of the right length with other bytes: damaged, or exchanged. Agents refuse it, and the controller does not serve it. Files are read only where `validate --artifacts` asks for it; pointers of Git LFS say their hash by themselves.",
  failing: {
    files: {},
    artifacts: {
      "agent-1.0.0": { size: 1000, sha256: "a0".repeat(32) },
      "agent-1.1.0": { size: 1000, sha256: "b1".repeat(32) },
    },
  },
  passing: {
    files: {},
    artifacts: {
      "agent-1.0.0": { size: 1000, sha256: "a0".repeat(32) },
      "agent-1.1.0": { size: 1000 },
    },
  },
  *check({ state, artifacts }) {
    if (artifacts === undefined) return;
    for (const { document, path, name, size, sha256 } of hostedFiles(state.products.values())) {
      const file = artifacts.get(name);
      // Another length says it already.
      if (file?.sha256 === undefined || file.size !== size || file.sha256 === sha256) continue;
      yield {
        message: `\`${name}\` has other bytes than were published: SHA-256 ${file.sha256}`,
        at: { document, path: [...path, "sha256"] },
        help: "put the file there that was published; new bytes need a new version",
      };
    }
  },
};
