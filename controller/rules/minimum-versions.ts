import type { ProductModel, StateDocument } from "../state/fleet-model.ts";
import type { SoundState } from "../state/sound-state.ts";

export interface MinimumVersion {
  readonly version: string;
  /** The file that says so, under `minVersion`. */
  readonly document: StateDocument<unknown>;
}

/** The minimum versions that apply to a product, and to one of its channels where it is named. */
export function minimumsOf(
  state: Pick<SoundState, "fleet">,
  product: ProductModel,
  channel?: string,
): MinimumVersion[] {
  const channelDocument = channel === undefined ? undefined : product.channels.get(channel);
  return [state.fleet, product.product, channelDocument].flatMap((document) => {
    const version = document?.value.minVersion;
    return document === undefined || version === undefined ? [] : [{ version, document }];
  });
}
