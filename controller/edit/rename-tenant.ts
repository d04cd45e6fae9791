import { memberOf } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { notThere } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges, type FileChange } from "./edit.ts";
import { setInYaml } from "./edit-yaml.ts";
import { formerlyOf, requireFreeTenantName } from "./free-name.ts";
import { channelFile, type StateFiles } from "./state-files.ts";

export interface RenameTenantRequest {
  readonly tenant: string;
  readonly to: string;
  readonly reason?: string | undefined;
}

/**
 * Gives a tenant another name: its file, with the old name under `formerly`, and who else names it: channels that have a
 * group of it among their canaries, and expectations. It may go back to a name that it had.
 *
 * @throws EditError `edit/unknown-scope`, `edit/name-taken`, `edit/bad-argument`
 */
export function renameTenant({ files }: EditContext, { tenant, to, reason }: RenameTenantRequest): Edit {
  const file = `tenants/${tenant}.yaml`;
  const before = files.text(file);
  if (before === undefined) {
    throw notThere("edit/unknown-scope", `tenant \`${tenant}\` does not exist`, tenant, files.tenants());
  }
  requireFreeTenantName(files, to, tenant);
  const formerly = [tenant, ...formerlyOf(files, tenant).filter((name) => name !== to)];
  const renamed = changeFile(files, file, (text) => setInYaml(text, ["formerly"], formerly));
  return {
    subject: `rename tenant ${tenant} to ${to}`,
    reason,
    changes: [
      { path: file, before, after: undefined },
      { path: `tenants/${to}.yaml`, before: undefined, after: renamed.after, renamedFrom: file },
      ...effectiveChanges([...canaryChanges(files, tenant, to), ...expectationChanges(files, tenant, to)]),
    ],
    notices: [
      `its machines go on asking by \`${tenant}\`, and take \`${to}\` over with a check-in; \`fairlead status\` counts who does not yet`,
      `when nobody asks for it any more: \`fairlead tenant remove ${tenant} --reason ...\``,
    ],
  };
}

/** Channels name canary groups as `tenant/group`. */
function canaryChanges(files: StateFiles, tenant: string, to: string): FileChange[] {
  return files.products().flatMap((product) =>
    files.channels(product).flatMap((channel) => {
      const path = channelFile(product, channel);
      const groups = memberOf(memberOf(memberOf(files.value(path), "rollout"), "canary"), "groups");
      const named = Array.isArray(groups) ? groups.entries().toArray() : [];
      const ours = named.filter(([, group]) => String(group).startsWith(`${tenant}/`));
      if (ours.length === 0) return [];
      return changeFile(files, path, (text) =>
        ours.reduce(
          (edited, [index, group]) =>
            setInYaml(
              edited,
              ["rollout", "canary", "groups", index],
              `${to}/${String(group).slice(tenant.length + 1)}`,
            ),
          text,
        ),
      );
    }),
  );
}

/** Expectations name a tenant as the one that they are for, or as one of those that they are not for. */
function expectationChanges(files: StateFiles, tenant: string, to: string): FileChange[] {
  return files.expectations().flatMap((name) => {
    const path = `expectations/${name}.yaml`;
    const expected = memberOf(files.value(path), "expect");
    const places = (Array.isArray(expected) ? expected : []).flatMap((one: unknown, index) => {
      const scope = memberOf(one, "for");
      const except = memberOf(memberOf(scope, "except"), "tenants");
      const left = Array.isArray(except) ? except : [];
      return [
        ...(memberOf(scope, "tenant") === tenant ? [["expect", index, "for", "tenant"]] : []),
        ...left.flatMap((other: unknown, at) =>
          other === tenant ? [["expect", index, "for", "except", "tenants", at]] : [],
        ),
      ];
    });
    if (places.length === 0) return [];
    return changeFile(files, path, (text) =>
      places.reduce((edited, place) => setInYaml(edited, place, to), text),
    );
  });
}
