import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { Release } from "../../protocol/release.ts";
import { compareVersions, isVersion } from "../../protocol/version.ts";
import type { DesiredProduct } from "../desired/desired-state.ts";

const known = new KeptByIdentity<readonly Release[], readonly string[]>();

/**
 * The first security release of a product that is above the installed version and not above what the channel offers;
 * `undefined`: none.
 */
export function missedSecurity(
  { policy, releases }: Pick<DesiredProduct, "policy" | "releases">,
  installed: string,
  offered: string,
): string | undefined {
  const { versionScheme: scheme, yanked } = policy;
  if (!isVersion(scheme, installed)) return undefined;
  const security = known.of(releases, () =>
    releases
      .filter(({ severity, version }) => severity === "security" && isVersion(scheme, version))
      .map(({ version }) => version)
      .sort((a, b) => compareVersions(scheme, a, b)),
  );
  return security.find(
    (version) =>
      compareVersions(scheme, version, installed) > 0 &&
      compareVersions(scheme, version, offered) <= 0 &&
      !yanked.includes(version),
  );
}
