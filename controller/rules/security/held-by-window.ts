import { parseDuration } from "../../../protocol/duration.ts";
import { formatTime } from "../../../protocol/trail.ts";
import { MAX_WINDOW_SECONDS, openingAtOrAfter } from "../../../protocol/update-window.ts";
import type { WindowState } from "../../../schemas/state.generated.ts";
import type { SoundState } from "../../state/sound-state.ts";
import { type StateScope, windowedScopes } from "../../state/state-scopes.ts";
import { channelsOfScope } from "../channel-of-scope.ts";
import { versionFile } from "../example-state.ts";
import { offeredSecurity } from "../held-security.ts";
import type { StateRule } from "../rule.ts";

/** Seconds that a security release may wait for a window before it is told: that working days end is no reason. */
const PATIENCE = 3 * 86_400;

export const securityHeldByWindow: StateRule = {
  id: "security/held-by-window",
  severity: "warning",
  summary: "a window holds a security release back for more than three days",
  explanation:
    "The last promotion of a channel brought a release with `severity: security`, and the window of a scope that follows it was not open since and opens only more than three days after it came: machines that lack it wait until then. Open the window earlier, ask its machines to update now (`fairlead agents update`), or acknowledge this with an end, so that somebody answers for it.",
  failing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "severity: security\n"),
      "tenants/acme.yaml":
        'channel: stable\nwindow: {days: [thu], start: "02:00", duration: 4h, timeZone: Europe/Berlin}\n',
    },
    history: {
      "agent/stable": [
        { version: "1.1.0", daysAgo: 1 },
        { version: "1.0.0", daysAgo: 90 },
      ],
    },
  },
  passing: {
    files: {
      "products/agent/versions/1.1.0.yaml": versionFile("1.1.0", "severity: security\n"),
      "tenants/acme.yaml":
        'channel: stable\nwindow: {days: [mon, tue, wed, thu, fri, sat, sun], start: "02:00", duration: 4h, timeZone: Europe/Berlin}\n',
    },
    history: {
      "agent/stable": [
        { version: "1.1.0", daysAgo: 1 },
        { version: "1.0.0", daysAgo: 90 },
      ],
    },
  },
  *check({ state, histories, now }) {
    const offered = offeredSecurity(state.products.values(), histories);
    if (offered.length === 0) return;
    for (const scope of windowsOf(state)) {
      const { label, document, path, settings } = scope;
      if (settings.window === undefined) continue;
      for (const { product, channel, version, since = now } of offered) {
        if (scope.product !== undefined && scope.product !== product) continue;
        if (scope.tenant !== undefined && !channelsOfScope(state, scope, product).has(channel)) continue;
        const opens = firstOpening(settings.window, since);
        if (opens === undefined || opens <= now || opens - since <= PATIENCE) continue;
        yield {
          message: `the window of ${label} opens at ${formatTime(opens)}, and ${product} \`${version}\` on ${channel} is a security release`,
          at: { document, path: [...path, "window"], part: "key" },
          label: "machines that lack it wait until then",
          notes: [`${channel} offers it since ${formatTime(since)}, and the window was not open since`],
          help: `open it earlier, or ask them to update now: \`fairlead agents update --product ${product}\``,
        };
      }
    }
  },
};

/** The fleet's own window, and those of tenants. */
function* windowsOf(state: SoundState): Generator<StateScope> {
  const { fleet } = state;
  if (fleet !== undefined) yield { label: "fleet", document: fleet, path: [], settings: fleet.value };
  yield* windowedScopes(state);
}

/** `undefined` for a window that other rules refuse. */
function firstOpening({ onReturn = "window", ...window }: WindowState, at: number): number | undefined {
  const duration = parseDuration(window.duration);
  if (duration <= 0 || duration > MAX_WINDOW_SECONDS) return undefined;
  return openingAtOrAfter({ ...window, duration, onReturn }, at).opens;
}
