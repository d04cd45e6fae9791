import { compareVersions, isVersion, type VersionScheme } from "../../protocol/version.ts";
import { memberOf } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, requireActiveVersion, requireChannel } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { removeFromYaml, setInYaml } from "./edit-yaml.ts";
import { leaveVersion } from "./leave-version.ts";
import { channelFile, type StateFiles, versionFile } from "./state-files.ts";

/** What to promote: a version, or whatever another channel points to. */
export type PromotionSource = { readonly version: string } | { readonly channel: string };

export interface PromoteRequest {
  readonly product: string | undefined;
  readonly source: PromotionSource;
  readonly to: string;
}

/**
 * Points a channel to a version. A rollback that the channel declares is kept for those versions that are above the
 * new one and removed for the others. What was said of the version that it leaves is removed.
 *
 * @throws EditError `edit/yanked-version`, `edit/unpromotable-version`, `edit/lower-version`, or a name that does not exist
 */
export function promoteVersion({ files }: EditContext, request: PromoteRequest): Edit {
  const product = chooseProduct(files, request.product);
  const target = requireChannel(files, product, request.to);
  const version = versionOf(files, product, request.source);
  const { promotable } = requireActiveVersion(files, product, version);
  const scheme = schemeOf(files, product);
  const current = target.version;
  // A channel at a yanked version may go to a lower one: nobody is offered the yanked one, and devices on it stay.
  const offered = current !== undefined && files.version(product, current)?.active === true;
  if (offered && compare(scheme, version, current) < 0) {
    throw new EditError("edit/lower-version", `${request.to} points to ${current}, and ${version} is lower`, {
      help:
        `devices never go down by a promotion: use \`fairlead rollback ${request.to} --to ${version} --reason ...\`, ` +
        `or \`fairlead yank ${current} --reason ...\``,
    });
  }
  const subject = `promote ${product} ${version} to ${request.to}`;
  if (current === version) {
    return { subject, changes: [], notices: [`${request.to} already points to ${version}`] };
  }
  if (!promotable) {
    throw new EditError("edit/unpromotable-version", `${product} ${version} may go to no further channel`, {
      help: `choose another version, or take \`promotable: false\` out of ${versionFile(product, version)} first`,
    });
  }
  const change = changeFile(files, channelFile(product, request.to), (text) => {
    const stillLeaving = target.rollbackFrom.filter((from) => compare(scheme, from, version) > 0);
    return leaveVersion(
      withRollbackFrom(setInYaml(text, ["version"], version), target.rollbackFrom, stillLeaving),
      files.value(channelFile(product, request.to)),
      version,
    );
  });
  const via = "channel" in request.source ? ` (from ${request.source.channel})` : "";
  return {
    subject,
    changes: effectiveChanges([change]),
    notices: [`${request.to} of ${product}: ${current ?? "nothing"} -> ${version}${via}`],
  };
}

/** How a product counts; `semver` where its file does not say. */
export function schemeOf(files: StateFiles, product: string): VersionScheme {
  const scheme = memberOf(files.value(`products/${product}/product.yaml`), "versionScheme");
  return scheme === "dotted" ? "dotted" : "semver";
}

function versionOf(files: StateFiles, product: string, source: PromotionSource): string {
  if ("version" in source) return source.version;
  const { version } = requireChannel(files, product, source.channel);
  if (version !== undefined) return version;
  throw new EditError(
    "edit/unknown-version",
    `channel \`${source.channel}\` of ${product} points to no version`,
  );
}

/** Order of two versions; 0 where one cannot be read, which `checkState` reports afterwards. */
function compare(scheme: VersionScheme, a: string, b: string): number {
  return isVersion(scheme, a) && isVersion(scheme, b) ? compareVersions(scheme, a, b) : 0;
}

function withRollbackFrom(text: string, before: readonly string[], after: readonly string[]): string {
  if (before.length === after.length) return text;
  return after.length === 0
    ? removeFromYaml(text, ["rollback"])
    : setInYaml(text, ["rollback", "from"], after);
}
