import { formatTime } from "../../../protocol/trail.ts";
import { freezesOfState, type LocatedFreeze } from "../../state/freezes-of-state.ts";
import type { SoundState } from "../../state/sound-state.ts";
import { versionFile } from "../example-state.ts";
import { type OfferedSecurity, offeredSecurity } from "../held-security.ts";
import type { RuleContext, StateRule } from "../rule.ts";

export const securityHeldByFreeze: StateRule = {
  id: "security/held-by-freeze",
  severity: "warning",
  summary: "a freeze holds a security release back",
  explanation:
    "The last promotion of a channel brought a release with `severity: security`, and a freeze that holds now lets nothing through: machines that lack it wait until it ends. `except: security` in the freeze lets such releases through.",
  failing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "severity: security\n"),
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nfreeze: [{from: 2026-11-16, to: 2026-11-30, reason: fair}]\n",
    },
    history: {
      "agent/stable": [
        { version: "1.1.0", daysAgo: 2 },
        { version: "1.0.0", daysAgo: 90 },
      ],
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "severity: security\n"),
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nfreeze: [{from: 2026-11-16, to: 2026-11-30, reason: fair, except: security}]\n",
    },
  },
  *check(context) {
    const { state, now } = context;
    for (const freeze of freezesOfState(state)) {
      const { label, document, path, from, to } = freeze;
      if (freeze.freeze.except === "security" || now < from || now >= to) continue;
      for (const { product, channel, version, since } of concernedBy(freeze, context)) {
        yield {
          message: `${label} is frozen until ${formatTime(to)}, and ${product} \`${version}\` on ${channel} is a security release`,
          at: { document, path },
          label: "machines that lack it wait",
          notes: since === undefined ? [] : [`${channel} offers it since ${formatTime(since)}`],
          help: "add `except: security` to the freeze",
        };
      }
    }
  },
};

/** What the machines of a freeze's scope are offered; of a tenant's, whatever any channel offers that it follows. */
function concernedBy(
  { document, tenant }: LocatedFreeze,
  { state, histories }: RuleContext,
): OfferedSecurity[] {
  const { products } = state;
  for (const product of products.values()) {
    if (document === product.product) return offeredSecurity([product], histories);
    for (const [channel, file] of product.channels) {
      if (document === file) return offeredSecurity([product], histories, () => [channel]);
    }
  }
  const followed = tenant === undefined ? undefined : channelsOf(state, tenant);
  return offeredSecurity(products.values(), histories).filter(
    ({ channel }) => followed === undefined || followed.has(channel),
  );
}

/** Every channel that a tenant's file names, and the fleet's default where the tenant names none for all. */
function channelsOf({ tenants, fleet }: SoundState, name: string): ReadonlySet<string> {
  const tenant = tenants.get(name)?.value ?? {};
  const places = [tenant.sites, tenant.groups, tenant.devices].flatMap((each) => Object.values(each ?? {}));
  const named = [tenant, ...places].flatMap(({ channel, products }) => [
    channel,
    ...Object.values(products ?? {}).map((settings) => settings.channel),
  ]);
  const usual = tenant.channel ?? fleet?.value.defaultChannel;
  return new Set([usual, ...named].filter((channel) => channel !== undefined));
}
