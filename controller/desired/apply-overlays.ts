import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { ChannelPolicy, Halt, ProductPolicy, Promotion, Rollout } from "../../protocol/policy.ts";
import { own } from "../../protocol/scope.ts";
import type { DesiredPolicies } from "./desired-policies.ts";
import type { HaltOverlay, OpenedOverlay, Overlay, PromotionKey } from "./overlay.ts";

/**
 * What git asks for of products, with what the controller adds. An overlay whose promotion is no longer what the channel points to,
 * or that a person has resumed, adds nothing.
 *
 * A commit's own halt keeps its words; the gate's is noted beside it and outlasts it. Waves are opened by health only
 * where the channel says so, and no more than it has.
 *
 * @param published what was published last: of promotions that the channel has left since, it knows which stood halted
 *   and how many of their waves were open
 */
export function applyOverlays(
  desired: DesiredPolicies["products"],
  overlays: readonly Overlay[],
  published: ReadonlyMap<string, { readonly policy: ProductPolicy }> | undefined,
): Map<string, ProductPolicy> {
  const products = new Map<string, ProductPolicy>();
  for (const [name, product] of desired) {
    const ofProduct = overlays.filter((overlay) => overlay.product === name);
    products.set(name, applyOverlaysTo(product, ofProduct, published?.get(name)?.policy));
  }
  return products;
}

/** The same for one product, with the overlays that are about it. */
export function applyOverlaysTo(
  product: ProductPolicy,
  overlays: readonly Overlay[],
  published: ProductPolicy | undefined,
): ProductPolicy {
  let isChanged = false;
  const channels = Object.entries(product.channels).map(([name, channel]): [string, ChannelPolicy] => {
    const ofChannel = overlays.filter((overlay) => overlay.channel === name);
    const next = channelWithOverlays(channel, ofChannel, own(published?.channels, name));
    isChanged ||= next !== channel;
    return [name, next];
  });
  // The very same object where nothing is added, so that nobody writes and hashes it again.
  return isChanged ? { ...product, channels: Object.fromEntries(channels) } : product;
}

function channelWithOverlays(
  channel: ChannelPolicy,
  overlays: readonly Overlay[],
  published: ChannelPolicy | undefined,
): ChannelPolicy {
  const standing = overlays.filter((overlay) => stands(overlay, channel));
  const halt = standing.find(isHalt);
  const opened = standing.find(isOpened);
  const previous = rememberEnds(channel.previous, published, overlays);
  let next = previous === channel.previous ? channel : { ...channel, previous };
  const halted = halt === undefined ? next.halted : haltedByGate(next.halted, halt);
  if (halted !== undefined && halted !== next.halted) next = { ...next, halted };
  if (opened !== undefined && next.rollout !== undefined) {
    const rollout = openedFurther(next.rollout, opened.waves);
    if (rollout !== next.rollout) next = { ...next, rollout };
  }
  return next;
}

/**
 * Whether an overlay still says something of a channel.
 *
 * A halt also holds under another commit that promotes the same version, unless the channel has left the version in
 * between: then history was rewritten, which is no reason to let a bad version go on.
 */
export function stands(overlay: Overlay, channel: ChannelPolicy): boolean {
  const { version, commit } = channel.current;
  if (overlay.version !== version || endOf(overlay, channel) !== undefined) return false;
  return overlay.kind === "halt" || overlay.commit === commit;
}

/**
 * What has ended an overlay for good. One that does not stand and has not ended is of a commit that this channel does not
 * know, such as one that comes after an old manifest which is served until git has been read.
 */
export function endOf(overlay: Overlay, channel: ChannelPolicy): "moved-on" | "resumed" | undefined {
  const { current, previous, resumed } = channel;
  const wasLeft = previous.some((promotion) => isOf(overlay, promotion));
  if (!isOf(overlay, current) && wasLeft) return "moved-on";
  const isResumed = overlay.kind === "halt" && resumed !== undefined && overlay.at <= resumed.at;
  return isResumed && overlay.version === current.version ? "resumed" : undefined;
}

function haltedByGate(said: Halt | undefined, { reason, at }: HaltOverlay): Halt {
  const isByCommit = said !== undefined && said.by !== "gate";
  const known = isByCommit ? said.gate : said;
  if (said !== undefined && known?.reason === reason && known.at === at) return said;
  return isByCommit ? { ...said, gate: { reason, at } } : { reason, at, by: "gate" };
}

/** More waves than before, as far as the channel has any; none where git does not let health open them. */
function openedFurther(rollout: Rollout, waves: number): Rollout {
  if (rollout.advance !== "healthy") return rollout;
  const { openedByHealth, ...rest } = rollout;
  // What was raised before hides what git said; the reports of devices may have opened all of it.
  const floor = openedByHealth === undefined ? (rollout.opened ?? 0) : 0;
  const wanted = Math.min(waves, rollout.waves.length);
  if (wanted === openedByHealth) return rollout;
  if (wanted <= floor) return openedByHealth === undefined ? rollout : { ...rest, opened: floor };
  return { ...rest, opened: wanted, openedByHealth: wanted };
}

/**
 * Marks the promotions that stood halted, or had waves that health had opened, when the channel left them. History knows
 * only what commits said.
 */
function rememberEnds(
  previous: readonly Promotion[],
  published: ChannelPolicy | undefined,
  overlays: readonly Overlay[],
): readonly Promotion[] {
  const ends = new Map<string, Pick<Promotion, "halted" | "opened">>();
  if (published !== undefined) {
    for (const promotion of published.previous) ends.set(keyOf(promotion), promotion);
    const { current, halted, rollout } = published;
    ends.set(keyOf(current), {
      ...(halted?.by === "gate" || halted?.gate !== undefined ? { halted: true } : {}),
      ...(rollout?.openedByHealth === undefined ? {} : { opened: rollout.openedByHealth }),
    });
  }
  for (const overlay of overlays.filter(isHalt)) {
    ends.set(keyOf(overlay), { ...ends.get(keyOf(overlay)), halted: true });
  }
  let isChanged = false;
  const marked = previous.map((promotion) => {
    const end = ends.get(keyOf(promotion));
    const isHalted = end?.halted === true && promotion.halted !== true;
    const isOpened = end?.opened !== undefined && end.opened > (promotion.opened ?? Number.POSITIVE_INFINITY);
    if (!isHalted && !isOpened) return promotion;
    isChanged = true;
    return {
      ...promotion,
      ...(isHalted ? { halted: true } : {}),
      ...(isOpened && end?.opened !== undefined ? { opened: end.opened } : {}),
    };
  });
  return isChanged ? marked : previous;
}

/** What a published manifest says that git does not: read back at a start, when nothing else may be known any more. */
export function overlaysOf(products: Iterable<ProductPolicy>): Overlay[] {
  const all: Overlay[] = [];
  for (const policy of products) all.push(...knownOverlays.of(policy, overlaysIn));
  return all;
}

/** Most policies say nothing of the kind, and most are the same at the next commit. */
const knownOverlays = new KeptByIdentity<ProductPolicy, readonly Overlay[]>();

function overlaysIn(policy: ProductPolicy): readonly Overlay[] {
  return Object.entries(policy.channels).flatMap(([channel, { current, halted, rollout }]): Overlay[] => {
    const { version, commit } = current;
    const key: PromotionKey = { product: policy.product, channel, version, commit };
    const halt = halted?.by === "gate" ? halted : halted?.gate;
    const waves = rollout?.openedByHealth;
    return [
      ...(halt === undefined ? [] : [{ ...key, kind: "halt" as const, reason: halt.reason, at: halt.at }]),
      ...(waves === undefined ? [] : [{ ...key, kind: "opened" as const, waves, at: current.at }]),
    ];
  });
}

/**
 * The stricter of what two memories say: a version is halted if either says so, and has the fewer waves where both know
 * of it. What one alone knows stays.
 */
export function stricterOf(a: readonly Overlay[], b: readonly Overlay[]): Overlay[] {
  return merged(a, b, (one, other) => (one.waves <= other.waves ? one : other));
}

/** What was known, with the news: a halt stays whatever they say, and of waves they have the last word. */
export function withNews(known: readonly Overlay[], news: readonly Overlay[]): Overlay[] {
  return merged(known, news, (_, said) => said);
}

function merged(
  a: readonly Overlay[],
  b: readonly Overlay[],
  choose: (one: OpenedOverlay, other: OpenedOverlay) => OpenedOverlay,
): Overlay[] {
  const all = new Map<string, Overlay>();
  for (const overlay of [...a, ...b]) {
    const { kind, product, channel } = overlay;
    const name = `${kind} ${product}/${channel} ${keyOf(overlay)}`;
    const known = all.get(name);
    if (known?.kind === "opened" && overlay.kind === "opened") all.set(name, choose(known, overlay));
    // Of two halts the later one is what a resumption has to be later than.
    else if (known?.kind !== "halt" || known.at < overlay.at) all.set(name, overlay);
  }
  return [...all.values()];
}

function isHalt(overlay: Overlay): overlay is HaltOverlay {
  return overlay.kind === "halt";
}

function isOpened(overlay: Overlay): overlay is OpenedOverlay {
  return overlay.kind === "opened";
}

function isOf({ version, commit }: PromotionKey, promotion: Promotion): boolean {
  return promotion.version === version && promotion.commit === commit;
}

function keyOf({ version, commit }: Pick<Promotion, "version" | "commit">): string {
  return `${commit} ${version}`;
}
