import { formatTime } from "../../../protocol/trail.ts";
import { isExpired, pinsOfState } from "../../state/state-scopes.ts";
import { channelsOfScope } from "../channel-of-scope.ts";
import { versionFile } from "../example-state.ts";
import { missedSecurity } from "../held-security.ts";
import type { StateRule } from "../rule.ts";

export const securityHeldByPin: StateRule = {
  id: "security/held-by-pin",
  severity: "warning",
  summary: "a pin keeps machines below a security release",
  explanation:
    "The channel that the scope follows offers a release with `severity: security`, or one above it, and the pin names one below: its machines keep the hole. Move the pin, or acknowledge this with an end, so that somebody answers for it.",
  failing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "severity: security\n"),
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.0.0, owner: ops@acme.example}}}\n",
    },
    history: {
      "agent/stable": [
        { version: "1.1.0", daysAgo: 9 },
        { version: "1.0.0", daysAgo: 90 },
      ],
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "severity: security\n"),
      "tenants/acme.yaml": "products: {agent: {pin: {version: 1.1.0, owner: ops@acme.example}}}\n",
    },
  },
  *check({ state, histories, now }) {
    for (const scope of pinsOfState(state)) {
      const { label, document, path, pin } = scope;
      const product = state.products.get(scope.product);
      if (product === undefined || isExpired(pin, now)) continue;
      const [first] = [...channelsOfScope(state, scope, scope.product)].flatMap((name) => {
        const offered = product.channels.get(name)?.value.version;
        const version = offered === undefined ? undefined : missedSecurity(product, pin.version, offered);
        return version === undefined ? [] : [{ name, version }];
      });
      if (first === undefined) continue;
      const { name: channel, version: missed } = first;
      const past = histories?.get(`${product.name}/${channel}`) ?? [];
      const since = past.findLast(({ version }) => missedSecurity(product, pin.version, version) === missed);
      yield {
        message: `${label} is pinned to \`${pin.version}\`, below the security release \`${missed}\``,
        at: { document, path: [...path, "pin", "version"] },
        notes: since === undefined ? [] : [`${channel} offers it since ${formatTime(since.at)}`],
        help: `pin \`${missed}\` or a newer version, or take the pin away`,
      };
    }
  },
};
