import type { ReadingRule } from "../rule.ts";

export const fileSymlink: ReadingRule = {
  id: "file/symlink",
  severity: "error",
  summary: "a symbolic link stands where state is read",
  explanation:
    "A link can point out of the repository, or to another file than the reviewer saw. It is never followed.",
  failing: {
    files: { "tenants/acme.yaml": null },
    irregular: [{ path: "tenants/acme.yaml", kind: "symlink" }],
  },
  passing: { files: { "tenants/acme.yaml": "channel: stable\n" } },
  foundBy: "reading",
};
