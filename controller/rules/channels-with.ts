import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { ChannelState, VersionState } from "../../schemas/state.generated.ts";
import type { ProductModel, StateDocument } from "../state/fleet-model.ts";
import { isYanked } from "../state/product-versions.ts";
import type { SoundState } from "../state/sound-state.ts";

type ChannelDocument = StateDocument<ChannelState>;
type VersionDocument = StateDocument<VersionState>;

/**
 * What few channels have, and what is looked at anew at each commit, since time, tenants or the state before count as
 * well. Each is told from the product alone.
 */
const TRAITS = {
  canary: ({ value }: ChannelDocument) => value.rollout?.canary !== undefined,
  startsAt: ({ value }: ChannelDocument) => value.rollout?.startsAt !== undefined,
  resumed: ({ value }: ChannelDocument) => value.resumed !== undefined,
  staleAfter: ({ value }: ChannelDocument) => value.staleAfter !== undefined,
  /** It points to a version of which no file could be read. */
  unknownVersion: (_: ChannelDocument, release: VersionDocument | undefined) => release === undefined,
  yankedVersion: (_: ChannelDocument, release: VersionDocument | undefined) =>
    release !== undefined && isYanked(release),
  unpromotableVersion: (_: ChannelDocument, release: VersionDocument | undefined) =>
    release?.value.promotable === false,
} as const;

export type ChannelTrait = keyof typeof TRAITS;

export interface LocatedChannel {
  readonly product: ProductModel;
  readonly name: string;
  readonly document: ChannelDocument;
}

type ByTrait = Readonly<Record<ChannelTrait, readonly LocatedChannel[]>>;

const ofProducts = new KeptByIdentity<SoundState["products"], ByTrait>();
const ofProduct = new KeptByIdentity<ProductModel, ByTrait>();

/** The channels of a state that have something in common; found once for as long as nothing of a product changes. */
export function channelsWith(
  { products }: Pick<SoundState, "products">,
  trait: ChannelTrait,
): readonly LocatedChannel[] {
  return ofProducts.of(products, collect)[trait];
}

function collect(products: SoundState["products"]): ByTrait {
  const parts = [...products.values()].map((product) => ofProduct.of(product, sortOut));
  return byTrait((trait) => parts.flatMap((part) => part[trait]));
}

function sortOut(product: ProductModel): ByTrait {
  const channels = [...product.channels].map(([name, document]) => ({ product, name, document }));
  return byTrait((trait) =>
    channels.filter(({ document }) => TRAITS[trait](document, product.versions.get(document.value.version))),
  );
}

function byTrait(find: (trait: ChannelTrait) => readonly LocatedChannel[]): ByTrait {
  return {
    canary: find("canary"),
    startsAt: find("startsAt"),
    resumed: find("resumed"),
    staleAfter: find("staleAfter"),
    unknownVersion: find("unknownVersion"),
    yankedVersion: find("yankedVersion"),
    unpromotableVersion: find("unpromotableVersion"),
  };
}
