import { type ChannelOffers, offersOf } from "./channel-offers.ts";
import type { Misfit, RefusalCode, RefuseDecision, RuleName, TrailEntry, WaitDecision } from "./decision.ts";
import type { Device, Installed, LocalState } from "./device.ts";
import type { ChannelPolicy, ProductPolicy, TenantPolicy } from "./policy.ts";
import { type Releases, signedScheme } from "./release.ts";
import { groupsOf, type Scope, scopesOf } from "./scope.ts";
import { Trail } from "./trail.ts";
import type { VersionScheme } from "./version.ts";

/** All of the signed policy that speaks about one product on one device. */
export interface Policy {
  readonly product: ProductPolicy;
  /** The device's own tenant. Absent: the device belongs to none, or the tenant is unknown. */
  readonly tenant?: TenantPolicy;
}

/**
 * The arguments of one decision and what the rules have found so far, so that each rule is one short function.
 * Lives for one call of `decide`.
 */
export class DecisionContext {
  readonly trail = new Trail();
  readonly policy: ProductPolicy;
  /** The device's own tenant, where state has it. */
  readonly tenant: TenantPolicy | undefined;
  readonly releases: Releases;
  readonly device: Device;
  /** The installed version; `null` when the product is not there. */
  readonly installed: string | null;
  readonly local: LocalState;
  readonly now: number;
  /** In which versions are compared and ranges read: what the release key signed, never what policy says. */
  readonly scheme: VersionScheme;
  /** The device's scopes, nearest first. */
  readonly scopes: readonly Scope[];
  /** The device's groups, as `tenant/group`. */
  readonly groups: readonly string[];
  /** Folder of the product in the state repository. */
  readonly productFolder: string;
  /** The channel that applies; empty until rule 2 has spoken. */
  channelName = "";
  /** The minimum that the installed version misses, once rule 4 has spoken. */
  belowMinimum: string | undefined;
  /** What the device cannot take, once rule 6 has spoken. */
  misfit: Misfit | undefined;

  constructor(
    policy: Policy,
    releases: Releases,
    device: Device,
    installed: Installed,
    local: LocalState,
    now: number,
  ) {
    this.policy = policy.product;
    this.tenant = policy.tenant;
    this.releases = releases;
    this.device = device;
    this.installed = installed.version;
    this.local = local;
    this.now = now;
    const [signed] = releases;
    this.scheme = signed === undefined ? policy.product.versionScheme : signedScheme(signed);
    const groups = groupsOf(policy.tenant, device);
    this.scopes = scopesOf(policy.product, policy.tenant, device, groups);
    this.groups = groups.map(({ name }) => `${policy.tenant?.tenant}/${name}`);
    this.productFolder = `products/${policy.product.product}`;
  }

  /** What a channel has for machines of this platform. */
  offersOf(channel: ChannelPolicy): ChannelOffers {
    return offersOf(this.policy, channel, this.releases, this.scheme, this.device.platform);
  }

  /** A place in the file of a version. */
  inVersionFile(version: string, pointer: string): string {
    return `${this.productFolder}/versions/${version}.yaml#${pointer}`;
  }

  /** A place in the file of the channel that applies. */
  inChannelFile(pointer: string): string {
    return `${this.productFolder}/channels/${this.channelName}.yaml#${pointer}`;
  }

  /** What every decision carries once the channel is known. */
  base(): { channel: string; trail: readonly TrailEntry[]; belowMinimum?: string; misfit?: Misfit } {
    return {
      channel: this.channelName,
      trail: this.trail.entries,
      ...(this.belowMinimum === undefined ? {} : { belowMinimum: this.belowMinimum }),
      ...(this.misfit === undefined ? {} : { misfit: this.misfit }),
    };
  }

  refuse(
    rule: RuleName,
    code: RefusalCode,
    text: string,
    place: { readonly target?: string; readonly where?: string | undefined } = {},
  ): RefuseDecision {
    this.trail.add(rule, "stop", text, place.where);
    const refusal = { action: "refuse", code, ...this.base() } as const;
    return place.target === undefined ? refusal : { ...refusal, target: place.target };
  }

  /** @param eligibleAt second from which it may go on; `undefined` when no time is known */
  wait(target: string, waitingFor: WaitDecision["waitingFor"], eligibleAt?: number): WaitDecision {
    const wait = { action: "wait", target, waitingFor, ...this.base() } as const;
    return eligibleAt === undefined ? wait : { ...wait, eligibleAt };
  }
}
