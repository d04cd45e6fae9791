import { flagAt, memberOf } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { removeFromYaml, setInYaml } from "./edit-yaml.ts";
import { placeOfScope, type ScopeFlags } from "./scope-place.ts";

export interface PauseRequest {
  readonly scope: ScopeFlags;
  readonly reason: string;
  /** When it ends by itself, as state writes it; absent: by a commit. */
  readonly until?: string | undefined;
}

/** Pauses a scope: nothing below it is updated, whatever other settings say. @throws EditError */
export function pauseScope({ files, devices }: EditContext, { scope, reason, until }: PauseRequest): Edit {
  const place = placeOfScope(files, scope, devices);
  const change = changeFile(
    files,
    place.file,
    (text) =>
      setInYaml(text, [...place.path, "paused"], { reason, ...(until === undefined ? {} : { until }) }),
    place.initial,
  );
  return {
    subject: `pause ${place.label}${forProduct(scope)}${until === undefined ? "" : ` until ${until}`}`,
    reason,
    changes: effectiveChanges([change]),
    notices: place.notices,
  };
}

export interface ResumeRequest {
  readonly scope: ScopeFlags;
  readonly reason?: string | undefined;
}

/** Ends the pause of a scope. A pause of a wider scope still holds. @throws EditError */
export function resumeScope({ files, devices }: EditContext, { scope, reason }: ResumeRequest): Edit {
  const place = placeOfScope(files, scope, devices);
  const subject = `resume ${place.label}${forProduct(scope)}`;
  const scopeNow = place.path.reduce(memberOf, files.value(place.file));
  if (memberOf(scopeNow, "paused") === undefined || flagAt(scopeNow, "paused") === false) {
    return { subject, changes: [], notices: [`${place.label} is not paused`] };
  }
  const change = changeFile(files, place.file, (text) =>
    removeFromYaml(text, [...place.path, "paused"], place.keep),
  );
  return {
    subject,
    reason,
    changes: effectiveChanges([change]),
    notices: place.notices,
  };
}

function forProduct(scope: ScopeFlags): string {
  return scope.tenant !== undefined && scope.product !== undefined ? ` for ${scope.product}` : "";
}
