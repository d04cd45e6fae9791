import { type Candidate, channelCandidates, findRelease, isActive } from "./candidates.ts";
import { cohort } from "./cohort.ts";
import type { Decision, RefusalCode, TrailEntry, WaitDecision } from "./decision.ts";
import type { Device, Installed, LocalState } from "./device.ts";
import type { ChannelPolicy, ProductPolicy, TenantPolicy } from "./policy.ts";
import type { Release, Releases } from "./release.ts";
import { nearest, pauseOf, type Scope, scopesOf } from "./scope.ts";
import { formatPpm, WHOLE_PPM } from "./share.ts";
import { formatTime, Trail } from "./trail.ts";
import { lastClosedOpening, openingAtOrAfter } from "./update-window.ts";
import { upgradePath } from "./upgrade-path.ts";
import { compareVersions, isVersion, versionInRange } from "./version.ts";
import { eligibleAt, isCanary } from "./waves.ts";

/** All of the signed policy that speaks about one product on one device. */
export interface Policy {
  readonly product: ProductPolicy;
  /** Absent: the device belongs to no tenant, or the tenant is unknown. */
  readonly tenant?: TenantPolicy;
}

/**
 * What a device should do about one product, and why. The agent runs this to act; `explain`, `plan`, `simulate`,
 * the `latest` endpoint and the pages ask the same function, so that they cannot disagree with it.
 *
 * Pure: no clock, no I/O, no randomness. Equal arguments give equal bytes on every platform.
 *
 * @param policy    verified policy documents
 * @param releases  what the offline release key says of the product's versions
 * @param now       seconds since 1970
 * @throws ProtocolError when policy holds what no validated state can say (an unreadable version, range or window)
 */
export function decide(
  policy: Policy,
  releases: Releases,
  device: Device,
  installed: Installed,
  local: LocalState,
  now: number,
): Decision {
  return new Deciding(policy, releases, device, installed, local, now).decide();
}

/** What can end the look at one candidate: a decision, or "not yet" with what to say if nothing else is offered. */
type Offer = { readonly decision: Decision } | { readonly notYet: WaitDecision };

/** The arguments of one decision, so that each rule can be one short method. */
class Deciding {
  private readonly trail = new Trail();
  private readonly scopes: readonly Scope[];
  private readonly groups: readonly string[];
  private readonly policy: ProductPolicy;
  private readonly productFile: string;
  private channelName = "";
  private belowMinimum: string | undefined;

  private readonly releases: Releases;
  private readonly device: Device;
  private readonly installed: string | null;
  private readonly local: LocalState;
  private readonly now: number;

  constructor(
    policy: Policy,
    releases: Releases,
    device: Device,
    installed: Installed,
    local: LocalState,
    now: number,
  ) {
    this.policy = policy.product;
    this.scopes = scopesOf(policy.product, policy.tenant, device);
    this.groups = (policy.tenant?.groups ?? [])
      .filter((group) => group.devices.includes(device.id))
      .map((group) => `${policy.tenant?.tenant}/${group.name}`);
    this.productFile = `products/${policy.product.product}`;
    this.releases = releases;
    this.device = device;
    this.installed = installed.version;
    this.local = local;
    this.now = now;
  }

  decide(): Decision {
    const choice = this.chooseChannel();

    const paused = pauseOf(this.policy, choice.name, this.scopes);
    if (paused !== undefined) {
      const reason = paused.pause.reason === undefined ? "" : `: ${paused.pause.reason}`;
      this.trail.add("paused", "stop", `${paused.label} is paused${reason}`, paused.where);
      return { action: "paused", trail: this.trail.entries };
    }
    this.trail.add("paused", "pass", "nothing on the device's path is paused");

    this.channelName = choice.name;
    this.trail.add("channel", "set", `channel \`${choice.name}\`, ${choice.because}`, choice.where);
    if (this.policy.ifInstalled === true && this.installed === null) {
      return this.refuse("target", "not-installed", undefined, "updated only where it is already installed");
    }
    if (this.installed !== null && !isVersion(this.policy.versionScheme, this.installed)) {
      const text = `the installed version \`${this.installed}\` is not a ${this.policy.versionScheme} version`;
      return this.refuse("compare", "installed-version-unreadable", undefined, text);
    }
    const channel = Object.hasOwn(this.policy.channels, choice.name)
      ? this.policy.channels[choice.name]
      : undefined;
    if (channel === undefined) {
      const text = `product \`${this.policy.product}\` has no channel \`${choice.name}\``;
      return this.refuse("channel", "unknown-channel", undefined, text, choice.where);
    }

    const pin = this.nearestPin();
    return pin === undefined ? this.decideByChannel(channel) : this.decideByPin(channel, pin);
  }

  /** Rule 2: nearest wins, and the machine's own choice is the nearest unless the scope denies it. */
  private chooseChannel(): { name: string; because: string; where?: string } {
    const overrides = nearest(this.scopes, "localOverrides");
    if (this.local.channel !== undefined && overrides?.value !== "deny") {
      return { name: this.local.channel, because: "chosen on this machine" };
    }
    const denied = this.local.channel === undefined ? "" : " (this machine's own choice is denied)";
    const said = nearest(this.scopes, "channel");
    if (said !== undefined) {
      return {
        name: said.value,
        because: `from ${said.scope.label}${denied}`,
        where: `${said.scope.where}/channel`,
      };
    }
    return {
      name: this.policy.fleet.defaultChannel,
      because: `the fleet's default${denied}`,
      where: "fleet.yaml#/defaultChannel",
    };
  }

  /** Rule 3, first half: the nearest pin that has not expired. */
  private nearestPin(): { version: string; where: string } | undefined {
    for (const { label, where, settings } of this.scopes) {
      const pin = settings.pin;
      if (pin === undefined) continue;
      if (pin.expires !== undefined && pin.expires <= this.now) {
        const text = `the pin of ${label} to ${pin.version} expired at ${formatTime(pin.expires)}`;
        this.trail.add("target", "skip", text, `${where}/pin`);
        continue;
      }
      const reason = pin.reason === undefined ? "" : `: ${pin.reason}`;
      this.trail.add("target", "set", `pinned to ${pin.version} by ${label}${reason}`, `${where}/pin`);
      return { version: pin.version, where: `${where}/pin` };
    }
    return undefined;
  }

  private decideByPin(channel: ChannelPolicy, pin: { version: string; where: string }): Decision {
    const release = findRelease(this.releases, pin.version);
    if (release === undefined || !isActive(this.policy, release)) {
      const state = release === undefined ? "is not a signed release" : "is yanked";
      return this.refuse(
        "target",
        "pinned-version-unavailable",
        pin.version,
        `${pin.version} ${state}`,
        pin.where,
      );
    }
    this.checkMinimum(channel);
    const offer = this.offer(channel, release, () => {
      this.trail.add("rollout", "skip", "waves are for the channel; a pin names its version at once");
      return undefined;
    });
    return "decision" in offer ? offer.decision : offer.notYet;
  }

  private decideByChannel(channel: ChannelPolicy): Decision {
    const file = `${this.productFile}/channels/${this.channelName}.yaml#/version`;
    const pointed = channel.current.version;
    if (findRelease(this.releases, pointed) === undefined && !this.policy.yanked.includes(pointed)) {
      return this.refuse("target", "no-such-release", pointed, `${pointed} is not a signed release`, file);
    }
    const candidates = channelCandidates(this.policy, channel, this.releases);
    const [target, ...earlier] = candidates;
    if (target === undefined) {
      this.trail.add("target", "stop", `${pointed} is yanked and no earlier version is active`, file);
      return { action: "none", ...this.base() };
    }
    const version = target.release.version;
    const text =
      version === pointed
        ? `the channel points to ${version}`
        : `${pointed} is yanked: the channel falls back to ${version}`;
    this.trail.add("target", "set", text, file);
    this.checkMinimum(channel);

    const offer = this.offer(channel, target.release, () => this.checkRollout(channel, target));
    if ("decision" in offer) return offer.decision;
    return this.offerEarlier(channel, target, earlier, offer.notYet);
  }

  /**
   * Rule 8, "not yet": the newest earlier version whose waves had reached this device. A device below the minimum
   * takes that one if it satisfies the minimum; only where none does it goes past the waves of the target.
   */
  private offerEarlier(
    channel: ChannelPolicy,
    target: Candidate,
    earlier: readonly Candidate[],
    notYet: WaitDecision,
  ): Decision {
    const scheme = this.policy.versionScheme;
    for (const candidate of earlier) {
      const { release, promotedAt, supersededAt = promotedAt } = candidate;
      if (compareVersions(scheme, release.version, target.release.version) >= 0) continue;
      if (
        this.belowMinimum !== undefined &&
        compareVersions(scheme, release.version, this.belowMinimum) < 0
      ) {
        continue;
      }
      if (this.installed !== null && compareVersions(scheme, release.version, this.installed) <= 0) continue;
      const at = eligibleAt(channel.rollout, promotedAt, this.policy.product, release.version, {
        id: this.device.id,
        groups: this.groups,
      });
      if (at === undefined || at > supersededAt) continue;
      this.trail.add("rollout", "set", `until then the channel's previous version ${release.version}`);
      const offer = this.offer(channel, release, () => undefined);
      return "decision" in offer ? offer.decision : offer.notYet;
    }
    if (this.belowMinimum !== undefined && notYet.waitingFor === "wave") {
      this.trail.add("rollout", "skip", `below the minimum ${this.belowMinimum}: waves do not hold it`);
      const offer = this.offer(channel, target.release, () => undefined);
      return "decision" in offer ? offer.decision : offer.notYet;
    }
    return notYet;
  }

  /** Rule 4: the highest of the minimum versions that apply. */
  private checkMinimum(channel: ChannelPolicy): void {
    const scheme = this.policy.versionScheme;
    const minimums = [
      { version: this.policy.fleet.minVersion, where: "fleet.yaml#/minVersion" },
      { version: this.policy.minVersion, where: `${this.productFile}/product.yaml#/minVersion` },
      {
        version: channel.minVersion,
        where: `${this.productFile}/channels/${this.channelName}.yaml#/minVersion`,
      },
    ];
    let highest: { version: string; where: string } | undefined;
    for (const { version, where } of minimums) {
      if (version === undefined) continue;
      if (highest === undefined || compareVersions(scheme, version, highest.version) > 0) {
        highest = { version, where };
      }
    }
    if (highest === undefined || this.installed === null) return;
    if (compareVersions(scheme, this.installed, highest.version) < 0) {
      this.belowMinimum = highest.version;
      const text = `${this.installed} is below the minimum ${highest.version}: it must update now`;
      this.trail.add("minVersion", "set", text, highest.where);
    } else {
      const text = `${this.installed} satisfies the minimum ${highest.version}`;
      this.trail.add("minVersion", "pass", text, highest.where);
    }
  }

  /** Rules 5 to 10 for one version. `rollout` is rule 8, which differs by where the version comes from. */
  private offer(channel: ChannelPolicy, release: Release, rollout: () => WaitDecision | undefined): Offer {
    const target = release.version;
    const scheme = this.policy.versionScheme;
    const order = this.installed === null ? -1 : compareVersions(scheme, this.installed, target);
    if (order === 0) {
      this.trail.add("compare", "stop", `${target} is installed`);
      return { decision: { action: "stay", target, ...this.base() } };
    }
    if (!release.artifacts.some(({ platform }) => platform === this.device.platform)) {
      const text = `${target} has no artifact for ${this.device.platform}`;
      return { decision: this.refuse("target", "no-artifact-for-platform", target, text) };
    }

    const goesDown = order > 0;
    const path = goesDown ? this.checkRollback(channel, target) : this.checkPath(release);
    if (!Array.isArray(path)) return { decision: path };

    const blocked = this.checkBlocked(target, path);
    if (blocked !== undefined) return { decision: blocked };
    if (goesDown) {
      this.trail.add("rollout", "skip", "a declared rollback does not wait for waves");
    } else {
      const notYet = rollout();
      if (notYet !== undefined) return { notYet };
    }
    const held = this.checkWindow(target) ?? this.checkAutoUpdate(target);
    if (held !== undefined) return { decision: held };
    return { decision: { action: goesDown ? "rollback" : "update", target, path, ...this.base() } };
  }

  /** Rule 5, downwards: declared by the channel from exactly this version, and allowed by the release key. */
  private checkRollback(channel: ChannelPolicy, target: string): [string] | Decision {
    const installed = this.installed ?? "";
    const file = `${this.productFile}/channels/${this.channelName}.yaml#/rollback`;
    if (channel.rollback?.from.includes(installed) !== true) {
      const text = `${target} is lower than the installed ${installed} and no rollback from it is declared`;
      return this.refuse("compare", "downgrade-not-declared", target, text);
    }
    const range = findRelease(this.releases, installed)?.rollbackTo;
    if (range === undefined || !versionInRange(this.policy.versionScheme, target, range)) {
      const allowed = range === undefined ? "to nothing" : `only to ${range}`;
      const text = `the release key allows ${installed} to be rolled back ${allowed}, not to ${target}`;
      return this.refuse("compare", "downgrade-not-signed", target, text, file);
    }
    this.trail.add("compare", "set", `declared rollback from ${installed} to ${target}`, file);
    return [target];
  }

  /** Rule 6. */
  private checkPath(release: Release): [string, ...string[]] | Decision {
    const target = release.version;
    this.trail.add("compare", "pass", `${target} is newer than ${this.installed ?? "nothing"}`);
    const usable = this.releases.filter(
      (step) =>
        isActive(this.policy, step) &&
        step.artifacts.some(({ platform }) => platform === this.device.platform),
    );
    const path = upgradePath(this.policy.versionScheme, usable, this.installed, release);
    if (path === undefined) {
      const text = `${target} accepts ${release.upgradeFrom ?? "any version"}, and no active version leads there from ${this.installed}`;
      return this.refuse(
        "path",
        "no-path",
        target,
        text,
        `${this.productFile}/versions/${target}.yaml#/upgradeFrom`,
      );
    }
    this.trail.add("path", "pass", path.length === 1 ? "directly" : `by way of ${path.join(", then ")}`);
    return [...path];
  }

  /** Rule 7: the version, or the next step towards it, failed on this device and its backoff runs. */
  private checkBlocked(target: string, path: readonly string[]): Decision | undefined {
    const blocked = this.local.blocked?.find(
      ({ version, until }) => (version === target || version === path[0]) && until > this.now,
    );
    if (blocked === undefined) return undefined;
    const text = `${blocked.version} failed on this device (${blocked.reason}); not tried before ${formatTime(blocked.until)}`;
    this.trail.add("blocked", "stop", text);
    return { action: "wait", target, waitingFor: "backoff", eligibleAt: blocked.until, ...this.base() };
  }

  /** Rule 8 for what the channel offers now. */
  private checkRollout(channel: ChannelPolicy, { release, promotedAt }: Candidate): WaitDecision | undefined {
    const target = release.version;
    const file = `${this.productFile}/channels/${this.channelName}.yaml#`;
    if (channel.halted !== undefined && channel.current.version === target) {
      this.trail.add("rollout", "stop", `${target} is halted: ${channel.halted.reason}`, `${file}/version`);
      return { action: "wait", target, waitingFor: "halt", ...this.base() };
    }
    if (channel.rollout === undefined) {
      this.trail.add("rollout", "pass", "no waves: everybody at once");
      return undefined;
    }
    const where = `${file}/rollout`;
    const at = eligibleAt(channel.rollout, promotedAt, this.policy.product, target, {
      id: this.device.id,
      groups: this.groups,
    });
    if (at !== undefined && at <= this.now) {
      const why = isCanary(channel.rollout, this.device.id, this.groups)
        ? "a canary"
        : this.describeCohort(target);
      this.trail.add("rollout", "pass", `${why}: eligible since ${formatTime(at)}`, where);
      return undefined;
    }
    if (this.local.updateNow === true) {
      this.trail.add("rollout", "skip", "asked for now: waves do not hold it", where);
      return undefined;
    }
    const when = at === undefined ? "no wave reaches it" : `its turn comes at ${formatTime(at)}`;
    this.trail.add("rollout", "stop", `${this.describeCohort(target)}: ${when}`, where);
    const wait = { action: "wait", target, waitingFor: "wave", ...this.base() } as const;
    return at === undefined ? wait : { ...wait, eligibleAt: at };
  }

  private describeCohort(version: string): string {
    const fraction = cohort(this.policy.product, version, this.device.id);
    return `at ${formatPpm(Math.floor(fraction * WHOLE_PPM))} of the queue for ${version}`;
  }

  /** Rule 9. */
  private checkWindow(target: string): Decision | undefined {
    const said = nearest(this.scopes, "window");
    if (said === undefined) return undefined;
    const where = `${said.scope.where}/window`;
    const bypass = this.bypassesWindow();
    if (bypass !== undefined) {
      this.trail.add("window", "skip", `${bypass}: the window does not hold it`, where);
      return undefined;
    }
    const { opens, closes } = openingAtOrAfter(said.value, this.now);
    if (opens <= this.now) {
      this.trail.add(
        "window",
        "pass",
        `the window of ${said.scope.label} is open until ${formatTime(closes)}`,
        where,
      );
      return undefined;
    }
    const lastCheck = this.local.lastCheckAt;
    if (said.value.onReturn === "now" && lastCheck !== undefined) {
      if (lastCheck < lastClosedOpening(said.value, this.now).opens) {
        this.trail.add("window", "pass", "the device was offline through its last window", where);
        return undefined;
      }
    }
    this.trail.add(
      "window",
      "stop",
      `the window of ${said.scope.label} opens at ${formatTime(opens)}`,
      where,
    );
    return { action: "wait", target, waitingFor: "window", eligibleAt: opens, ...this.base() };
  }

  private bypassesWindow(): string | undefined {
    if (this.local.updateNow === true) return "asked for now";
    if (this.belowMinimum !== undefined) return `below the minimum ${this.belowMinimum}`;
    return undefined;
  }

  /** Rule 10. */
  private checkAutoUpdate(target: string): Decision | undefined {
    const said = nearest(this.scopes, "autoUpdate");
    if (said?.value !== false) return undefined;
    const where = `${said.scope.where}/autoUpdate`;
    if (this.local.updateNow === true) {
      this.trail.add("autoUpdate", "skip", "asked for now", where);
      return undefined;
    }
    this.trail.add("autoUpdate", "stop", `${said.scope.label} installs only on request`, where);
    return { action: "wait", target, waitingFor: "request", ...this.base() };
  }

  private refuse(
    rule: "channel" | "target" | "compare" | "path",
    code: RefusalCode,
    target: string | undefined,
    text: string,
    where?: string,
  ): Decision {
    this.trail.add(rule, "stop", text, where);
    const base = { action: "refuse", code, ...this.base() } as const;
    return target === undefined ? base : { ...base, target };
  }

  private base(): { channel: string; trail: readonly TrailEntry[]; belowMinimum?: string } {
    const base = { channel: this.channelName, trail: this.trail.entries };
    return this.belowMinimum === undefined ? base : { ...base, belowMinimum: this.belowMinimum };
  }
}
