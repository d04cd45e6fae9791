import { compareVersions, isVersion, type VersionScheme } from "../../protocol/version.ts";
import { memberOf } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, requireActiveVersion, requireChannel } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { removeFromYaml, setInYaml } from "./edit-yaml.ts";
import { leaveVersion } from "./leave-version.ts";
import { type AskedPromotion, leftAsBad, unsoaked } from "./promotion-objections.ts";
import { channelFile, type StateFiles, versionFile } from "./state-files.ts";

/** What to promote: a version, or whatever another channel points to. */
export type PromotionSource = { readonly version: string } | { readonly channel: string };

export interface PromoteRequest {
  readonly product: string | undefined;
  readonly source: PromotionSource;
  readonly to: string;
  /** Why all the same, where something speaks against it. */
  readonly reason?: string | undefined;
}

/**
 * Points a channel to a version. A rollback that the channel declares is kept for those versions that are above the
 * new one and removed for the others. What was said of the version that it leaves is removed.
 *
 * @throws EditError `edit/yanked-version`, `edit/unpromotable-version`, `edit/lower-version`,
 *   `edit/left-as-bad`, `edit/not-soaked`, or a name that does not exist
 */
export function promoteVersion(context: EditContext, request: PromoteRequest): Edit {
  const { files } = context;
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
  const isUp = current === undefined || compare(scheme, version, current) > 0;
  const warnings = objections(context, request, { product, version, to: request.to, isUp });
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
    reason: request.reason,
    changes: effectiveChanges([change]),
    notices: [`${request.to} of ${product}: ${current ?? "nothing"} -> ${version}${via}`, ...warnings],
  };
}

/**
 * What speaks against it and is only said: with a reason, everything. Whoever names the version has chosen it; whoever
 * names a channel trusts that what is there has stood its time.
 */
function objections(
  context: EditContext,
  { source, reason }: PromoteRequest,
  asked: AskedPromotion,
): string[] {
  const { product, version, to } = asked;
  const left = leftAsBad(context, asked);
  const soak = unsoaked(context, asked);
  if (left !== undefined && reason === undefined) {
    throw new EditError("edit/left-as-bad", `${product} ${version} does not go back to ${to}: ${left}`, {
      help: "promote a version that mends it, or say with --reason why this one is good after all",
    });
  }
  if (soak !== undefined && reason === undefined && "channel" in source) {
    throw new EditError("edit/not-soaked", `${product} ${version} has not stood its time: ${soak}`, {
      help: "wait, or say with --reason why it cannot wait",
    });
  }
  return [left, soak].filter((text) => text !== undefined);
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
