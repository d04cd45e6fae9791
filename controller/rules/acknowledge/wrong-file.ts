import type { AcknowledgingRule } from "../rule.ts";

export const acknowledgeWrongFile: AcknowledgingRule = {
  id: "acknowledge/wrong-file",
  severity: "error",
  summary: "fleet.yaml acknowledges what another state file could",
  explanation:
    "A warning is acknowledged in the file that it is about, where whoever changes that file sees it. With `file`, `fleet.yaml` speaks for files that can hold no acknowledgement: signed files of `trust/`, a file that nothing reads, a version file that is gone.",
  failing: {
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nacknowledge:\n  - {rule: tenant/ownerless-pin, file: tenants/acme.yaml, reason: moves in spring, owner: ops@acme.example, expires: 2027-01-31}\n",
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0}}}\n",
    },
  },
  passing: {
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nacknowledge:\n  - {rule: file/unreferenced, file: tenants/eu/globex.yaml, reason: moves in spring, owner: ops@acme.example, expires: 2027-01-31}\n",
      "tenants/eu/globex.yaml": "channel: stable\n",
    },
  },
  foundBy: "acknowledging",
};
