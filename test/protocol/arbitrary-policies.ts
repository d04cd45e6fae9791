import fc from "fast-check";
import type { Policy } from "../../protocol/decide.ts";
import type { Device, LocalState } from "../../protocol/device.ts";
import type {
  ChannelPolicy,
  Freeze,
  Promotion,
  Rollout,
  ScopePolicy,
  ScopeSettings,
  Spread,
  UpdateWindow,
} from "../../protocol/policy.ts";
import { WEEKDAYS } from "../../protocol/policy.ts";
import type { Barrier, DeadEnd, Release, Severity } from "../../protocol/release.ts";
import type { Facts, Requirements } from "../../protocol/requirements.ts";
import { channel, DAY, policy, release, T0 } from "./build-policies.ts";

/** Everything that one call of `decide` takes. */
export interface AskedCase {
  readonly policy: Policy;
  readonly releases: readonly Release[];
  readonly device: Device;
  readonly installed: string | null;
  readonly local: LocalState;
  readonly now: number;
}

const VERSIONS = ["1.0.0", "1.1.0", "1.2.0-rc.1", "1.2.0", "1.3.0", "2.0.0"] as const;
const version = fc.constantFrom(...VERSIONS);
const range = fc.constantFrom(">=1.0.0", ">=1.1.0", ">=1.2.0 <2.0.0", "=1.0.0 || >=1.3.0");
const channelName = fc.constantFrom("stable", "beta");
const pause = fc.record(
  { reason: fc.constant("because"), until: fc.integer({ min: T0 - DAY, max: T0 + 9 * DAY }) },
  { requiredKeys: [] },
);

/** Sparse, so that most fleets still move: a key is there about once in `frequency` times. */
export function seldom<T>(value: fc.Arbitrary<T>, frequency = 8): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: frequency - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  );
}

/** Without the keys whose value is undefined: `exactOptionalPropertyTypes` means it. */
function sparse<T extends object>(
  record: fc.Arbitrary<{ [K in keyof T]: T[K] | undefined }>,
): fc.Arbitrary<T> {
  return record.map(
    (value) => Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T,
  );
}

const window: fc.Arbitrary<UpdateWindow> = fc.record({
  days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
  start: fc.constantFrom("00:00", "02:30", "23:00"),
  duration: fc.integer({ min: 600, max: DAY }),
  timeZone: fc.constantFrom("UTC", "Europe/Berlin", "Pacific/Apia"),
  onReturn: fc.constantFrom("window", "now"),
});

const freeze: fc.Arbitrary<Freeze> = fc
  .record({
    from: fc.integer({ min: T0 - DAY, max: T0 + 9 * DAY }),
    days: fc.integer({ min: 1, max: 4 }),
    except: seldom(fc.constant("security" as const), 2),
  })
  .map(({ from, days, except }) => ({
    from,
    to: from + days * DAY,
    reason: "holidays",
    ...(except === undefined ? {} : { except }),
  }));

const settings = (paused: fc.Arbitrary<object>): fc.Arbitrary<ScopeSettings> =>
  sparse<Required<ScopeSettings>>(
    fc.record({
      paused: seldom(paused, 60),
      channel: seldom(channelName),
      pin: seldom(
        sparse<{ version: string; expires: number }>(
          fc.record({ version, expires: seldom(fc.integer({ min: T0 - DAY, max: T0 + 9 * DAY }), 2) }),
        ),
        12,
      ),
      autoUpdate: seldom(fc.boolean(), 12),
      window: seldom(window, 12),
      freeze: seldom(fc.array(freeze, { minLength: 1, maxLength: 2 }), 12),
      localOverrides: seldom(fc.constantFrom("allow", "deny")),
    }),
  );

const match = fc.constantFrom<Record<string, string[]>>(
  { ring: ["canary", "early"] },
  { "facts.glibc": [">=2.34"], "facts.platform": ["linux-x64"] },
  { ring: ["canary"], "facts.os": ["debian"] },
);

const scope: fc.Arbitrary<ScopePolicy> = fc
  .tuple(settings(pause), seldom(settings(pause)))
  .map(([all, agent]) => (agent === undefined ? all : { ...all, products: { agent } }));

/** Ascending cumulative waves that end at the whole fleet. */
export const waves = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 5 * DAY })), {
    maxLength: 5,
  })
  .chain((steps) => fc.integer({ min: 0, max: DAY }).map((gap) => ({ steps, gap })))
  .map(({ steps, gap }) => {
    const shares = steps.map(([ppm]) => ppm).sort((a, b) => a - b);
    const delays = steps.map(([, after]) => after).sort((a, b) => a - b);
    const before = shares.map((ppm, i) => ({ ppm, after: delays[i] ?? 0 }));
    return [...before, { ppm: 1_000_000, after: (delays.at(-1) ?? 0) + gap }];
  });

const spread: fc.Arbitrary<Spread> = fc.record({ strategy: fc.constantFrom("steps", "linear"), waves });

const rollout: fc.Arbitrary<Rollout> = fc
  .record({
    spread,
    hand: seldom(
      fc.record({
        advance: fc.constantFrom("healthy", "manual"),
        opened: fc.integer({ min: 0, max: 6 }),
      }),
      3,
    ),
    rest: sparse<Required<Pick<Rollout, "startsAt" | "bySeverity" | "canary">>>(
      fc.record({
        startsAt: seldom(fc.integer({ min: T0 - 2 * DAY, max: T0 + 9 * DAY }), 3),
        bySeverity: seldom(fc.record({ security: spread }), 3),
        canary: seldom(
          fc.record({
            devices: fc.constant([]),
            groups: fc.constantFrom([], ["acme/tills"], ["acme/matched"]),
            share: fc.integer({ min: 0, max: 500_000 }),
            of: fc.constantFrom("platform", "site"),
          }),
          3,
        ),
      }),
    ),
  })
  .map(({ spread, hand, rest }) => ({ ...spread, ...hand, ...rest }));

/** What a promotion may carry besides when it was. */
const marks: fc.Arbitrary<Pick<Promotion, "startedBy" | "opened" | "halted">> = sparse<
  Required<Pick<Promotion, "startedBy" | "opened" | "halted">>
>(
  fc.record({
    startedBy: seldom(fc.constant("publication" as const), 2),
    opened: seldom(fc.integer({ min: 0, max: 4 }), 4),
    halted: seldom(fc.constant(true)),
  }),
);

const channelPolicy: fc.Arbitrary<ChannelPolicy> = fc
  .record({
    history: fc.array(version, { minLength: 1, maxLength: 5 }),
    marks: fc.array(marks, { minLength: 5, maxLength: 5 }),
    rest: sparse<Required<ChannelPolicy>>(
      fc.record({
        paused: seldom(pause, 60),
        minVersion: seldom(version, 6),
        rollout: seldom(rollout, 2),
        freeze: seldom(fc.array(freeze, { minLength: 1, maxLength: 2 }), 12),
        halted: seldom(fc.constant({ reason: "gate", at: T0 })),
        steps: seldom(fc.uniqueArray(version, { minLength: 1, maxLength: 3 }), 3),
        rollback: seldom(fc.record({ from: fc.uniqueArray(version, { minLength: 1, maxLength: 4 }) }), 2),
      }) as fc.Arbitrary<{ [K in keyof Required<ChannelPolicy>]: Required<ChannelPolicy>[K] | undefined }>,
    ),
  })
  .map(({ history, marks, rest }) => {
    const said = channel(history, rest);
    const previous = said.previous.map((promotion, i) => ({ ...promotion, ...marks[i + 1] }));
    const { startedBy } = marks[0] ?? {};
    return {
      ...said,
      current: startedBy === undefined ? said.current : { ...said.current, startedBy },
      previous,
    };
  });

const byteCount = fc.constantFrom(0, 2 ** 20, 2 ** 31, 2 ** 33);

export const requirements: fc.Arbitrary<Requirements> = sparse<Required<Requirements>>(
  fc.record({
    glibc: seldom(fc.constantFrom(">=2.17", ">=2.31", ">=2.28 <2.34 || =2.36"), 2),
    musl: seldom(fc.constant(">=1.2"), 20),
    kernel: seldom(fc.constantFrom(">=4.18", ">=5.10"), 4),
    os: seldom(fc.constantFrom({ debian: ">=11" }, { debian: ">=12", ubuntu: ">=20.04" }), 8),
    macos: seldom(fc.constant(">=12.0"), 20),
    windowsBuild: seldom(fc.constant(">=17763"), 20),
    cpu: seldom(fc.subarray(["avx", "avx2", "sse4_2"], { minLength: 1 }), 8),
    memory: seldom(byteCount, 8),
    disk: seldom(byteCount, 8),
    unknown: seldom(fc.constant(["tpm"]), 20),
  }),
);

/** What machines say of themselves, sound or not. */
export const facts: fc.Arbitrary<Facts> = sparse<Required<Facts>>(
  fc.record({
    os: fc.constantFrom("debian", "ubuntu", "arch", "constructor", undefined),
    osVersion: fc.constantFrom("11", "12", "20.04", "rolling", undefined),
    glibc: fc.constantFrom("2.17", "2.31", "2.36", "2.36-9+deb12u4", undefined),
    musl: fc.constantFrom("1.2.3", undefined, undefined),
    kernel: fc.constantFrom("4.18.0", "6.1", "", undefined),
    macos: fc.constant(undefined),
    windowsBuild: fc.constant(undefined),
    cpu: fc.constantFrom(["avx", "avx2", "sse4_2"], ["sse4_2"], undefined),
    memory: fc.constantFrom(2 ** 30, 2 ** 34, undefined),
    disk: fc.constantFrom(2 ** 20, 2 ** 32, undefined),
  }),
);

function requiring(built: Release, requires: Requirements | undefined): Release {
  if (requires === undefined) return built;
  return { ...built, artifacts: built.artifacts.map((artifact) => ({ ...artifact, requires })) };
}

const releases: fc.Arbitrary<Release[]> = fc
  .tuple(
    ...VERSIONS.map((v) =>
      fc
        .record({
          signed: sparse<{
            severity: Severity;
            upgradeFrom: string;
            rollbackTo: string;
            barrier: Barrier;
            deadEnd: DeadEnd;
          }>(
            fc.record({
              severity: fc.constantFrom("normal", "normal", "security"),
              upgradeFrom: seldom(range, 4),
              rollbackTo: fc.oneof(range, fc.constant(undefined)),
              barrier: seldom(fc.constant({ reason: "moves the database" }), 5),
              deadEnd: seldom(fc.constant({ reason: "cannot update itself" }), 12),
            }),
          ),
          built: fc.integer({ min: 0, max: 15 }),
          requires: seldom(requirements, 3),
        })
        .map(({ signed, built, requires }) => requiring(builtRelease(v, signed, built), requires)),
    ),
  )
  .map((all) => [...all]);

/** `built` 0: yanked for all; 1: yanked for linux-x64; 2: not built for it. */
function builtRelease(version: string, signed: Partial<Release>, built: number): Release {
  const whole = release(version, signed);
  const isFirst = (platform: string): boolean => platform === "linux-x64";
  const artifacts = whole.artifacts
    .filter(({ platform }) => built !== 2 || !isFirst(platform))
    .map((artifact) =>
      built === 0 || (built === 1 && isFirst(artifact.platform))
        ? { ...artifact, active: false as const }
        : artifact,
    );
  return { ...whole, active: built !== 0, artifacts };
}

const deviceId = fc.integer({ min: 0, max: 9999 }).map((n) => `d-${n}`);

/** Any valid state with one device that asks about it. */
export const askedCase: fc.Arbitrary<AskedCase> = deviceId.chain((id) =>
  fc.record({
    policy: fc
      .record({
        fleet: settings(pause),
        productPause: seldom(pause, 60),
        minVersion: seldom(version, 4),
        stable: channelPolicy,
        beta: channelPolicy,
        yanked: fc.subarray([...VERSIONS], { maxLength: 2 }),
        yankedFor: seldom(
          fc.dictionary(version, fc.subarray(["linux-x64", "linux-arm64"], { minLength: 1 }), { maxKeys: 2 }),
          3,
        ),
        tenant: scope,
        site: scope,
        group: scope,
        matched: scope,
        match,
        device: scope,
      })
      .map((said) =>
        policy(
          {
            fleet: { defaultChannel: "stable", ...said.fleet },
            ...(said.productPause === undefined ? {} : { paused: said.productPause }),
            ...(said.minVersion === undefined ? {} : { minVersion: said.minVersion }),
            channels: { stable: said.stable, beta: said.beta },
            yanked: said.yanked,
            ...(said.yankedFor === undefined ? {} : { yankedFor: said.yankedFor }),
          },
          {
            ...said.tenant,
            sites: { berlin: said.site },
            groups: [
              { name: "tills", devices: [id], ...said.group },
              { name: "matched", devices: [], match: said.match, ...said.matched },
            ],
            devices: { [id]: said.device },
          },
        ),
      ),
    releases,
    device: sparse<Device>(
      fc.record({
        id: fc.constant(id),
        platform: fc.constant("linux-x64"),
        tenant: fc.constant("acme"),
        site: fc.constant("berlin"),
        labels: seldom(fc.constant({ ring: "canary" }), 2),
        facts: seldom(facts, 2),
      }) as fc.Arbitrary<{ [K in keyof Device]: Device[K] | undefined }>,
    ),
    installed: fc.oneof(version, fc.constant(null)),
    local: sparse<Required<Omit<LocalState, "pin" | "autoUpdate">>>(
      fc.record({
        channel: seldom(channelName, 4),
        updateNow: seldom(fc.boolean(), 3),
        blocked: seldom(
          version.map((v) => [{ version: v, reason: "self-test failed", until: T0 + DAY }]),
          6,
        ),
        lastCheckAt: seldom(fc.integer({ min: T0 - 10 * DAY, max: T0 }), 2),
        newestConfirmed: seldom(version, 3),
      }),
    ),
    now: fc.integer({ min: T0, max: T0 + 10 * DAY }),
  }),
);
