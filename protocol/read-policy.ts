import {
  type ChannelPolicy,
  MAX_CHECK_INTERVAL,
  POLICY_SCHEMA_VERSION,
  type ProductPolicy,
  type Rollout,
  type TenantPolicy,
  WEEKDAYS,
} from "./policy.ts";
import { ProtocolError } from "./protocol-error.ts";
import {
  badDocument,
  entries,
  type Fields,
  flag,
  integer,
  list,
  object,
  oneOf,
  optional,
  parseJson,
  type Reader,
  record,
  type Shape,
  text,
} from "./read-json.ts";
import { readChannelName, readName } from "./read-names.ts";
import { WHOLE_PPM } from "./share.ts";
import { MAX_WINDOW_SECONDS } from "./update-window.ts";
import { VERSION_SCHEMES } from "./version.ts";

/** Most bytes of one policy document: 100,000 devices with a line each. */
export const MAX_POLICY_BYTES = 8 * 1024 * 1024;

const MAX_SCOPES = 10_000;
const MAX_DEVICES = 100_000;

/** A part of a policy document. */
function section<F extends Fields>(fields: F): Reader<Shape<F>> {
  return object(fields, "refuse-critical");
}

const name = readName;
const channelName = readChannelName;
const groupPath = text({
  max: 127,
  form: /^[a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62}$/,
  what: "tenant/group",
});
const deviceId = text({ max: 128, form: /^[A-Za-z0-9][A-Za-z0-9._:-]*$/, what: "the id of a device" });
const version = text({ max: 64, form: /^[0-9A-Za-z][0-9A-Za-z.-]*$/, what: "a version" });
const platform = text({ max: 64, form: /^[a-z0-9]+-[a-z0-9_]+$/, what: "a platform such as linux-x64" });
const commit = text({ max: 64, form: /^[0-9a-f]{7,64}$/, what: "the id of a commit" });
const reason = text({ max: 500 });
const ppm = integer(0, WHOLE_PPM);
const seconds = integer(0);

const pause = section({ reason: optional(reason), until: optional(seconds) });
const pin = section({
  version,
  reason: optional(reason),
  owner: optional(text({ max: 200 })),
  expires: optional(seconds),
});
const window = section({
  days: list(oneOf(...WEEKDAYS), WEEKDAYS.length),
  start: text({ max: 5, form: /^([01]\d|2[0-3]):[0-5]\d$/, what: "a time from 00:00 to 23:59" }),
  duration: integer(1, MAX_WINDOW_SECONDS),
  timeZone: text({ max: 64, form: /^[A-Za-z0-9_+/-]+$/, what: "the name of a time zone" }),
  onReturn: oneOf("window", "now"),
});
const freeze = list(
  section({
    from: seconds,
    to: seconds,
    reason,
    owner: optional(text({ max: 200 })),
    except: optional(oneOf("security")),
  }),
  50,
);
const settings = {
  paused: optional(pause),
  channel: optional(channelName),
  pin: optional(pin),
  autoUpdate: optional(flag),
  window: optional(window),
  freeze: optional(freeze),
  localOverrides: optional(oneOf("allow", "deny")),
};
const scope = { ...settings, products: optional(record(section(settings), MAX_SCOPES, name)) };

const wave = section({ ppm, after: seconds });
/** Checks what `placeInWaves` relies on: waves ascend in both numbers, and the last one reaches everybody. */
const waves: Reader<readonly { readonly ppm: number; readonly after: number }[]> = (value, at, critical) => {
  const read = list(wave, 100)(value, at, critical);
  let before = { ppm: 0, after: 0 };
  for (const [index, next] of read.entries()) {
    if (next.ppm < before.ppm || next.after < before.after) {
      throw badDocument(`${at}/${index}`, "a wave that is not below the one before it", next);
    }
    before = next;
  }
  if (before.ppm !== WHOLE_PPM) throw badDocument(at, `waves that end at ${WHOLE_PPM} ppm`, before.ppm);
  return read;
};
const spread = { strategy: oneOf("steps", "linear"), waves };
const rolloutShape = section({
  ...spread,
  canary: optional(
    section({
      devices: list(deviceId, MAX_DEVICES),
      groups: list(groupPath, MAX_SCOPES),
      share: optional(ppm),
      of: optional(oneOf("platform", "site")),
    }),
  ),
  // An agent does not judge by it, so causes and numbers of tomorrow must not stop it.
  gate: optional(
    section({
      maxFailure: ppm,
      minReports: integer(0),
      silentAfter: optional(seconds),
      confidence: optional(ppm),
      causes: optional(list(text({ max: 64 }), 100)),
      maxTenantShare: optional(ppm),
    }),
  ),
  startsAt: optional(seconds),
  advance: optional(oneOf("healthy", "manual")),
  opened: optional(integer(0, 100)),
  openedByHealth: optional(integer(0, 100)),
  bySeverity: optional(section({ security: section(spread) })),
});
/** Waves that something else than time opens say how many are open: without the number nobody could tell. */
const rollout: Reader<Rollout> = (value, at, critical) => {
  const read = rolloutShape(value, at, critical);
  if ((read.advance === undefined) !== (read.opened === undefined)) {
    throw badDocument(at, "`advance` and `opened` together", read.advance ?? read.opened);
  }
  return read;
};
const promotion = section({
  version,
  at: seconds,
  startedBy: optional(oneOf("publication")),
  commit,
  halted: optional(flag),
  opened: optional(integer(0, 100)),
});
const haltCause = { reason, at: seconds };
const channel: Reader<ChannelPolicy> = section({
  current: promotion,
  // Far more than a controller writes, so that one that remembers more does not stop agents of today.
  previous: list(promotion, 1000),
  steps: optional(list(version, MAX_SCOPES)),
  paused: optional(pause),
  freeze: optional(freeze),
  minVersion: optional(version),
  deferAtMost: optional(seconds),
  rollout: optional(rollout),
  halted: optional(
    section({ ...haltCause, by: optional(oneOf("gate")), gate: optional(section(haltCause)) }),
  ),
  resumed: optional(section(haltCause)),
  rollback: optional(section({ from: list(version, 1000), reason: optional(reason) })),
});

/** Longer ones are cut rather than refused: to refuse the whole policy would silence the agent for certain. */
const checkInterval: Reader<number> = (value, at) => Math.min(seconds(value, at), MAX_CHECK_INTERVAL);

const heading = {
  schemaVersion: oneOf(POLICY_SCHEMA_VERSION),
  critical: optional(list(text({ max: 64 }), 1000)),
};
const readHeading = object(heading, "ignore");
const product: Reader<ProductPolicy> = section({
  kind: oneOf("product"),
  ...heading,
  commit,
  product: name,
  versionScheme: oneOf(...VERSION_SCHEMES),
  ifInstalled: optional(flag),
  fleet: section({
    ...settings,
    defaultChannel: channelName,
    minVersion: optional(version),
    checkInterval: optional(checkInterval),
    unknownDevices: optional(oneOf("hold")),
  }),
  paused: optional(pause),
  freeze: optional(freeze),
  minVersion: optional(version),
  channels: record(channel, 1000, channelName),
  yanked: list(version, MAX_SCOPES),
  yankedFor: optional(record(list(platform, 100), MAX_SCOPES, version)),
});
const tenant: Reader<TenantPolicy> = section({
  ...scope,
  kind: oneOf("tenant"),
  ...heading,
  tenant: name,
  formerly: optional(list(name, 1000)),
  renamedTo: optional(name),
  sites: record(section(scope), MAX_SCOPES, name),
  groups: list(
    section({
      ...scope,
      name,
      devices: list(deviceId, MAX_DEVICES),
      match: optional(record(list(text({ max: 256 }), 50), 20, text({ max: 80 }))),
    }),
    1000,
  ),
  devices: record(section(scope), MAX_DEVICES, deviceId),
});

/**
 * Reads a verified `policy/product/<product>.json`. A key that it does not know is passed over unless the document calls
 * it critical: an agent that passed over a pause or a minimum because it is written in a newer form would disobey it. A
 * value of another form than it knows is always an error.
 *
 * @throws ProtocolError `protocol/bad-document`, with the place as a JSON pointer
 */
export function readProductPolicy(bytes: Uint8Array): ProductPolicy {
  return readPolicy(product, bytes);
}

/** Reads a verified `policy/tenant/<name>.json`, as `readProductPolicy` does. */
export function readTenantPolicy(bytes: Uint8Array): TenantPolicy {
  return readPolicy(tenant, bytes);
}

function readPolicy<T>(reader: Reader<T>, bytes: Uint8Array): T {
  const value = parseJson(bytes, MAX_POLICY_BYTES);
  requireKnownSchema(value);
  const { critical } = readHeading(value, "");
  return reader(value, "", critical === undefined ? undefined : new Set(critical));
}

/** Checked first, because a newer document would otherwise fail on its first new key with a misleading message. */
function requireKnownSchema(value: unknown): void {
  const said = new Map(entries(value, "")).get("schemaVersion");
  if (typeof said === "number" && said > POLICY_SCHEMA_VERSION) {
    throw new ProtocolError(
      "protocol/bad-document",
      `/schemaVersion: expected at most ${POLICY_SCHEMA_VERSION}, got ${said}: the controller is newer than this program`,
      { help: "update this program, or publish with a controller of its generation" },
    );
  }
}
