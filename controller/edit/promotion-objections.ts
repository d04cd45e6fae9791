import { formatDuration, parseDuration } from "../../protocol/duration.ts";
import { formatTime } from "../../protocol/trail.ts";
import { memberOf, textAt } from "../source/unchecked-yaml.ts";
import { leftBehind } from "./due-promotions.ts";
import type { EditContext } from "./edit.ts";
import { channelFile } from "./state-files.ts";

export interface AskedPromotion {
  readonly product: string;
  readonly version: string;
  readonly to: string;
  /** Above what the channel points to now. */
  readonly isUp: boolean;
}

/**
 * Why the version was taken from the channel once, in words: it had it, and left it, halted it, or was rolled back from
 * it. What was left as bad comes back only with a person's reason. `undefined`: it was not.
 */
export function leftAsBad(
  { files, histories }: EditContext,
  { product, version, to, isUp }: AskedPromotion,
): string | undefined {
  if (!isUp) return undefined;
  const channel = files.value(channelFile(product, to));
  if (files.channel(product, to)?.rollbackFrom.includes(version)) return `${to} was rolled back from it`;
  const halted = memberOf(channel, "halted");
  if (textAt(halted, "version") === version) return `it is halted on ${to}`;
  return leftBehind(to, version, histories.get(`${product}/${to}`) ?? []);
}

/**
 * What is missing of the time that the channel asks of a version on the channel that it follows (`promotion.soak`), in
 * words; `undefined`: nothing.
 */
export function unsoaked(
  { files, histories, now }: EditContext,
  { product, version, to }: AskedPromotion,
): string | undefined {
  const promotion = memberOf(files.value(channelFile(product, to)), "promotion");
  const from = textAt(promotion, "from");
  const soak = secondsOf(textAt(promotion, "soak"));
  if (from === undefined || soak === undefined || soak === 0) return undefined;
  const [current] = histories.get(`${product}/${from}`) ?? [];
  if (current === undefined || current.version !== version) {
    return `${from} does not point to it, and ${to} asks for ${formatDuration(soak)} there`;
  }
  if (current.at + soak <= now) return undefined;
  const age = formatDuration(Math.max(0, now - current.at));
  return `it is on ${from} for ${age} of ${formatDuration(soak)}, until ${formatTime(current.at + soak)}`;
}

/** `undefined` for what cannot be read, which the check of the result reports. */
function secondsOf(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  try {
    return parseDuration(duration);
  } catch {
    return undefined;
  }
}
