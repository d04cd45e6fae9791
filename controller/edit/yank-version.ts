import type { ChannelHistories } from "../source/promotion-record.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, requireVersion } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { setInYaml } from "./edit-yaml.ts";
import { type StateFiles, versionFile } from "./state-files.ts";

export interface YankRequest {
  readonly product: string | undefined;
  readonly version: string;
  readonly reason: string;
}

/**
 * Takes a version back: it is offered to nobody any more, and channels that point to it fall back.
 *
 * @throws EditError `edit/unknown-version`, `edit/unknown-product`, `edit/product-needed`
 */
export function yankVersion({ files, histories }: EditContext, request: YankRequest): Edit {
  const product = chooseProduct(files, request.product);
  const facts = requireVersion(files, product, request.version);
  const subject = `yank ${product} ${request.version}`;
  if (!facts.active)
    return { subject, changes: [], notices: [`${product} ${request.version} is already yanked`] };
  const notices = channelMoves(files, histories, product, (version) =>
    version === request.version ? false : undefined,
  );
  if (files.hasTrust()) {
    notices.push(
      "policy refuses the version as soon as this is merged; `fairlead release sign` also writes it into the signed index",
    );
  }
  return { subject, reason: request.reason, changes: setActive(files, product, request, false), notices };
}

/**
 * Makes a yanked version active again, saying why.
 *
 * @throws EditError `edit/unknown-version`, `edit/unknown-product`, `edit/product-needed`
 */
export function unyankVersion({ files, histories }: EditContext, request: YankRequest): Edit {
  const product = chooseProduct(files, request.product);
  const facts = requireVersion(files, product, request.version);
  const subject = `unyank ${product} ${request.version}`;
  if (facts.active) return { subject, changes: [], notices: [`${product} ${request.version} is not yanked`] };
  const notices = channelMoves(files, histories, product, (version) =>
    version === request.version ? true : undefined,
  );
  if (files.hasTrust()) {
    notices.push(
      "once the signed index says that it is yanked, it stays so until `fairlead release sign` says otherwise",
    );
  }
  return { subject, reason: request.reason, changes: setActive(files, product, request, true), notices };
}

function setActive(
  files: StateFiles,
  product: string,
  request: YankRequest,
  active: boolean,
): Edit["changes"] {
  const change = changeFile(files, versionFile(product, request.version), (text) =>
    setInYaml(setInYaml(text, ["active"], active, "version"), ["yankReason"], request.reason, "active"),
  );
  return effectiveChanges([change]);
}

/** What each channel would offer instead, once `override` decides about some versions. */
function channelMoves(
  files: StateFiles,
  histories: ChannelHistories,
  product: string,
  override: (version: string) => boolean | undefined,
): string[] {
  const isActive = (version: string): boolean => files.version(product, version)?.active === true;
  return files.channels(product).flatMap((channel) => {
    const before = offeredVersion(files, histories, product, channel, isActive);
    const after = offeredVersion(
      files,
      histories,
      product,
      channel,
      (version) => override(version) ?? isActive(version),
    );
    if (before === after) return [];
    if (after === undefined)
      return [`${channel} of ${product}: has nothing left to offer (warning: it answers 404)`];
    return [`${channel} of ${product}: ${before ?? "nothing"} -> ${after}`];
  });
}

/** The channel's version, or what it pointed to before and is still active. */
function offeredVersion(
  files: StateFiles,
  histories: ChannelHistories,
  product: string,
  channel: string,
  isActive: (version: string) => boolean,
): string | undefined {
  const facts = files.channel(product, channel);
  const past = (histories.get(`${product}/${channel}`) ?? []).map(({ version }) => version);
  return [facts?.version, ...past].find(
    (version) => version !== undefined && isActive(version) && !facts?.rollbackFrom.includes(version),
  );
}
