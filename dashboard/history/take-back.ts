import type { Deed } from "../api/types.ts";
import type { Proposal } from "../parts/proposal-words.ts";

/** A change that takes back what a commit did, and what it is called. */
export interface TakeBack {
  readonly title: string;
  readonly proposal: Proposal;
}

/** What takes back one thing that a commit did; `undefined`: no command does. Pure. */
export function takeBackOf(deed: Deed): TakeBack | undefined {
  const { kind, product, channel, version, from, platforms } = deed;
  const scope = scopeOf(deed);
  switch (kind) {
    case "pause":
      return scope === undefined
        ? undefined
        : { title: `Resume ${deed.scope}`, proposal: { kind: "resume", ...scope } };
    case "pin":
      return scope === undefined || product === undefined
        ? undefined
        : { title: `Unpin ${deed.scope} from ${product}`, proposal: { kind: "unpin", ...scope, product } };
    case "yank": {
      if (product === undefined || version === undefined) return undefined;
      const only = platforms === undefined ? {} : { platforms: [...platforms] };
      return {
        title: `Unyank ${product} ${version}`,
        proposal: { kind: "unyank", product, version, ...only },
      };
    }
    case "halt":
      return product === undefined || channel === undefined
        ? undefined
        : { title: `Resume ${product} on ${channel}`, proposal: { kind: "resume-halt", product, channel } };
    case "promote":
      return product === undefined || channel === undefined || from === undefined
        ? undefined
        : {
            title: `Roll ${product} ${channel} back to ${from}`,
            proposal: { kind: "rollback", product, channel, version: from },
          };
    default:
      return undefined;
  }
}

/** The scope of a deed as a proposal names it. */
function scopeOf({ scope, tenant, product }: Deed): Partial<Proposal> | undefined {
  const [kind, name = ""] = scope?.split(" ") ?? [];
  const [first = "", second = ""] = name.split("/");
  const narrowed = product === undefined ? {} : { product };
  switch (kind) {
    case "fleet":
      return { fleet: true };
    case "product":
      return { product: name };
    case "channel":
      return { product: first, channel: second };
    case "tenant":
      return { tenant: name, ...narrowed };
    case "site":
      return { tenant: first, site: second, ...narrowed };
    case "group":
      return { tenant: first, group: second, ...narrowed };
    case "device":
      return tenant === undefined ? undefined : { tenant, device: name, ...narrowed };
    default:
      return undefined;
  }
}
