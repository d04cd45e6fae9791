import { textAt } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { setInYaml } from "./edit-yaml.ts";
import { placeOfScope, type ScopeFlags } from "./scope-place.ts";

export interface MinimumRequest {
  /** The fleet, a product or a channel. */
  readonly scope: Pick<ScopeFlags, "fleet" | "product" | "channel">;
  readonly version: string;
  readonly reason?: string | undefined;
}

/**
 * Sets the minimum version of a scope: devices below it update at once, past waves and windows.
 *
 * @throws EditError
 */
export function setMinimum({ files }: EditContext, { scope, version, reason }: MinimumRequest): Edit {
  const place = placeOfScope(files, scope);
  const before = textAt(files.value(place.file), "minVersion");
  const change = changeFile(files, place.file, (text) => setInYaml(text, ["minVersion"], version));
  return {
    subject: `minimum of ${place.label} is ${version}`,
    reason,
    changes: effectiveChanges([change]),
    notices: [`minimum of ${place.label}: ${before ?? "none"} -> ${version}`],
  };
}
