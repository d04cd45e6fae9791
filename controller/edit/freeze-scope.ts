import { memberOf } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { removeFromYaml, setInYaml } from "./edit-yaml.ts";
import type { YamlValue } from "./render-yaml.ts";
import { placeOfScope, type ScopeFlags, type ScopePlace } from "./scope-place.ts";
import type { StateFiles } from "./state-files.ts";

export interface FreezeRequest {
  readonly scope: ScopeFlags;
  /** Dates, or dates and times with a zone, as state writes them. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly owner?: string | undefined;
  readonly exceptSecurity?: boolean | undefined;
}

/** Adds a freeze to a scope, after those that it has. @throws EditError */
export function freezeScope({ files, devices }: EditContext, request: FreezeRequest): Edit {
  const { scope, from, to, reason, owner } = request;
  const place = placeOfScope(files, scope, devices);
  const freeze = {
    from,
    to,
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(request.exceptSecurity === true ? { except: "security" } : {}),
  };
  const freezes: YamlValue = [...freezesAt(files, place), freeze];
  const change = changeFile(
    files,
    place.file,
    (text) => setInYaml(text, [...place.path, "freeze"], freezes),
    place.initial,
  );
  return {
    subject: `freeze ${place.label} until ${to}`,
    reason,
    changes: effectiveChanges([change]),
    notices: place.notices,
  };
}

export interface UnfreezeRequest {
  readonly scope: ScopeFlags;
  readonly reason?: string | undefined;
}

/** Takes all freezes of a scope out. Those of a wider scope still hold. @throws EditError */
export function unfreezeScope({ files, devices }: EditContext, { scope, reason }: UnfreezeRequest): Edit {
  const place = placeOfScope(files, scope, devices);
  const subject = `unfreeze ${place.label}`;
  if (freezesAt(files, place).length === 0) {
    return { subject, changes: [], notices: [`${place.label} has no freeze`] };
  }
  const change = changeFile(files, place.file, (text) =>
    removeFromYaml(text, [...place.path, "freeze"], place.keep),
  );
  return { subject, reason, changes: effectiveChanges([change]), notices: place.notices };
}

/** What stands there, whatever it is: `checkState` says whether the result is good. */
function freezesAt(files: StateFiles, { file, path }: ScopePlace): YamlValue[] {
  const said: unknown = memberOf(path.reduce(memberOf, files.value(file)), "freeze");
  return Array.isArray(said) ? said : [];
}
