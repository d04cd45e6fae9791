import { findRelease } from "../../protocol/candidates.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import type { Device, LocalState } from "../../protocol/device.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { ChannelPolicy, Freeze, Pause, ProductPolicy } from "../../protocol/policy.ts";
import type { Releases } from "../../protocol/release.ts";
import { groupsOf, own, scopesOf } from "../../protocol/scope.ts";
import { openedWaves, rolloutStart, spreadFor, turnOf } from "../../protocol/waves.ts";

/** What a machine is told at a second, and what runs on it then. */
export interface Moment {
  /** Seconds since 1970. */
  readonly at: number;
  /** `null`: nothing. */
  readonly runs: string | null;
  readonly decision: Decision;
}

/** What is followed: a machine, and all that is said to it about one product. */
export interface Followed {
  readonly policy: Policy & { readonly releases: Releases };
  readonly device: Device;
  readonly channel: string;
  readonly local: LocalState;
}

/** Limit that no machine reaches: each decision takes it past one wait, one version, or one end of what holds it. */
const MAX_MOMENTS = 5000;

/**
 * What a machine does from a time on, for good, if each update succeeds at once. Its decisions can change only at the
 * seconds that they name themselves (openings of windows, ends of freezes), where it gets its turn in the waves, where a
 * pause or a pin ends, and where a freeze begins; there, and nowhere else, it is asked again.
 *
 * @param installed what runs on it at `from`
 * @param from      seconds since 1970
 * @param until     the first second that is not looked at
 */
export function followMachine(
  { policy, device, channel, local }: Followed,
  installed: string | null,
  from: number,
  until: number = Number.POSITIVE_INFINITY,
): readonly Moment[] {
  const ends = timesAhead({ policy, device, channel, local }, from);
  const moments: Moment[] = [];
  let next = 0;
  let runs = installed;
  let at = from;
  while (at < until && moments.length < MAX_MOMENTS) {
    const decision = decide(policy, policy.releases, device, { version: runs }, local, at);
    moments.push({ at, runs, decision });
    if (decision.action === "update" || decision.action === "rollback") {
      runs = decision.path[0];
      continue;
    }
    while ((ends[next] ?? Number.POSITIVE_INFINITY) <= at) next++;
    const eligibleAt = decision.action === "wait" ? decision.eligibleAt : undefined;
    const waits = eligibleAt === undefined ? Number.POSITIVE_INFINITY : Math.max(eligibleAt, at + 1);
    at = Math.min(waits, ends[next] ?? Number.POSITIVE_INFINITY);
  }
  return moments;
}

/** Whether something is installed at this moment. */
export function isStep({ decision }: Moment): boolean {
  return decision.action === "update" || decision.action === "rollback";
}

/** The seconds after `from` at which something on the machine's path begins or ends by itself, in order. */
function timesAhead({ policy, device, channel }: Followed, from: number): number[] {
  const { product, tenant } = policy;
  const groups = groupsOf(tenant, device);
  const times = [...knownEnds.of(product, endsOfProduct)];
  const channelPolicy = own(product.channels, channel);
  if (channelPolicy !== undefined) {
    times.push(...knownEndsOfChannel.of(channelPolicy, endsOf));
    const names = groups.map(({ name }) => `${tenant?.tenant}/${name}`);
    times.push(...turnsAhead(policy, channelPolicy, { id: device.id, groups: names }, from));
  }
  for (const { settings } of scopesOf(product, tenant, device, groups)) {
    times.push(...endsOf(settings));
    if (settings.pin?.expires !== undefined) times.push(settings.pin.expires);
  }
  return times.length === 0 ? [] : [...new Set(times)].filter((at) => at > from).sort((a, b) => a - b);
}

/** When it gets its turn for what the channel points to, and for what it pointed to before. */
function turnsAhead(
  { product, releases }: Followed["policy"],
  channel: ChannelPolicy,
  device: { readonly id: string; readonly groups: readonly string[] },
  from: number,
): number[] {
  const { current, previous, rollout } = channel;
  return [current, ...previous].flatMap((promotion) => {
    const start = rolloutStart(channel, promotion);
    const release = findRelease(releases, promotion.version);
    if (release === undefined) return [];
    const { version, severity } = release;
    const last = rollout === undefined ? 0 : (spreadFor(rollout, severity).waves.at(-1)?.after ?? 0);
    if (start.at + last <= from) return [];
    const opened = openedWaves(channel, promotion, severity);
    const { at } = turnOf(
      rollout,
      { release: { version, severity }, start, opened },
      product.product,
      device,
    );
    return at === undefined ? [] : [at];
  });
}

const knownEnds = new KeptByIdentity<ProductPolicy, readonly number[]>();
const knownEndsOfChannel = new KeptByIdentity<ChannelPolicy, readonly number[]>();

/** Of what the product says itself. */
function endsOfProduct(product: ProductPolicy): readonly number[] {
  return endsOf(product);
}

function endsOf({
  paused,
  freeze = [],
}: {
  readonly paused?: Pause;
  readonly freeze?: readonly Freeze[];
}): readonly number[] {
  const ends = freeze.flatMap(({ from, to }) => [from, to]);
  return paused?.until === undefined ? ends : [...ends, paused.until];
}
