import type { ReadingRule } from "../rule.ts";

export const fileSubmodule: ReadingRule = {
  id: "file/submodule",
  severity: "error",
  summary: "a submodule stands where state is read",
  explanation:
    "State is one commit of one repository, good or refused as a whole. A submodule would bring in another one.",
  failing: { files: {}, irregular: [{ path: "tenants/shared", kind: "submodule" }] },
  passing: { files: {} },
  foundBy: "reading",
};
