import { simulateRollout } from "../../controller/simulate/simulate-rollout.ts";
import type { SimulationRequest, SimulationResult } from "../../controller/simulate/simulation.ts";
import type { ChannelPolicy, FleetPolicy, ProductPolicy, Rollout } from "../../protocol/policy.ts";
import { channel, DAY, HOUR, product, RELEASES, release, T0 } from "../protocol/build-policies.ts";

export const ROLLOUT: Rollout = {
  strategy: "steps",
  waves: [
    { ppm: 20_000, after: 0 },
    { ppm: 200_000, after: 4 * HOUR },
    { ppm: 1_000_000, after: DAY },
  ],
  gate: { maxFailure: 50_000, minReports: 20 },
};

/** A promotion of 1.4.0 to 3,000 machines that run 1.3.0, unless `rest` says otherwise. */
export function simulate(
  rest: Partial<SimulationRequest> = {},
  rollout: Rollout | undefined = ROLLOUT,
): SimulationResult {
  return simulateRollout({
    product: productWith(rollout),
    releases: RELEASES,
    channel: "stable",
    version: "1.4.0",
    agents: 3000,
    failureRates: new Map(),
    offline: 0,
    until: 2 * DAY,
    pollInterval: 300,
    seed: 1,
    startsAt: T0,
    ...rest,
  });
}

function productWith(
  rollout: Rollout | undefined,
  said: {
    readonly fleet?: Partial<FleetPolicy>;
    readonly channel?: Partial<ChannelPolicy>;
    readonly product?: Partial<ProductPolicy>;
  } = {},
): ProductPolicy {
  return product({
    fleet: { defaultChannel: "stable", ...said.fleet },
    channels: {
      stable: channel(["1.3.0"], { ...(rollout === undefined ? {} : { rollout }), ...said.channel }),
    },
    ...said.product,
  });
}

const WINDOW = {
  days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
  start: "02:00",
  duration: 2 * HOUR,
  timeZone: "Europe/Berlin",
  onReturn: "window",
} as const;

const twelve: Rollout = {
  strategy: "steps",
  waves: Array.from({ length: 12 }, (_, i) => ({
    ppm: i === 11 ? 1_000_000 : (i + 1) ** 2 * 5_000,
    after: i < 6 ? i * 600 : i * 4 * HOUR,
  })),
};

const everywhere = (ppm: number): ReadonlyMap<string, number> => new Map([["*", ppm]]);

/** What people meet, and the odd ones: each by name, as what the picture has to show. */
export const SIMULATIONS: Readonly<Record<string, () => SimulationResult>> = {
  "good-in-three-waves": () => simulate(),
  "halted-in-the-first-wave": () => simulate({ agents: 10_000, failureRates: everywhere(300_000) }),
  "halted-on-one-platform": () => {
    return simulate({ agents: 10_000, failureRates: new Map([["linux-arm64", 120_000]]) });
  },
  "failing-without-a-gate": () => {
    const { gate: _, ...ungated } = ROLLOUT;
    return simulate({ failureRates: everywhere(250_000), offline: 400_000 }, ungated);
  },
  "everybody-at-once": () => simulate({ product: productWith(undefined), until: 7 * DAY }),
  "in-one-wave": () =>
    simulate({ until: HOUR }, { strategy: "steps", waves: [{ ppm: 1_000_000, after: 0 }] }),
  "in-twelve-waves": () => simulate({}, twelve),
  evenly: () => simulate({ until: 90 * DAY }, { ...ROLLOUT, strategy: "linear", startsAt: T0 + 6 * HOUR }),
  paused: () => {
    const paused = { reason: "the audit of November" };
    return simulate({ product: productWith(ROLLOUT, { channel: { paused } }) });
  },
  "paused-for-a-day": () => {
    const paused = { reason: "the line is being rebuilt", until: T0 + DAY };
    return simulate({ product: productWith(ROLLOUT, { fleet: { paused } }) });
  },
  frozen: () => {
    const freeze = [{ from: T0 - DAY, to: T0 + 14 * DAY, reason: "the end of the quarter" }];
    return simulate({ product: productWith(ROLLOUT, { product: { freeze } }) });
  },
  "in-nightly-windows": () => {
    return simulate({ product: productWith(ROLLOUT, { fleet: { window: WINDOW } }), until: 4 * DAY });
  },
  "before-its-window-opens": () => {
    const window = { ...WINDOW, days: ["mon"] } as const;
    return simulate({ product: productWith(ROLLOUT, { fleet: { window } }) });
  },
  pinned: () => {
    const pin = { version: "1.3.0", reason: "the certified build", owner: "ops@acme.example" };
    return simulate({ product: productWith(ROLLOUT, { fleet: { pin } }) });
  },
  "pinned-until-tomorrow": () => {
    const pin = { version: "1.3.0", reason: "the certified build", expires: T0 + 30 * HOUR };
    return simulate({ product: productWith(ROLLOUT, { fleet: { pin } }) });
  },
  "on-other-platforms": () => {
    const machines = ["win32-x64", "win32-x64", "linux-x64"].map((platform) => ({ platform }));
    return simulate({ machines });
  },
  "below-the-minimum": () => {
    return simulate({ product: productWith(ROLLOUT, { channel: { minVersion: "1.4.0" } }), until: 2 * HOUR });
  },
  "on-request": () => simulate({ product: productWith(ROLLOUT, { fleet: { autoUpdate: false } }) }),
  "held-unless-named": () => {
    return simulate({ product: productWith(ROLLOUT, { fleet: { unknownDevices: "hold" } }) });
  },
  "to-three-machines": () => simulate({ agents: 3 }),
  "for-ten-seconds": () => simulate({ until: 10 }),
  "with-hostile-words": () => {
    const reason = '\u001b[2J</text><script>alert("x")</script> \u202e 保守のため止めています & more';
    return simulate({
      product: productWith(ROLLOUT, { fleet: { paused: { reason } } }),
      releases: [...RELEASES, release("1.4.0-<b>&amp;")],
    });
  },
};
