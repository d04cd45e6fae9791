import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { ChannelState, VersionState } from "../../schemas/state.generated.ts";
import type { ChannelHistories } from "../source/promotion-record.ts";
import type { ProductModel, StateDocument } from "../state/fleet-model.ts";
import { isYanked, orderOf, versionsNewestFirst } from "../state/product-versions.ts";

type Versions = readonly StateDocument<VersionState>[];
const known = new KeptByIdentity<Versions, readonly string[]>();

/** The security releases of a product that are not yanked, oldest first. */
function securityReleases(product: ProductModel): readonly string[] {
  const versions = versionsNewestFirst(product);
  return known.of(versions, () =>
    versions
      .filter((document) => document.value.severity === "security" && !isYanked(document))
      .map(({ value }) => value.version)
      .reverse(),
  );
}

/** The first security release above `below` and not above `upTo`; `undefined`: none. */
export function missedSecurity(product: ProductModel, below: string, upTo: string): string | undefined {
  return securityReleases(product).find(
    (version) => (orderOf(product, version, below) ?? 0) > 0 && (orderOf(product, version, upTo) ?? 1) <= 0,
  );
}

/** A channel that brought a security release with its last promotion. */
export interface OfferedSecurity {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  /** The file of the channel. */
  readonly document: StateDocument<ChannelState>;
  /** Seconds since 1970; absent: nobody knows. */
  readonly since?: number;
}

/** What a channel's last promotion brought. @param histories absent: only the version itself is looked at */
function offeredBy(
  product: ProductModel,
  channel: string,
  histories: ChannelHistories | undefined,
): OfferedSecurity | undefined {
  const document = product.channels.get(channel);
  if (document === undefined) return undefined;
  const { version: current } = document.value;
  const [latest, previous] = histories?.get(`${product.name}/${channel}`) ?? [];
  const version =
    previous === undefined
      ? securityReleases(product).find((each) => each === current)
      : missedSecurity(product, previous.version, current);
  if (version === undefined) return undefined;
  const since = latest?.version === current ? { since: latest.at } : {};
  return { product: product.name, channel, version, document, ...since };
}

/** What the channels of some products brought; of those alone that `channelsOf` names, where it is given. */
export function offeredSecurity(
  products: Iterable<ProductModel>,
  histories: ChannelHistories | undefined,
  channelsOf?: (product: string) => Iterable<string>,
): OfferedSecurity[] {
  return [...products].flatMap((product) => {
    const channels = channelsOf?.(product.name) ?? product.channels.keys();
    return [...channels].flatMap((channel) => offeredBy(product, channel, histories) ?? []);
  });
}
