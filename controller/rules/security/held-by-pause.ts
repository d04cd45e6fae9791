import { formatTime } from "../../../protocol/trail.ts";
import type { StateDocument } from "../../state/fleet-model.ts";
import { isPaused } from "../../state/pauses-of-state.ts";
import { pausedScopes } from "../../state/state-scopes.ts";
import { channelsOfScope } from "../channel-of-scope.ts";
import { versionFile } from "../example-state.ts";
import { type OfferedSecurity, offeredSecurity } from "../held-security.ts";
import type { Finding, StateRule } from "../rule.ts";

export const securityHeldByPause: StateRule = {
  id: "security/held-by-pause",
  severity: "warning",
  summary: "a pause holds a security release back",
  explanation:
    "The last promotion of a channel brought a release with `severity: security`, and its machines, or some of them, are paused: those that lack it do not get it. A pause is passed by nothing. End it, or acknowledge this with an end, so that somebody answers for it.",
  failing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "severity: security\n"),
      "tenants/acme.yaml": "channel: stable\npaused: {reason: stocktaking}\n",
    },
    history: {
      "agent/stable": [
        { version: "1.1.0", daysAgo: 9 },
        { version: "1.0.0", daysAgo: 90 },
      ],
    },
  },
  passing: { files: { "tenants/acme.yaml": "channel: stable\npaused: {reason: stocktaking}\n" } },
  *check({ state, histories, now }) {
    const { fleet, products } = state;
    if (fleet !== undefined && isPaused(fleet.value.paused, now)) {
      yield* heldBack("the fleet", fleet, [], offeredSecurity(products.values(), histories));
    }
    for (const product of products.values()) {
      const isHeld = isPaused(product.product.value.paused, now);
      // Nearly always: then it does not matter what its channels brought.
      if (!isHeld && !product.channels.values().some(({ value }) => isPaused(value.paused, now))) continue;
      const offered = offeredSecurity([product], histories);
      if (isHeld) {
        yield* heldBack(`product ${product.name}`, product.product, [], offered);
      }
      for (const { channel, document, ...one } of offered) {
        if (!isPaused(document.value.paused, now)) continue;
        yield* heldBack(`channel ${product.name}/${channel}`, document, [], [{ ...one, channel, document }]);
      }
    }
    for (const scope of pausedScopes(state)) {
      if (!isPaused(scope.settings.paused, now)) continue;
      const named = scope.product === undefined ? undefined : products.get(scope.product);
      const concerned = scope.product === undefined ? products.values() : named === undefined ? [] : [named];
      const offered = offeredSecurity(concerned, histories, (name) => channelsOfScope(state, scope, name));
      yield* heldBack(scope.label, scope.document, scope.path, offered);
    }
  },
};

function* heldBack(
  label: string,
  document: StateDocument<unknown>,
  path: readonly (string | number)[],
  offered: readonly OfferedSecurity[],
): Generator<Finding> {
  for (const { product, channel, version, since } of offered) {
    yield {
      message: `${label} is paused, and ${product} \`${version}\` on ${channel} is a security release`,
      at: { document, path: [...path, "paused"], part: "key" },
      label: "machines that lack it do not get it",
      notes: since === undefined ? [] : [`${channel} offers it since ${formatTime(since)}`],
      help: "end the pause with `fairlead resume`, or `acknowledge` this with a reason and an end",
    };
  }
}
