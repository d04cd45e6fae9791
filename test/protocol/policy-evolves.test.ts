import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import { CRITICAL_KEYS } from "../../protocol/policy.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { readProductPolicy, readTenantPolicy } from "../../protocol/read-policy.ts";
import { channel, product, T0, tenant } from "./build-policies.ts";

const FULL_PRODUCT = product({
  critical: CRITICAL_KEYS,
  paused: { reason: "a look at the disk" },
  freeze: [{ from: T0, to: T0 + 1, reason: "audit", owner: "ops", except: "security" }],
  fleet: { defaultChannel: "stable-4.14", unknownDevices: "hold", window: undefinedWindow() },
  channels: {
    "stable-4.14": channel(["1.0.0", "1.1.0"], {
      rollout: {
        strategy: "steps",
        waves: [{ ppm: 1_000_000, after: 0 }],
        canary: { devices: ["d-1"], groups: ["acme/canaries"], share: 10_000, of: "platform" },
        gate: { maxFailure: 20_000, minReports: 20 },
        startsAt: T0,
        advance: "manual",
        opened: 1,
        bySeverity: { security: { strategy: "linear", waves: [{ ppm: 1_000_000, after: 60 }] } },
      },
    }),
  },
  yankedFor: { "1.0.0": ["linux-arm64"] },
});
const FULL_TENANT = tenant({
  critical: CRITICAL_KEYS,
  channel: "stable-4.14",
  sites: { berlin: { pin: { version: "1.0.0", owner: "ops" } } },
  groups: [{ name: "canaries", devices: ["d-1"], match: { ring: ["canary"], "facts.glibc": [">=2.31"] } }],
  devices: { "d-1": { products: { agent: { paused: {} } } } },
});

function undefinedWindow() {
  return { days: ["sat"], start: "02:00", duration: 3600, timeZone: "UTC", onReturn: "window" } as const;
}

const bytesOf = (value: unknown): Uint8Array => Buffer.from(canonicalJson(value));
const read = (value: unknown): unknown =>
  JSON.stringify(value).includes('"kind":"tenant"')
    ? readTenantPolicy(bytesOf(value))
    : readProductPolicy(bytesOf(value));

/** The maps of a document, whose keys are names that people gave and no words of the format. */
const MAPS = new Set(["channels", "sites", "devices", "products", "match", "yankedFor"]);

/** Paths of all objects of a document that have a fixed set of keys. */
function sections(
  value: unknown,
  path: readonly (string | number)[] = [],
  isMap = false,
): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, member]) =>
    sections(
      member,
      [...path, Array.isArray(value) ? Number(key) : key],
      MAPS.has(key) && !Array.isArray(member),
    ),
  );
  return isMap || Array.isArray(value) ? inner : [[...path], ...inner];
}

function withKey(value: unknown, path: readonly (string | number)[], key: string): unknown {
  const [next, ...rest] = path;
  if (next === undefined) return { ...Object(value), [key]: 1 };
  const copy: Record<string | number, unknown> = Array.isArray(value)
    ? Object(value.slice())
    : { ...Object(value) };
  copy[next] = withKey(copy[next], rest, key);
  return copy;
}

const places = [FULL_PRODUCT, FULL_TENANT].flatMap((document) =>
  sections(document).map((path) => ({ document, path })),
);
const tomorrow = fc.record({ place: fc.constantFrom(...places), key: fc.stringMatching(/^zz[a-z]{1,8}$/) });

test("the examples hold every kind of section and are read as they are", () => {
  assert.ok(places.length > 20);
  assert.equal(canonicalJson(read(FULL_PRODUCT)), canonicalJson(FULL_PRODUCT));
  assert.equal(canonicalJson(read(FULL_TENANT)), canonicalJson(FULL_TENANT));
});

test("an agent passes over a key of tomorrow that its document does not call critical, wherever it stands", () => {
  fc.assert(
    fc.property(tomorrow, ({ place: { document, path }, key }) => {
      assert.equal(canonicalJson(read(withKey(document, path, key))), canonicalJson(document));
    }),
  );
});

test("an agent refuses a key of tomorrow that its document calls critical, wherever it stands", () => {
  fc.assert(
    fc.property(tomorrow, ({ place: { document, path }, key }) => {
      const said = withKey({ ...document, critical: [...CRITICAL_KEYS, key] }, path, key);
      assert.throws(() => read(said), ProtocolError);
    }),
  );
});

test("a document of yesterday, which calls nothing critical, is read, and an unknown key in it is refused", () => {
  fc.assert(
    fc.property(tomorrow, ({ place: { document, path }, key }) => {
      const { critical: _, ...yesterday } = document;
      assert.equal(canonicalJson(read(yesterday)), canonicalJson(yesterday));
      assert.throws(() => read(withKey(yesterday, path, key)), ProtocolError);
    }),
  );
});

test("a value of tomorrow under a key of today is refused: nobody can tell what it holds back", () => {
  const stable = FULL_PRODUCT.channels["stable-4.14"];
  const said = {
    ...FULL_PRODUCT,
    channels: { stable: { ...stable, rollout: { ...stable?.rollout, advance: "weather" } } },
  };
  assert.throws(() => read(said), /advance: expected "healthy" or "manual", got "weather"/);
});

test("waves that something else than time opens say how many are open", () => {
  const stable = FULL_PRODUCT.channels["stable-4.14"];
  const { opened: _, ...without } = stable?.rollout ?? {};
  const said = { ...FULL_PRODUCT, channels: { stable: { ...stable, rollout: without } } };
  assert.throws(() => read(said), /`advance` and `opened` together/);
});
