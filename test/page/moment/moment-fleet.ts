import { createHash } from "node:crypto";
import type { Attempt } from "../../../protocol/check-in/attempt.ts";
import type { Placement } from "../../../protocol/check-in/check-in-answer.ts";
import { placementDigest } from "../../../protocol/check-in/placement-digest.ts";
import { readCheckInAnswer } from "../../../protocol/check-in/read-check-in-answer.ts";
import { readEnrolmentAnswer } from "../../../protocol/check-in/read-enrolment.ts";
import type { Facts } from "../../../protocol/requirements.ts";
import { ClientKey, type ClientServer, DeviceClient } from "../../../simulated-fleet/device-client.ts";
import { type Ended, Software } from "../../../simulated-fleet/software.ts";
import type { Manifest } from "../../../simulated-fleet/verified-manifest.ts";
import { PLATFORMS, PRODUCT } from "./moment-state.ts";

/** Where machines sit, and how many parts of the fleet do. */
export const PLACES: readonly { readonly tenant: string; readonly site: string; readonly parts: number }[] = [
  { tenant: "acme", site: "berlin", parts: 5 },
  { tenant: "acme", site: "hamburg", parts: 2 },
  { tenant: "acme", site: "lyon", parts: 3 },
  { tenant: "globex", site: "austin", parts: 5 },
  { tenant: "globex", site: "osaka", parts: 3 },
  { tenant: "initech", site: "oslo", parts: 2 },
  { tenant: "initech", site: "bergen", parts: 1 },
];

const GIBIBYTE = 2 ** 30;
/** Of an installation, seconds. */
const INSTALLATION = 40;

/** One machine of the moment, which does what it is told to when it is told to. */
export class MomentMachine {
  readonly index: number;
  readonly id: string;
  readonly platform: string;
  readonly facts: Facts;
  readonly software: Software;
  private readonly client: DeviceClient;
  private placement: Placement | undefined;
  private attempts: readonly Attempt[] = [];

  constructor(index: number, server: ClientServer, version: string) {
    this.index = index;
    const seed = createHash("sha256").update(`moment ${index}`).digest();
    this.client = new DeviceClient(server, ClientKey.fromSeed(seed));
    this.id = this.client.id;
    this.platform = platformOf(fraction(index, "platform"));
    this.client.platform = this.platform;
    // The site of the beta channel has no old system: so nobody saw it coming.
    const oldest = PLACES[placeOf(index)]?.site === "hamburg" ? 0.45 : 0;
    this.facts = factsOf(this.platform, oldest + fraction(index, "facts") * (1 - oldest));
    this.software = new Software({ version, blocked: [] });
  }

  async enrol(token: string): Promise<void> {
    const { status, body } = await this.post(this.client.prepareEnrolment(token, this.facts));
    if (status !== 201) throw new Error(`${this.id} was not enrolled: ${status} ${body}`);
    this.placement = readEnrolmentAnswer(body);
  }

  get tenant(): Placement["tenant"] {
    return this.placement?.tenant;
  }

  async checkIn(manifest: Manifest): Promise<void> {
    const placed = this.placement === undefined ? {} : { placed: placementDigest(this.placement) };
    const products = [this.software.report(PRODUCT, manifest.version)];
    const { facts, attempts } = this;
    const { status, body } = await this.post(
      this.client.prepareCheckIn({ facts, attempts, products, ...placed }),
    );
    if (status !== 200 && status !== 426) throw new Error(`${this.id} was refused: ${status} ${body}`);
    const known = new Set(readCheckInAnswer(body).acknowledged);
    this.attempts = attempts.filter(({ id }) => !known.has(id));
  }

  /** Looks at the manifest, and installs what it asks for. @returns whether it asked for anything */
  takes(manifest: Manifest, now: number, endingOf: (to: string, machine: MomentMachine) => Ended): boolean {
    if (this.placement === undefined) throw new Error("it is not enrolled");
    const { id, platform, facts } = this;
    const decision = this.software.decide(manifest, this.placement, { id, platform, facts }, now);
    this.software.looked(now);
    if (decision.action !== "update" && decision.action !== "rollback") return false;
    const [to] = decision.path;
    const times = { startedAt: now - INSTALLATION, now };
    this.attempts = [
      ...this.attempts,
      this.software.install(decision.action, to, endingOf(to, this), manifest, times),
    ];
    return true;
  }

  private async post({ target, headers, body }: ReturnType<DeviceClient["prepareCheckIn"]>): Promise<{
    readonly status: number;
    readonly body: Buffer;
  }> {
    const url = this.client.server.url + target;
    const response = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  }
}

/** A number in [0, 1) of a machine's own for a purpose, the same each time. */
export function fraction(index: number, purpose: string): number {
  return createHash("sha256").update(`${purpose} ${index}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** The seat of a machine: an index of `PLACES`. */
export function placeOf(index: number): number {
  const all = PLACES.reduce((sum, { parts }) => sum + parts, 0);
  let left = fraction(index, "place") * all;
  for (const [place, { parts }] of PLACES.entries()) {
    left -= parts;
    if (left < 0) return place;
  }
  return 0;
}

function platformOf(share: number): string {
  const [x64, arm64, macos, windows] = PLATFORMS;
  if (share < 0.42) return x64;
  if (share < 0.68) return arm64;
  return share < 0.85 ? macos : windows;
}

function factsOf(platform: string, share: number): Facts {
  const memory = share < 0.5 ? 4 * GIBIBYTE : 8 * GIBIBYTE;
  const disk = Math.floor((8 + 90 * share) * GIBIBYTE);
  if (platform.startsWith("darwin-"))
    return { os: "macos", macos: share < 0.5 ? "14.7" : "15.6", memory, disk };
  if (platform.startsWith("win32-")) return { os: "windows", windowsBuild: "26100", memory, disk };
  if (share < 0.45) return { os: "debian", osVersion: "11", glibc: "2.31", kernel: "5.10.0", memory, disk };
  if (share < 0.8) return { os: "debian", osVersion: "12", glibc: "2.36", kernel: "6.1.0", memory, disk };
  return { os: "ubuntu", osVersion: "24.04", glibc: "2.39", kernel: "6.8.0", memory, disk };
}
