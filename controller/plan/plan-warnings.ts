import { formatPpm } from "../../protocol/share.ts";
import type { Coverage } from "./canary-coverage.ts";
import { formatCount, plural } from "./format-count.ts";
import type { GateReach } from "./gate-reach.ts";
import type {
  BelowMinimum,
  HeldBy,
  PlannedInventory,
  PlannedMisfit,
  PlannedWave,
  PlanWarning,
  Refusal,
  Retiming,
  Stranded,
  Transition,
} from "./plan.ts";
import type { Tallies } from "./tally.ts";

/** A yanked version that devices stay on; `where` says for which platform alone it is yanked, else it is empty. */
export interface YankedInUse {
  readonly product: string;
  readonly version: string;
  readonly where: string;
}

/** A security release that machines do not get, although their channel offers it or one above it. */
export interface HeldSecurity {
  readonly product: string;
  readonly channel: string;
  readonly version: string;
  readonly by: HeldBy;
}

/** What `computePlan` found, as far as warnings are about it. */
export interface PlanFindings {
  readonly kind: PlannedInventory["kind"];
  readonly transitions: readonly Transition[];
  readonly retimed: readonly Retiming[];
  /** Seconds since 1970. */
  readonly now: number;
  readonly belowMinimum: readonly BelowMinimum[];
  readonly refusals: readonly Refusal[];
  readonly misfits: readonly PlannedMisfit[];
  readonly stranded: readonly Stranded[];
  readonly yankedInUse: Tallies<YankedInUse>;
  readonly securityHeld: Tallies<HeldSecurity>;
  /** What no canary of a rollout covers. */
  readonly uncovered: readonly Coverage[];
  /** Gates that would not halt before the second wave, so few devices come first. */
  readonly undecided: readonly GateReach[];
  /** Devices that no tenant of state names, by whether they are held. */
  readonly unknownDevices: Tallies<"held" | "updated">;
  readonly unknownTenants: Tallies<string>;
  readonly unknownProducts: Tallies<string>;
}

/** What whoever approves the change should read first, the gravest first. */
export function planWarnings(found: PlanFindings): PlanWarning[] {
  const count = (devices: number): string => plural(devices, found.kind === "devices" ? "device" : "scope");
  const warnings: PlanWarning[] = found.stranded.map((stranded) => strandedWarning(stranded, count));

  for (const { product, installed, minimum, stuck } of found.belowMinimum) {
    if (stuck === 0) continue;
    warnings.push({
      code: "plan/minimum-strands",
      message: `${count(stuck)} on ${product} ${installed} would be stuck below the minimum ${minimum}: nothing leads up`,
      devices: stuck,
      help: "offer them a path first, or lower minVersion",
    });
  }
  for (const { code, product, channel, installed, target, added, reason } of found.refusals) {
    if (added === 0) continue;
    const from = installed ?? "nothing";
    const who = `${count(added)} on ${product} ${from}`;
    if (code === "no-path") {
      const message = `${who} would have no path to ${target}: ${reason}`;
      warnings.push({ code: "plan/no-path", message, devices: added });
    } else if (code === "dead-end") {
      warnings.push({ code: "plan/dead-end", message: `${who} would stay: ${reason}`, devices: added });
    } else {
      const by = channel === "" ? "" : ` by channel ${channel}`;
      warnings.push({
        code: "plan/refused",
        message: `${who} would be refused${by}: ${reason}`,
        devices: added,
      });
    }
  }
  warnings.push(
    ...misfitWarnings(
      found.misfits.filter(({ added }) => added > 0),
      count,
    ),
  );
  for (const { product, channel, from, to, devices, goesDown } of found.transitions) {
    if (!goesDown) continue;
    const message = `${count(devices)} would go down from ${product} ${from} to ${to} on ${channel}`;
    warnings.push({ code: "plan/downgrade", message, devices });
  }
  for (const { product, installed, minimum, devices, stuck } of found.belowMinimum) {
    if (devices === stuck) continue;
    const message = `${count(devices - stuck)} on ${product} ${installed} would have to update at once, past waves and windows: below the minimum ${minimum}`;
    warnings.push({ code: "plan/minimum-refuses", message, devices: devices - stuck });
  }
  for (const { product, channel, to, devices, goesDown, waves, schedule } of found.transitions) {
    // A declared rollback waits for no wave, whatever the channel says: it has its own warning.
    if (goesDown || waves.length > 0 || schedule.length !== 1 || devices < 2) continue;
    const message = `${count(devices)} would get ${product} ${to} on ${channel} at once: no waves`;
    warnings.push({ code: "plan/all-at-once", message, devices, help: "add `rollout.waves` to the channel" });
  }
  for (const { product, channel, version, devices, waves, formerWaves } of found.retimed) {
    const isOpen = (planned: readonly PlannedWave[]): boolean =>
      planned.every(({ at, shut }) => shut !== true && at <= found.now);
    if (!isOpen(waves) || isOpen(formerWaves)) continue;
    const message = `${count(devices)} would get ${product} ${version} on ${channel} at once, in the middle of its waves`;
    const help = "let the waves open as they were, or open one more with `fairlead advance`";
    warnings.push({ code: "plan/all-at-once", message, devices, help });
  }
  for (const { what, devices } of found.yankedInUse.sorted()) {
    warnings.push({
      code: "plan/yanked-in-use",
      message: `${count(devices)} would stay on ${what.product} ${what.version}, which is yanked${what.where}`,
      devices,
      help: "declare a `rollback` from it in the channel, or promote a fix",
    });
  }
  for (const { what, devices } of found.securityHeld.sorted()) {
    warnings.push({
      code: "plan/security-held",
      message: `${count(devices)} would stay below ${what.product} ${what.version} on ${what.channel}, a security release: a ${what.by} holds them`,
      devices,
      help: "end it for them, or answer for it with an `acknowledge` that has an end",
    });
  }
  for (const { product, channel, version, part, devices } of found.kind === "devices"
    ? found.uncovered
    : []) {
    warnings.push({
      code: "plan/canary-misses",
      message: `no canary of ${product} ${channel} covers ${part}: ${count(devices)} get ${version} untried`,
      devices,
      help: "name a canary there, or raise `rollout.canary.share`",
    });
  }
  for (const { product, channel, version, gate, first, devices } of found.kind === "devices"
    ? found.undecided
    : []) {
    const limit = formatPpm(gate.maxFailure);
    warnings.push({
      code: "plan/gate-undecided",
      message: `the gate of ${product} ${channel} would not halt before the second wave: ${version} reaches ${count(first)} until then, too few to tell from ${limit}`,
      devices: devices - first,
      help: "name more canaries, or make the first wave larger",
    });
  }
  for (const { what, devices } of found.kind === "devices" ? found.unknownDevices.sorted() : []) {
    const then =
      what === "held"
        ? "they are held"
        : "the fleet's own settings hold for them (`unknownDevices: hold` stops that)";
    const message = `${count(devices)} named by no tenant: ${then}`;
    warnings.push({ code: "plan/unknown-device", message, devices });
  }
  for (const { what, devices } of found.unknownTenants.sorted()) {
    const message = `${count(devices)} of tenant \`${what}\`, which state does not name`;
    warnings.push({ code: "plan/unknown-tenant", message, devices });
  }
  for (const { what, devices } of found.unknownProducts.sorted()) {
    const message = `${formatCount(devices)} records of product \`${what}\`, which state does not name`;
    warnings.push({ code: "plan/unknown-product", message, devices });
  }
  return warnings.sort((a, b) => GRAVITY.indexOf(a.code) - GRAVITY.indexOf(b.code));
}

function strandedWarning({ what, name, devices }: Stranded, count: (devices: number) => string): PlanWarning {
  const code = "plan/stranded";
  switch (what) {
    case "tenant":
      return {
        ...{ code, devices },
        message: `${count(devices)} of tenant \`${name}\`, which is gone: they find no settings and stay as they are`,
        help: "`fairlead tenant rename` keeps the old name answering; else enrol them anew first",
      };
    case "product":
      return {
        ...{ code, devices },
        message: `${count(devices)} with product \`${name}\`, which is gone: they keep what they run and get no fix`,
        help: "keep the product, and yank or pause it",
      };
    case "site":
    case "group":
      return {
        ...{ code, devices },
        message: `${count(devices)} of ${what} \`${name}\`, which is gone: what it said of them holds no more`,
        help: `keep the ${what}, if only with nothing in it`,
      };
  }
}

const MOST_CAUSES = 3;

/** One for each version that somebody newly cannot take, with the causes that most have. */
function misfitWarnings(
  misfits: readonly PlannedMisfit[],
  count: (devices: number) => string,
): PlanWarning[] {
  const targets = Map.groupBy(
    misfits,
    ({ product, channel, target }) => `${product} ${target} on ${channel}`,
  );
  return [...targets].map(([target, causes]) => {
    const devices = causes.reduce((sum, { added }) => sum + added, 0);
    const shown = causes.slice(0, MOST_CAUSES).map(({ cause, added }) => `${cause} (${formatCount(added)})`);
    const more = causes.length > MOST_CAUSES ? ` and ${causes.length - MOST_CAUSES} more causes` : "";
    return {
      code: "plan/requirement-not-met",
      message: `${count(devices)} could not take ${target}: ${shown.join("; ")}${more}`,
      devices,
      help: "build it for what they have, or leave them behind and say so",
    };
  });
}

const GRAVITY: readonly PlanWarning["code"][] = [
  "plan/stranded",
  "plan/minimum-strands",
  "plan/no-path",
  "plan/dead-end",
  "plan/downgrade",
  "plan/requirement-not-met",
  "plan/refused",
  "plan/minimum-refuses",
  "plan/all-at-once",
  "plan/yanked-in-use",
  "plan/security-held",
  "plan/canary-misses",
  "plan/gate-undecided",
  "plan/unknown-device",
  "plan/unknown-tenant",
  "plan/unknown-product",
];
