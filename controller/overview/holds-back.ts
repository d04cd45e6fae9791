import { openingAtOrAfter } from "../../protocol/update-window.ts";
import { compareVersions, isVersion, type VersionScheme } from "../../protocol/version.ts";
import type { OfferedSecurity, StandingStop } from "../desired/standing-lines.ts";

/** Seconds that a security release may wait for a window before that needs a person: that working days end is no reason. */
const PATIENCE = 3 * 86_400;

/**
 * Whether what stands in state keeps machines of its scope from a security release now: a pin to something lower, a pause or
 * a freeze that holds, a window that was not open since the channel offers it and opens only more than three days after that.
 *
 * @param since since when the channel offers it, as `now` in seconds since 1970
 */
export function holdsBack(
  stop: StandingStop,
  { product, channel, version }: OfferedSecurity,
  scheme: VersionScheme,
  since: number,
  now: number,
): boolean {
  if (stop.product !== undefined && stop.product !== product) return false;
  if (stop.channel !== undefined && stop.channel !== channel) return false;
  if ((stop.from ?? now) > now || (stop.until ?? Number.POSITIVE_INFINITY) <= now) return false;
  switch (stop.kind) {
    case "pause":
    case "freeze":
      return true;
    case "pin": {
      const pinned = stop.version;
      return (
        pinned !== undefined && isVersion(scheme, pinned) && compareVersions(scheme, pinned, version) < 0
      );
    }
    case "window": {
      if (stop.window === undefined) return false;
      const { opens } = openingAtOrAfter(stop.window, since);
      return opens > now && opens - since > PATIENCE;
    }
  }
}
