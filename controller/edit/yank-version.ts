import type { ChannelHistories } from "../source/promotion-record.ts";
import { flagAt } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, notThere, requireVersion } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { setInYaml } from "./edit-yaml.ts";
import { type StateFiles, type VersionFacts, versionFile, yankedPlatformsOf } from "./state-files.ts";

export interface YankRequest {
  readonly product: string | undefined;
  readonly version: string;
  /** For these platforms alone; absent: for all. */
  readonly platforms?: readonly string[];
  readonly reason: string;
}

/**
 * Takes a version back: it is offered to nobody any more, or to no machine of some platforms, and channels that point to
 * it fall back. Once no platform is left it is yanked as a whole.
 *
 * @throws EditError `edit/unknown-version`, `edit/unknown-product`, `edit/product-needed`, `edit/unknown-platform`
 */
export function yankVersion(context: EditContext, request: YankRequest): Edit {
  const product = chooseProduct(context.files, request.product);
  const facts = requireVersion(context.files, product, request.version);
  const named = `${product} ${request.version}`;
  const platforms = requirePlatforms(facts, named, request.platforms);
  if (platforms === undefined) {
    return yankWhole(context, product, request, facts, []);
  }
  const subject = `yank ${named} for ${platforms.join(", ")}`;
  const yanked = facts.active ? yankedPlatformsOf(facts) : facts.artifacts.map(({ platform }) => platform);
  if (platforms.every((platform) => yanked.includes(platform))) {
    return { subject, changes: [], notices: [`${named} is already yanked for ${platforms.join(", ")}`] };
  }
  const gone = new Set([...yanked, ...platforms]);
  if (facts.artifacts.every(({ platform }) => gone.has(platform))) {
    return yankWhole(context, product, request, facts, ["no platform is left, so it is yanked as a whole"]);
  }
  return {
    subject,
    reason: request.reason,
    changes: setActive(context.files, product, request, false, indicesOf(facts, platforms)),
    notices: [
      ...platformMoves(context, product, request.version, platforms, false),
      ...signNotice(context.files, facts),
    ],
  };
}

/**
 * Makes a yanked version active again, for all or for some platforms, saying why.
 *
 * @throws EditError `edit/unknown-version`, `edit/unknown-product`, `edit/product-needed`, `edit/unknown-platform`,
 *   `edit/yanked-version` for some platforms of a version that is yanked as a whole
 */
export function unyankVersion(context: EditContext, request: YankRequest): Edit {
  const { files, histories } = context;
  const product = chooseProduct(files, request.product);
  const facts = requireVersion(files, product, request.version);
  const named = `${product} ${request.version}`;
  const platforms = requirePlatforms(facts, named, request.platforms);
  const still = yankedPlatformsOf(facts);
  if (platforms === undefined) {
    const subject = `unyank ${named}`;
    if (facts.active) {
      const hint =
        still.length === 0 ? "" : ` as a whole; it is for ${still.join(", ")}: name it with --platform`;
      return { subject, changes: [], notices: [`${named} is not yanked${hint}`] };
    }
    const moves = channelMoves(files, histories, product, undefined, (version) =>
      version === request.version ? true : undefined,
    );
    const gone = facts.artifacts.flatMap(({ active }, index) => (active ? [] : index));
    // What was yanked for some platforms besides stays so: it had a reason of its own.
    const isEach = gone.length === facts.artifacts.length;
    const kept = isEach ? [] : gone.flatMap((index) => facts.artifacts[index]?.platform ?? []);
    const places = [
      ...(isYankedAsWhole(files, product, request) ? ["version" as const] : []),
      ...(isEach ? gone : []),
    ];
    return {
      subject,
      reason: request.reason,
      changes: setActive(files, product, request, true, places),
      notices: [
        ...moves,
        ...(kept.length === 0 ? [] : [`it is still yanked for ${kept.join(", ")}`]),
        ...unsignNotice(files),
      ],
    };
  }
  const subject = `unyank ${named} for ${platforms.join(", ")}`;
  if (!facts.active) {
    throw new EditError("edit/yanked-version", `${named} is yanked as a whole`, {
      help: `make it active again with \`fairlead unyank ${request.version} --reason ...\`, then yank it for the platforms that it is bad on`,
    });
  }
  if (!platforms.some((platform) => still.includes(platform))) {
    return { subject, changes: [], notices: [`${named} is not yanked for ${platforms.join(", ")}`] };
  }
  return {
    subject,
    reason: request.reason,
    changes: setActive(files, product, request, true, indicesOf(facts, platforms)),
    notices: [...platformMoves(context, product, request.version, platforms, true), ...unsignNotice(files)],
  };
}

function yankWhole(
  { files, histories }: EditContext,
  product: string,
  request: YankRequest,
  facts: VersionFacts,
  notes: readonly string[],
): Edit {
  const named = `${product} ${request.version}`;
  const subject = `yank ${named}`;
  if (isYankedAsWhole(files, product, request))
    return { subject, changes: [], notices: [`${named} is already yanked`] };
  const moves = channelMoves(files, histories, product, undefined, (version) =>
    version === request.version ? false : undefined,
  );
  return {
    subject,
    reason: request.reason,
    changes: setActive(files, product, request, false, ["version"]),
    notices: [...notes, ...moves, ...signNotice(files, facts)],
  };
}

function isYankedAsWhole(files: StateFiles, product: string, { version }: YankRequest): boolean {
  return flagAt(files.value(versionFile(product, version)), "active") === false;
}

/** The platforms asked for, each once; `undefined`: all. */
function requirePlatforms(
  { artifacts }: VersionFacts,
  named: string,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  if (asked === undefined || asked.length === 0) return undefined;
  const known = [...new Set(artifacts.map(({ platform }) => platform))];
  for (const platform of asked) {
    if (known.includes(platform)) continue;
    throw notThere("edit/unknown-platform", `${named} has no artifact for \`${platform}\``, platform, known);
  }
  return [...new Set(asked)];
}

function indicesOf({ artifacts }: VersionFacts, platforms: readonly string[]): number[] {
  return artifacts.flatMap(({ platform }, index) => (platforms.includes(platform) ? index : []));
}

/** @param where the version itself, or its artifacts by index */
function setActive(
  files: StateFiles,
  product: string,
  { version, reason }: YankRequest,
  active: boolean,
  where: readonly ("version" | number)[],
): Edit["changes"] {
  const change = changeFile(files, versionFile(product, version), (text) => {
    const set = where.reduce<string>(
      (before, place) =>
        place === "version"
          ? setInYaml(before, ["active"], active, "version")
          : setInYaml(before, ["artifacts", place, "active"], active),
      text,
    );
    return setInYaml(set, ["yankReason"], reason, where.includes("version") ? "active" : "version");
  });
  return effectiveChanges([change]);
}

function signNotice(files: StateFiles, { isBarrier }: VersionFacts): string[] {
  if (!files.hasTrust()) return [];
  const sign =
    "policy refuses the version as soon as this is merged; `fairlead release sign` also writes it into the signed index";
  return isBarrier ? [sign, "it is a barrier: until that is signed, older machines stay below it"] : [sign];
}

function unsignNotice(files: StateFiles): string[] {
  return files.hasTrust()
    ? [
        "once the signed index says that it is yanked, it stays so until `fairlead release sign` says otherwise",
      ]
    : [];
}

function platformMoves(
  { files, histories }: EditContext,
  product: string,
  version: string,
  platforms: readonly string[],
  active: boolean,
): string[] {
  return platforms.flatMap((platform) =>
    channelMoves(files, histories, product, platform, (one) => (one === version ? active : undefined)),
  );
}

/** What each channel would offer instead, once `override` decides about some versions. */
function channelMoves(
  files: StateFiles,
  histories: ChannelHistories,
  product: string,
  platform: string | undefined,
  override: (version: string) => boolean | undefined,
): string[] {
  const isOffered = (version: string): boolean => {
    const facts = files.version(product, version);
    if (facts === undefined || !facts.active || facts.isDeadEnd) return false;
    return platform === undefined || !yankedPlatformsOf(facts).includes(platform);
  };
  const where = platform === undefined ? "" : ` on ${platform}`;
  return files.channels(product).flatMap((channel) => {
    const before = offeredVersion(files, histories, product, channel, isOffered);
    const after = offeredVersion(
      files,
      histories,
      product,
      channel,
      (version) => override(version) ?? isOffered(version),
    );
    if (before === after) return [];
    if (after === undefined)
      return [`${channel} of ${product}: has nothing left to offer${where} (warning: it answers 404)`];
    return [`${channel} of ${product}: ${before ?? "nothing"} -> ${after}${where}`];
  });
}

/** The channel's version, or what it pointed to before and is still offered. */
function offeredVersion(
  files: StateFiles,
  histories: ChannelHistories,
  product: string,
  channel: string,
  isOffered: (version: string) => boolean,
): string | undefined {
  const facts = files.channel(product, channel);
  const past = (histories.get(`${product}/${channel}`) ?? []).map(({ version }) => version);
  return [facts?.version, ...past].find(
    (version) => version !== undefined && isOffered(version) && !facts?.rollbackFrom.includes(version),
  );
}
