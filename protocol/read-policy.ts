import { isName } from "./manifest-names.ts";
import {
  type ChannelPolicy,
  MAX_CHECK_INTERVAL,
  POLICY_SCHEMA_VERSION,
  type ProductPolicy,
  type TenantPolicy,
  WEEKDAYS,
} from "./policy.ts";
import { ProtocolError } from "./protocol-error.ts";
import {
  badDocument,
  entries,
  flag,
  integer,
  list,
  object,
  oneOf,
  optional,
  parseJson,
  type Reader,
  record,
  text,
} from "./read-json.ts";
import { WHOLE_PPM } from "./share.ts";
import { MAX_WINDOW_SECONDS } from "./update-window.ts";
import { VERSION_SCHEMES } from "./version.ts";

/** Most bytes of one policy document: 100,000 devices with a line each. */
export const MAX_POLICY_BYTES = 8 * 1024 * 1024;

const MAX_SCOPES = 10_000;
const MAX_DEVICES = 100_000;

const name: Reader<string> = (value, at) => {
  const read = text({ max: 63 })(value, at);
  if (!isName(read)) throw badDocument(at, "lower-case letters, digits and dashes", value);
  return read;
};
const groupPath = text({
  max: 127,
  form: /^[a-z][a-z0-9-]{0,62}\/[a-z][a-z0-9-]{0,62}$/,
  what: "tenant/group",
});
const deviceId = text({ max: 128, form: /^[A-Za-z0-9][A-Za-z0-9._:-]*$/, what: "the id of a device" });
const version = text({ max: 64, form: /^[0-9A-Za-z][0-9A-Za-z.-]*$/, what: "a version" });
const commit = text({ max: 64, form: /^[0-9a-f]{7,64}$/, what: "the id of a commit" });
const reason = text({ max: 500 });
const ppm = integer(0, WHOLE_PPM);
const seconds = integer(0);

const pause = object({ reason: optional(reason) });
const pin = object({
  version,
  reason: optional(reason),
  owner: optional(text({ max: 200 })),
  expires: optional(seconds),
});
const window = object({
  days: list(oneOf(...WEEKDAYS), WEEKDAYS.length),
  start: text({ max: 5, form: /^([01]\d|2[0-3]):[0-5]\d$/, what: "a time from 00:00 to 23:59" }),
  duration: integer(1, MAX_WINDOW_SECONDS),
  timeZone: text({ max: 64, form: /^[A-Za-z0-9_+/-]+$/, what: "the name of a time zone" }),
  onReturn: oneOf("window", "now"),
});
const settings = {
  paused: optional(pause),
  channel: optional(name),
  pin: optional(pin),
  autoUpdate: optional(flag),
  window: optional(window),
  localOverrides: optional(oneOf("allow", "deny")),
};
const scope = { ...settings, products: optional(record(object(settings), MAX_SCOPES, name)) };

const wave = object({ ppm, after: seconds });
/** Checks what `waveDelay` relies on: waves ascend in both numbers, and the last one reaches everybody. */
const waves: Reader<readonly { readonly ppm: number; readonly after: number }[]> = (value, at) => {
  const read = list(wave, 100)(value, at);
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
const rollout = object({
  strategy: oneOf("steps", "linear"),
  waves,
  canary: optional(object({ devices: list(deviceId, MAX_DEVICES), groups: list(groupPath, MAX_SCOPES) })),
  gate: optional(object({ maxFailure: ppm, minReports: integer(0), silentAfter: optional(seconds) })),
});
const promotion = object({ version, at: seconds, commit, halted: optional(flag) });
const channel: Reader<ChannelPolicy> = object({
  current: promotion,
  // Far more than a controller writes, so that one that remembers more does not stop agents of today.
  previous: list(promotion, 1000),
  steps: optional(list(version, MAX_SCOPES)),
  paused: optional(pause),
  minVersion: optional(version),
  rollout: optional(rollout),
  halted: optional(object({ reason, at: seconds })),
  rollback: optional(object({ from: list(version, 1000), reason: optional(reason) })),
});

/** Longer ones are cut rather than refused: to refuse the whole policy would silence the agent for certain. */
const checkInterval: Reader<number> = (value, at) => Math.min(seconds(value, at), MAX_CHECK_INTERVAL);

const schemaVersion = oneOf(POLICY_SCHEMA_VERSION);
const product: Reader<ProductPolicy> = object({
  kind: oneOf("product"),
  schemaVersion,
  commit,
  product: name,
  versionScheme: oneOf(...VERSION_SCHEMES),
  ifInstalled: optional(flag),
  fleet: object({
    ...settings,
    defaultChannel: name,
    minVersion: optional(version),
    checkInterval: optional(checkInterval),
  }),
  paused: optional(pause),
  minVersion: optional(version),
  channels: record(channel, 1000, name),
  yanked: list(version, MAX_SCOPES),
});
const tenant: Reader<TenantPolicy> = object({
  ...scope,
  kind: oneOf("tenant"),
  schemaVersion,
  tenant: name,
  sites: record(object(scope), MAX_SCOPES, name),
  groups: list(object({ ...scope, name, devices: list(deviceId, MAX_DEVICES) }), 1000),
  devices: record(object(scope), MAX_DEVICES, deviceId),
});

/**
 * Reads a verified `policy/product/<product>.json`. Whatever it does not understand is an error: an agent that passed
 * over a pause or a minimum because it is written in a newer form would disobey it.
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
  return reader(value, "");
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
