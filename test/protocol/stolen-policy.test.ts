import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Barriers } from "../../protocol/barriers.ts";
import { decide, type Policy } from "../../protocol/decide.ts";
import type { Decision } from "../../protocol/decision.ts";
import { newestAfter } from "../../protocol/newest-confirmed.ts";
import { ProtocolError } from "../../protocol/protocol-error.ts";
import { readProductPolicy, readTenantPolicy } from "../../protocol/read-policy.ts";
import type { Release, Releases } from "../../protocol/release.ts";
import { accepts } from "../../protocol/upgrade-path.ts";
import {
  compareVersions,
  isRange,
  isVersion,
  type VersionScheme,
  versionInRange,
} from "../../protocol/version.ts";
import { seldom } from "./arbitrary-policies.ts";
import { channel, product, release, T0, tenant } from "./build-policies.ts";

/**
 * Whoever holds the online key writes any policy at all. Whatever it says, a device goes only where the release key
 * allows: up over what `upgradeFrom` accepts and barriers let by, never to or up from a dead end, down inside `rollbackTo`, by the scheme that was signed.
 */
const RUNS = { numRuns: 2000 };

const VERSIONS = [
  "1.3.0",
  "1.4.0",
  "1.4.9",
  "1.5.0",
  "2.0.0",
  "1.5.0-rc.1",
  "1.4",
  "1.4.9.1",
  "1.5.0.0",
] as const;
/** Several of them say one thing in one scheme and another in the other. */
const RANGES = [
  ">1.4",
  "1.4",
  "<=1.4",
  ">=1.4.0",
  "=1.5.0",
  "<1.5",
  ">1.4 <2",
  "^1.4.0",
  "~1.4",
  "*",
] as const;
const SCHEMES = ["semver", "dotted"] as const;

interface Signed {
  readonly scheme: VersionScheme;
  readonly releases: Releases;
}

const signed: fc.Arbitrary<Signed> = fc.constantFrom(...SCHEMES).chain((scheme) => {
  const range = fc.option(fc.constantFrom(...RANGES.filter((text) => isRange(scheme, text))), {
    nil: undefined,
  });
  const said = fc.record({
    active: fc.integer({ min: 0, max: 9 }),
    upgradeFrom: range,
    rollbackTo: range,
    barrier: seldom(fc.constant({}), 4),
    deadEnd: seldom(fc.constant({ reason: "cannot update itself" }), 9),
  });
  const versions = VERSIONS.filter((version) => isVersion(scheme, version));
  return fc.array(said, { minLength: versions.length, maxLength: versions.length }).map((all) => ({
    scheme,
    releases: versions.map((version, index): Release => {
      const { active = 1, upgradeFrom, rollbackTo, barrier, deadEnd } = all[index] ?? {};
      return release(version, {
        active: active > 0,
        ...(scheme === "dotted" ? { versionScheme: scheme } : {}),
        ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
        ...(rollbackTo === undefined ? {} : { rollbackTo }),
        ...(barrier === undefined ? {} : { barrier }),
        ...(deadEnd === undefined ? {} : { deadEnd }),
      });
    }),
  }));
});

const anyVersion = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...VERSIONS) },
  fc.constantFrom("x", "v1", "unknown"),
);
const scope = fc
  .record({
    pin: seldom(fc.record({ version: anyVersion })),
    channel: seldom(fc.constantFrom("stable", "beta")),
  })
  .map(({ pin, channel }) => ({
    ...(pin === undefined ? {} : { pin }),
    ...(channel === undefined ? {} : { channel }),
  }));
const anyChannel = fc
  .record({
    history: fc.array(anyVersion, { minLength: 1, maxLength: 5 }),
    from: fc.array(anyVersion, { maxLength: 9 }),
    minVersion: seldom(anyVersion),
  })
  .map(({ history, from, minVersion }) =>
    channel(history, { rollback: { from }, ...(minVersion === undefined ? {} : { minVersion }) }),
  );

/** The bytes of a product's and a tenant's policy, as a thief may write them: well formed more often than not. */
const stolen = fc
  .record({
    versionScheme: fc.constantFrom(...SCHEMES),
    fleet: scope,
    stable: anyChannel,
    beta: anyChannel,
    tenant: scope,
    yanked: fc.array(anyVersion, { maxLength: 2 }),
    spoil: seldom(fc.tuple(fc.constantFrom("channels", "versionScheme", "fleet", "yanked"), fc.jsonValue())),
  })
  .map(({ versionScheme, fleet, stable, beta, tenant: ofTenant, yanked, spoil }) => {
    const said = product({
      versionScheme,
      fleet: { defaultChannel: "stable", ...fleet },
      channels: { stable, beta },
      yanked,
    });
    const spoilt = spoil === undefined ? said : { ...said, [spoil[0]]: spoil[1] };
    return { product: JSON.stringify(spoilt), tenant: JSON.stringify(tenant(ofTenant)) };
  });
type Stolen = typeof stolen extends fc.Arbitrary<infer T> ? T : never;

/** Policies one after the other; half of them name a version and declare a rollback to it from every other. */
const plot = fc.array(fc.oneof(stolen, fc.record({ target: fc.constantFrom(...VERSIONS) })), {
  minLength: 2,
  maxLength: 10,
});

function rollBackAll({ scheme }: Signed, target: string): Stolen {
  const from = VERSIONS.filter((version) => version !== target);
  const channels = { stable: channel([target], { rollback: { from } }) };
  return {
    product: JSON.stringify(product({ versionScheme: scheme, channels })),
    tenant: JSON.stringify(tenant()),
  };
}

/** What the device decides; `undefined` where it cannot read the policy and so does nothing. */
function obey(
  { product, tenant }: Stolen,
  { releases }: Signed,
  installed: string | null,
  newestConfirmed?: string,
): Decision | undefined {
  try {
    const policy: Policy = {
      product: readProductPolicy(Buffer.from(product)),
      tenant: readTenantPolicy(Buffer.from(tenant)),
    };
    const device = { id: "d-1", platform: "linux-x64", tenant: "acme" };
    const local = { updateNow: true, ...(newestConfirmed === undefined ? {} : { newestConfirmed }) };
    return decide(policy, releases, device, { version: installed }, local, T0);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/**
 * Whether what was signed offline, and nothing else, lets a device go from one version to another.
 *
 * @param newest the newest version that ever ran on it
 */
function isSigned({ scheme, releases }: Signed, from: string | null, to: string, newest = from): boolean {
  const target = releases.find(({ version }) => version === to);
  if (target === undefined || !target.active || target.deadEnd !== undefined) return false;
  if (from === null) return true;
  if (compareVersions(scheme, to, from) > 0) {
    const isStuck = releases.some(({ version, deadEnd }) => version === from && deadEnd !== undefined);
    return !isStuck && accepts(scheme, target, from, new Barriers(scheme, releases, "linux-x64"));
  }
  return [from, newest].every((holder) => {
    const range = releases.find(({ version }) => version === holder)?.rollbackTo;
    return range !== undefined && versionInRange(scheme, to, range);
  });
}

describe("decide, with a policy that a thief of the online key wrote", () => {
  it("takes only steps that the release key signed, read by the scheme that it signed", () => {
    fc.assert(
      fc.property(
        signed,
        stolen,
        fc.oneof(fc.constantFrom(...VERSIONS), fc.constant(null)),
        (data, policy, installed) => {
          const decision = obey(policy, data, installed);
          if (decision?.action !== "update" && decision?.action !== "rollback") return;
          let from: string | null = installed;
          for (const step of decision.path) {
            assert.ok(isSigned(data, from, step), `${data.scheme}: ${from} to ${step}`);
            from = step;
          }
        },
      ),
      RUNS,
    );
  });

  it("reaches by any number of steps nothing that the newest version of the machine must not be rolled back to", () => {
    fc.assert(
      fc.property(signed, plot, fc.constantFrom(...VERSIONS), (data, policies, first) => {
        let installed: string = first;
        let newest: string = first;
        for (const policy of policies) {
          const said = "target" in policy ? rollBackAll(data, policy.target) : policy;
          const decision = obey(said, data, installed, newest);
          if (decision?.action !== "update" && decision?.action !== "rollback") continue;
          const [step] = decision.path;
          assert.ok(isSigned(data, installed, step, newest), `${newest}, then ${installed} to ${step}`);
          installed = step;
          newest = newestAfter(data.scheme, newest, step);
        }
      }),
      RUNS,
    );
  });

  it("does not go from 1.5.0 to 1.4.9 because policy reads `>1.4` as dotted, and it was signed as semver", () => {
    const rollback = { from: ["1.5.0"] };
    const policy = product({
      versionScheme: "dotted",
      channels: { stable: channel(["1.5.0", "1.4.9"], { rollback }) },
    });
    const releases = [release("1.4.9"), release("1.5.0", { rollbackTo: ">1.4" })];
    const device = { id: "d-1", platform: "linux-x64" };
    const decision = decide({ product: policy }, releases, device, { version: "1.5.0" }, {}, T0);
    assert.equal(decision.action === "refuse" && decision.code, "version-scheme-not-signed");
    assert.equal(decision.trail.at(-1)?.where, "products/agent/product.yaml#/versionScheme");
  });
});
