import { changedEntries } from "../../state/chunked-map.ts";
import type { StateDocument } from "../../state/fleet-model.ts";
import { formerNamesOf } from "../../state/former-names.ts";
import type { RuleContext, StateRule } from "../rule.ts";

export const tenantRemoved: StateRule = {
  id: "tenant/removed",
  severity: "error",
  summary: "a tenant, or a name that it had, is gone and nobody says why",
  needs: "before",
  explanation:
    "The machines of a tenant find its settings by a key that is made from its name. Under another name, or with no file, they find nothing (`trust/unknown-target`) and stay as they are until somebody enrols them again. A tenant that is renamed lists its old name under `formerly`; one that is really gone, or a former name that nobody uses any more, is named under `removed` in fleet.yaml with the reason. `fairlead tenant rename` and `fairlead tenant remove` do just that. Needs the state before the change (`--base`).",
  failing: {
    before: {},
    files: { "tenants/acme.yaml": null, "tenants/acme-labs.yaml": "channel: stable\n" },
  },
  passing: {
    before: { "tenants/globex.yaml": "channel: stable\n" },
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nremoved: {tenants: {globex: {reason: the contract ended}}}\n",
      "tenants/acme.yaml": null,
      "tenants/acme-labs.yaml": "formerly: [acme]\nchannel: stable\n",
    },
  },
  *check({ state, before }) {
    if (before === undefined || state.fleet === undefined || before.tenants === state.tenants) return;
    const removed = state.fleet.value.removed?.tenants ?? {};
    const answered = new Set(formerNamesOf(state.tenants).map(({ former }) => former));
    const isAnswered = (name: string): boolean =>
      state.files.has(`tenants/${name}.yaml`) || answered.has(name) || Object.hasOwn(removed, name);

    for (const [name, earlier, now] of changedEntries(before.tenants, state.tenants)) {
      if (earlier === undefined || now !== undefined || isAnswered(name)) continue;
      yield {
        message: `tenant \`${name}\` is gone: its machines find no settings any more`,
        at: { file: earlier.file },
        help: `${renameHelp(name, newNameOf(earlier, state, before))}; where it is really gone, \`fairlead tenant remove ${name} --reason ...\``,
      };
    }
    for (const { former, tenant } of formerNamesOf(before.tenants)) {
      const document = state.tenants.get(tenant);
      // A file that cannot be read may list it still.
      if (isAnswered(former) || (document === undefined && state.files.has(`tenants/${tenant}.yaml`)))
        continue;
      yield {
        message: `nobody answers to \`${former}\` any more, which tenant \`${tenant}\` was called`,
        at: document === undefined ? { file: `tenants/${tenant}.yaml` } : { document, path: ["formerly"] },
        help: `keep it in \`formerly\` until no machine uses it (\`fairlead status\` counts them), then \`fairlead tenant remove ${former} --reason ...\``,
      };
    }
  },
};

function renameHelp(name: string, next: string | undefined): string {
  return next === undefined
    ? `where it has another name now, add \`formerly: [${name}]\` to its file, as \`fairlead tenant rename\` does`
    : `where it is called \`${next}\` now, add \`formerly: [${name}]\` to tenants/${next}.yaml, as \`fairlead tenant rename\` does`;
}

/** The tenant that came with the change and says just what the one that went said; else the only one that came. */
function newNameOf(
  gone: StateDocument<unknown>,
  state: RuleContext["state"],
  before: NonNullable<RuleContext["before"]>,
): string | undefined {
  const come = [...changedEntries(before.tenants, state.tenants)].flatMap(([name, earlier, now]) =>
    earlier === undefined && now !== undefined ? [{ name, blob: now.blob }] : [],
  );
  const same = come.find(({ blob }) => blob === gone.blob);
  return same?.name ?? (come.length === 1 ? come[0]?.name : undefined);
}
