import { changeFile } from "./change-file.ts";
import { notThere } from "./choose-product.ts";
import { declareRemoved, type Removal } from "./declare-removed.ts";
import type { Edit, EditContext, FileChange } from "./edit.ts";
import { removeFromYaml, setInYaml } from "./edit-yaml.ts";
import { formerlyOf, formerNames } from "./free-name.ts";
import type { StateFiles } from "./state-files.ts";

export interface RemoveTenantRequest extends Removal {
  /** What it is called, or was called. */
  readonly tenant: string;
}

/**
 * Removes a tenant with all names that it answers to, or one name that a tenant had before, and says why in fleet.yaml:
 * machines may still ask by it.
 *
 * @throws EditError `edit/unknown-scope`
 */
export function removeTenant({ files }: EditContext, request: RemoveTenantRequest): Edit {
  const { tenant, reason } = request;
  const file = `tenants/${tenant}.yaml`;
  const before = files.text(file);
  const former = formerNames(files);
  if (before !== undefined) {
    return {
      subject: `remove tenant ${tenant}`,
      reason,
      changes: [
        { path: file, before, after: undefined },
        declareRemoved(files, "tenants", [tenant, ...formerlyOf(files, tenant)], request),
      ],
      notices: [
        "its machines find no settings any more and stay as they are until they enrol again",
        "`removed` in fleet.yaml keeps the name from being taken: take it out when none of its machines is left",
      ],
    };
  }
  const user = former.get(tenant);
  if (user === undefined) {
    const known = [...files.tenants(), ...former.keys()];
    throw notThere("edit/unknown-scope", `no tenant is or was called \`${tenant}\``, tenant, known);
  }
  return {
    subject: `remove the former name ${tenant} of tenant ${user}`,
    reason,
    changes: [withoutFormerName(files, user, tenant), declareRemoved(files, "tenants", [tenant], request)],
    notices: [`machines that still ask by \`${tenant}\` find no settings any more`],
  };
}

function withoutFormerName(files: StateFiles, tenant: string, former: string): FileChange {
  const others = formerlyOf(files, tenant).filter((name) => name !== former);
  return changeFile(files, `tenants/${tenant}.yaml`, (text) =>
    others.length > 0 ? setInYaml(text, ["formerly"], others) : removeFromYaml(text, ["formerly"]),
  );
}
