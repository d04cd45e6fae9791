import type { Policy } from "../../protocol/decide.ts";
import { DecisionContext } from "../../protocol/decision-context.ts";
import type { Device, LocalState } from "../../protocol/device.ts";
import { isMember } from "../../protocol/membership.ts";
import type { Releases } from "../../protocol/release.ts";
import { releasesForFormat } from "../../protocol/releases-for-format.ts";
import { type ChannelChoice, chooseChannel } from "../../protocol/rules/choose-channel.ts";
import { groupsOf, own } from "../../protocol/scope.ts";
import type { Ppm } from "../../protocol/share.ts";
import type { ExpectedScopeState } from "../../schemas/state.generated.ts";
import { type DesiredState, policyFor } from "../desired/desired-state.ts";
import type { MeantBuild } from "../explain/locate-pointer.ts";
import type { InventoryRecord } from "../inventory/inventory-record.ts";
import { deviceOf, localOf } from "../inventory/recorded-device.ts";
import { type Followed, followMachine, type Moment } from "./follow-machine.ts";
import { canBe, type Presumed, presumedVersion } from "./presumed-version.ts";

/** A part of a channel's machines, where one machine stands for them: see `WaveClass`. */
export interface StandsFor {
  readonly share: Ppm;
  readonly isSpread: boolean;
  /** How near the scope is that they share. */
  readonly level: "tenant" | "site" | "group" | "device";
  /** Who together are all machines of one scope, product and platform, in words. */
  readonly whole: string;
}

/** What all machines have in common that expectations are looked at with: real ones, and those that stand for others. */
export abstract class Machine {
  readonly product: string;
  readonly device: Device;
  readonly policy: Policy & { readonly releases: Releases };
  /** How people are told of it. */
  readonly name: string;
  protected readonly local: LocalState;
  private knownGroups: readonly string[] | undefined;
  private knownChoice: ChannelChoice | undefined;
  private knownMoments: readonly Moment[] | undefined;

  constructor(
    policy: Policy & { readonly releases: Releases },
    device: Device,
    local: LocalState,
    name: string,
  ) {
    this.product = policy.product.product;
    this.policy = policy;
    this.device = device;
    this.local = local;
    this.name = name;
  }

  /** Names of the groups of its tenant that it is in. */
  get groups(): readonly string[] {
    this.knownGroups ??= groupsOf(this.policy.tenant, this.device).map(({ name }) => name);
    return this.knownGroups;
  }

  /** Which channel it follows, and what says so. Time does not change it. */
  get choice(): ChannelChoice {
    const { policy, device, local } = this;
    this.knownChoice ??= chooseChannel(
      new DecisionContext(policy, policy.releases, device, { version: null }, local, 0),
    );
    return this.knownChoice;
  }

  get followed(): Followed {
    const { policy, device, local } = this;
    return { policy, device, local, channel: this.choice.name };
  }

  /** Which artifacts of a version are its own. */
  get build(): MeantBuild {
    return { platform: this.device.platform };
  }

  /** Lets go of what it does: worked out again when somebody asks. Of a large fleet nobody needs all of it at once. */
  forget(): void {
    this.knownMoments = undefined;
  }

  /** What it does from `now` on. It is asked about one `now` only. */
  moments(now: number): readonly Moment[] {
    this.knownMoments ??= followMachine(this.followed, this.installed(now), now);
    return this.knownMoments;
  }

  /** What runs on it at `now`; `null`: nothing. */
  abstract installed(now: number): string | null;
}

/** A machine of which an inventory tells. */
export class KnownMachine extends Machine {
  private readonly record: InventoryRecord;

  constructor(policy: Policy & { readonly releases: Releases }, record: InventoryRecord) {
    super(policy, deviceOf(record), localOf(record), record.device);
    this.record = record;
  }

  override get build(): MeantBuild {
    return { ...super.build, format: this.record.format };
  }

  installed(): string | null {
    return this.record.installed;
  }
}

/** A machine that stands for all of its kind, of which nobody knows whether there are any. */
export class PresumedMachine extends Machine {
  readonly standsFor: StandsFor;
  /** What an expectation takes it to run. */
  private readonly said: string | undefined;
  private knownPresumed: Presumed | undefined;

  constructor(
    policy: Policy & { readonly releases: Releases },
    device: Device,
    name: string,
    standsFor: StandsFor,
    said: string | undefined,
  ) {
    super(policy, device, {}, name);
    this.standsFor = standsFor;
    this.said = said;
  }

  installed(now: number): string | null {
    return this.said ?? this.presumed(now).now;
  }

  /** Whether there can be such a machine: see `canBe`. */
  canBe(now: number): boolean {
    return this.installed(now) !== null || canBe(this.followed, now);
  }

  /** What it does from the last promotion of its channel on, also where that is past. */
  sincePromotion(now: number): readonly Moment[] {
    const { since, before } = this.presumed(now);
    return followMachine(this.followed, this.said ?? before, since);
  }

  /** It, too, is asked about one `now` only. */
  private presumed(now: number): Presumed {
    this.knownPresumed ??= presumedVersion(this.followed, now);
    return this.knownPresumed;
  }
}

/** The machine of a record, of the tenant as it is called now; `undefined`: the state does not have its product. */
export function machineOf(state: DesiredState, said: InventoryRecord): KnownMachine | undefined {
  const renamedTo = said.tenant === undefined ? undefined : state.tenants.get(said.tenant)?.renamedTo;
  const record = renamedTo === undefined ? said : { ...said, tenant: renamedTo };
  const policy = policyFor(state, record.product, record.tenant);
  if (policy === undefined) return undefined;
  const releases = releasesForFormat(policy.releases, record.format);
  return new KnownMachine({ ...policy, releases }, record);
}

/** Whether an expectation for `scope` is about a machine that runs `installed`. */
export function isInScope(scope: ExpectedScopeState, machine: Machine, installed: string | null): boolean {
  const { device } = machine;
  const { except = {} } = scope;
  return (
    isEither(scope.product, machine.product) &&
    isEither(scope.tenant, device.tenant) &&
    isEither(scope.site, device.site) &&
    isEither(scope.device, device.id) &&
    isEither(scope.platform, device.platform) &&
    (scope.installed === undefined || scope.installed === installed) &&
    (scope.labels === undefined || hasLabels(scope.labels, device)) &&
    !isMember(except.tenants ?? NOBODY, device.tenant ?? "") &&
    !isMember(except.sites ?? NOBODY, device.site ?? "") &&
    !isMember(except.devices ?? NOBODY, device.id) &&
    (scope.group === undefined || machine.groups.includes(scope.group)) &&
    !machine.groups.some((name) => isMember(except.groups ?? NOBODY, name)) &&
    (scope.channel === undefined || scope.channel === machine.choice.name)
  );
}

const NOBODY: readonly string[] = [];

function isEither(wanted: string | undefined, is: string | undefined): boolean {
  return wanted === undefined || wanted === is;
}

function hasLabels(labels: NonNullable<ExpectedScopeState["labels"]>, device: Device): boolean {
  return Object.entries(labels).every(([name, wanted]) => {
    const value = own(device.labels, name);
    return value !== undefined && [wanted].flat().includes(value);
  });
}
