import { sha256Hex } from "../../protocol/digest.ts";
import { type News, typeOf } from "./fact.ts";

/** What a message holds, in whichever form: one piece of news, or several that came at once. */
export interface Message {
  readonly id: string;
  /** The same for what belongs together over time. */
  readonly thread: string;
  readonly type: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** Address of the page; absent where the controller has no public one. */
  readonly link?: string;
  readonly news: readonly News[];
}

/** News that are listed in a message about several. */
const MOST_LISTED = 50;

/** The type of a message about several pieces of news. */
export const DIGEST_TYPE = "fairlead.digest";

/** @param origin of the page: `https://releases.acme.example` */
export function messageOf(news: readonly News[], origin: string | undefined): Message {
  const [only] = news;
  const link = (page: string): { link?: string } =>
    origin === undefined ? {} : { link: `${origin}${page}` };
  if (news.length === 1 && only !== undefined) {
    const { id, thread, at, lines, page } = only;
    return { ...{ id, thread, at, lines, news }, type: typeOf(only), title: titleOf(only), ...link(page) };
  }
  const id = sha256Hex(news.map((one) => one.id).join(" ")).slice(0, 32);
  const listed = news.slice(-MOST_LISTED).map((one) => `- ${titleOf(one)}`);
  const more = news.length - listed.length;
  return {
    ...{ id, thread: id, type: DIGEST_TYPE, news, at: Math.max(0, ...news.map(({ at }) => at)) },
    title: `${news.length} pieces of news`,
    lines: more > 0 ? [`${more} older ones, and:`, ...listed] : listed,
    ...link("/"),
  };
}

function titleOf({ phase, title }: News): string {
  return phase === "lasts" ? `still: ${title}` : title;
}
