import type { ReadingRule } from "../rule.ts";

export const valueBadSha256: ReadingRule = {
  id: "value/bad-sha256",
  severity: "error",
  summary: "a value is not a SHA-256",
  explanation:
    "An artifact is known by its SHA-256: 64 lower-case hexadecimal digits. `fairlead release add` writes it from the file itself.",
  failing: {
    files: {
      "products/agent/versions/1.1.0.yaml": `version: 1.1.0\nartifacts:\n  - {platform: linux-x64, format: binary, url: artifacts/agent, size: 100, sha256: 9F2C}\n`,
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.1.0.yaml": `version: 1.1.0\nartifacts:\n  - {platform: linux-x64, format: binary, url: artifacts/agent, size: 100, sha256: ${"a0".repeat(32)}}\n`,
    },
  },
  foundBy: "reading",
};
