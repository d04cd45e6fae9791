import { changeFile } from "./change-file.ts";
import type { FileChange } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { setInYaml } from "./edit-yaml.ts";
import type { StateFiles } from "./state-files.ts";

/** Why something is gone on purpose, and who answers for it. */
export interface Removal {
  readonly reason: string;
  readonly owner?: string | undefined;
}

/** The entries of `removed` in fleet.yaml that say of these names that they are gone on purpose. */
export function declareRemoved(
  files: StateFiles,
  part: "tenants" | "products" | "channels",
  names: readonly string[],
  { reason, owner }: Removal,
): FileChange {
  const why = { reason, ...(owner === undefined ? {} : { owner }) };
  return changeFile(files, "fleet.yaml", (text) =>
    names.reduce((edited, name) => setInYaml(edited, ["removed", part, name], why), text),
  );
}

/** Users that a refusal names. */
const MOST_NAMED = 3;

/** @param users of what is to go, such as `tenant acme (tenants/acme.yaml)` @throws EditError `edit/in-use` */
export function requireUnused(what: string, users: readonly string[], help: string): void {
  if (users.length === 0) return;
  const more = users.length > MOST_NAMED ? `, and ${users.length - MOST_NAMED} more` : "";
  throw new EditError("edit/in-use", `${what} ${users.slice(0, MOST_NAMED).join(", ")}${more}`, { help });
}

/** Machines of an inventory that would be stranded, as a refusal names them; empty: there is none. */
export function listMachines(devices: readonly string[]): readonly string[] {
  const named = [...new Set(devices)].sort();
  const machines = named.length === 1 ? "1 machine" : `${named.length} machines`;
  return named.length === 0 ? [] : [`${machines} of the inventory (such as ${named[0]})`];
}
