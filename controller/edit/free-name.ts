import { isChannelName, isName } from "../../protocol/manifest-names.ts";
import { memberOf, textAt } from "../source/unchecked-yaml.ts";
import { EditError } from "./edit-error.ts";
import type { StateFiles } from "./state-files.ts";

type Part = "tenants" | "products" | "channels";

/** @throws EditError `edit/bad-argument` for what cannot be the name of a tenant or a product */
export function requireName(name: string): void {
  if (isName(name)) return;
  throw new EditError("edit/bad-argument", `\`${name}\` is no name`, {
    help: "use lower-case letters, digits and dashes, a letter first, at most 63 of them",
  });
}

/** @throws EditError `edit/bad-argument` for what cannot be the name of a channel */
export function requireChannelName(name: string): void {
  if (isChannelName(name)) return;
  throw new EditError("edit/bad-argument", `\`${name}\` is no name of a channel`, {
    help: "use lower-case letters, digits, dashes, and dots inside, a letter first, at most 63 of them",
  });
}

/** @throws EditError `edit/name-taken` while fleet.yaml says that what had the name is gone */
export function requireNotRemoved(files: StateFiles, part: Part, name: string): void {
  const entry = memberOf(memberOf(memberOf(files.value("fleet.yaml"), "removed"), part), name);
  if (entry === undefined) return;
  throw new EditError(
    "edit/name-taken",
    `\`${name}\` was removed (${textAt(entry, "reason") ?? "no reason given"}), and machines may still ask by that name`,
    {
      help: `take another name, or take \`removed.${part}.${name}\` out of fleet.yaml when no such machine is left`,
    },
  );
}

/** The tenants that answer to a name which they had before, by that name. */
export function formerNames(files: StateFiles): ReadonlyMap<string, string> {
  return new Map(
    files.tenants().flatMap((tenant) => formerlyOf(files, tenant).map((former) => [former, tenant] as const)),
  );
}

/** What a tenant's file lists under `formerly`. */
export function formerlyOf(files: StateFiles, tenant: string): readonly string[] {
  const listed = memberOf(files.value(`tenants/${tenant}.yaml`), "formerly");
  return Array.isArray(listed) ? listed.filter((name) => typeof name === "string") : [];
}

/**
 * A name that a tenant may take.
 *
 * @param except this tenant may take one that it had
 * @throws EditError `edit/bad-argument`, `edit/name-taken`
 */
export function requireFreeTenantName(files: StateFiles, name: string, except?: string): void {
  requireName(name);
  if (files.tenants().includes(name)) {
    throw new EditError("edit/name-taken", `there is a tenant \`${name}\``, { help: "choose another name" });
  }
  const user = formerNames(files).get(name);
  if (user !== undefined && user !== except) {
    throw new EditError("edit/name-taken", `tenant \`${user}\` was called \`${name}\`, and answers to it`, {
      help: "choose another name: machines that know the key of the old name could read the new tenant's settings",
    });
  }
  requireNotRemoved(files, "tenants", name);
}
