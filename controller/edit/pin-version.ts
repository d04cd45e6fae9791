import { memberOf } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, requireActiveVersion } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { removeFromYaml, setInYaml } from "./edit-yaml.ts";
import { placeOfScope, type ScopeFlags } from "./scope-place.ts";

export interface PinRequest {
  /** A tenant, or a site, group or device of it. */
  readonly scope: ScopeFlags;
  readonly version: string;
  readonly reason?: string | undefined;
  readonly owner?: string | undefined;
  /** A date or a date and time, as state writes it. */
  readonly expires?: string | undefined;
}

const DETAILS = ["reason", "owner", "expires"] as const;

/**
 * Pins a scope to one version of a product. An earlier pin there is replaced as a whole: its reason was a reason for
 * another version.
 *
 * @throws EditError `edit/yanked-version`, or a name that does not exist
 */
export function pinVersion({ files, devices }: EditContext, request: PinRequest): Edit {
  const product = chooseProduct(files, request.scope.product);
  requireActiveVersion(files, product, request.version);
  const place = placeOfScope(files, { ...request.scope, product }, devices);
  const path = [...place.path, "pin"];
  const details = Object.fromEntries(
    DETAILS.flatMap((key) => (request[key] === undefined ? [] : [[key, request[key]] as const])),
  );
  const hasPin = valueAt(files.value(place.file), path) !== undefined;
  const change = changeFile(
    files,
    place.file,
    (text) => {
      if (!hasPin) return setInYaml(text, path, { version: request.version, ...details });
      let edited = setInYaml(text, [...path, "version"], request.version);
      for (const key of DETAILS) {
        const value = details[key];
        edited =
          value === undefined
            ? removeFromYaml(edited, [...path, key])
            : setInYaml(edited, [...path, key], value);
      }
      return edited;
    },
    place.initial,
  );
  return {
    subject: `pin ${place.label} to ${product} ${request.version}`,
    reason: request.reason,
    changes: effectiveChanges([change]),
    notices: place.notices,
  };
}

export interface UnpinRequest {
  readonly scope: ScopeFlags;
  readonly reason?: string | undefined;
}

/** Removes the pin of a scope, so that its channel decides again. @throws EditError */
export function unpinVersion({ files, devices }: EditContext, request: UnpinRequest): Edit {
  const product = chooseProduct(files, request.scope.product);
  const place = placeOfScope(files, { ...request.scope, product }, devices);
  const path = [...place.path, "pin"];
  const subject = `unpin ${place.label} from ${product}`;
  const pinned = memberOf(valueAt(files.value(place.file), path), "version");
  if (pinned === undefined) {
    return { subject, changes: [], notices: [`${place.label} has no pin of ${product}`] };
  }
  const change = changeFile(files, place.file, (text) => removeFromYaml(text, path, place.keep));
  return {
    subject: `${subject} ${pinned}`,
    reason: request.reason,
    changes: effectiveChanges([change]),
    notices: place.notices,
  };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce(memberOf, value);
}
