import type { Decision, TrailEntry } from "../../protocol/decision.ts";
import type { Device, LocalState } from "../../protocol/device.ts";
import type { ProductPolicy } from "../../protocol/policy.ts";
import { releasesForFormat } from "../../protocol/releases-for-format.ts";
import { own } from "../../protocol/scope.ts";
import { type DesiredState, policyFor } from "../desired/desired-state.ts";
import { type ForeseenStep, foresee } from "../desired/foresee.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { nearestOrListed } from "../diagnostics/nearest-match.ts";
import type { LineOrigin } from "../source/line-origin.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { ExplainError } from "./explain-error.ts";
import { locatePointer, type MeantBuild } from "./locate-pointer.ts";

/** What a rule said, and where state says so. */
export interface ExplainedEntry extends TrailEntry {
  readonly file?: string;
  readonly span?: Span;
  /** The commit behind it, where it ended the decision and somebody has to undo it. */
  readonly origin?: LineOrigin;
}

/** Why a device runs what it runs. Times are seconds since 1970. */
export interface Explanation {
  readonly commit: string;
  readonly now: number;
  readonly product: string;
  readonly device: Device;
  readonly format?: string;
  readonly installed: string | null;
  readonly decision: Decision;
  readonly trail: readonly ExplainedEntry[];
  /** What follows if nothing but time changes and each update succeeds. */
  readonly ahead: readonly ForeseenStep[];
  /** The next second at which anything changes for it; absent when only a person can change that. */
  readonly nextEligibleAt?: number;
  /** Waves had a say, and their times are those of commits: state alone does not tell when it was published. */
  readonly countsFromCommits?: true;
}

export interface ExplainQuestion {
  /** May be left out where state has one product. */
  readonly product?: string;
  readonly device: Device;
  /** How the product is installed there; absent: nobody knows. */
  readonly format?: string;
  readonly installed: string | null;
  readonly local: LocalState;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Asks `decide` for one device and finds the places in state that it names. @throws ExplainError */
export function explainDevice(
  state: DesiredState,
  model: FleetModel,
  question: ExplainQuestion,
): Explanation {
  const { format, installed, local, now } = question;
  const device = underPresentName(state, question.device);
  const product = question.product ?? onlyProduct(state);
  const policy = policyFor(state, product, device.tenant);
  if (policy === undefined) {
    throw new ExplainError("explain/unknown-product", `state has no product \`${product}\``, {
      help: nearestOrListed(product, [...state.products.keys()]),
    });
  }
  if (device.tenant !== undefined && !state.tenants.has(device.tenant)) {
    throw new ExplainError("explain/unknown-tenant", `state has no tenant \`${device.tenant}\``, {
      help: nearestOrListed(device.tenant, presentNames(state)),
    });
  }
  const { first, steps } = foresee(
    policy,
    releasesForFormat(policy.releases, format),
    device,
    installed,
    local,
    now,
  );
  const next = steps[0]?.at ?? (first.action === "wait" ? first.eligibleAt : undefined);
  return {
    commit: state.commit,
    now,
    product,
    device,
    ...(format === undefined ? {} : { format }),
    installed,
    decision: first,
    trail: first.trail.map((entry) => locateEntry(model, entry, { platform: device.platform, format })),
    ahead: steps,
    ...(next === undefined ? {} : { nextEligibleAt: next }),
    ...(hasWaves(policy.product, first) ? { countsFromCommits: true } : {}),
  };
}

/** A machine that still has a former name of its tenant is told what the tenant's file of today says. */
function underPresentName({ tenants }: DesiredState, device: Device): Device {
  const tenant = device.tenant === undefined ? undefined : tenants.get(device.tenant)?.renamedTo;
  return tenant === undefined ? device : { ...device, tenant };
}

function presentNames({ tenants }: DesiredState): readonly string[] {
  return [...tenants].flatMap(([name, { renamedTo }]) => (renamedTo === undefined ? [name] : []));
}

/** Whether the decision came as far as the waves of a channel. */
function hasWaves(policy: ProductPolicy, { channel = "", trail }: Decision): boolean {
  return own(policy.channels, channel)?.rollout !== undefined && trail.some(({ rule }) => rule === "rollout");
}

function onlyProduct(state: DesiredState): string {
  const [first, ...others] = state.products.keys();
  if (first !== undefined && others.length === 0) return first;
  throw new ExplainError("explain/product-needed", "state has more than one product, or none", {
    help: `name one with --product: ${[...state.products.keys()].join(", ")}`,
  });
}

/** An entry of a trail with the place in the text of the state that it names. */
export function locateEntry(model: FleetModel, entry: TrailEntry, build: MeantBuild): ExplainedEntry {
  const place = entry.where === undefined ? undefined : locatePointer(model, entry.where, build);
  return place === undefined ? entry : { ...entry, ...place };
}
