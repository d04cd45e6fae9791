import { localChoices } from "../protocol/device.ts";
import { sha256Hex } from "../protocol/digest.ts";
import type { Facts } from "../protocol/requirements.ts";
import type { AgentConfig, ProductConfig } from "./config/agent-config.ts";
import { ConfigError } from "./config/config-error.ts";
import { changeConfig, readConfig } from "./config/config-file.ts";
import { type DeviceIdentity, openDeviceSigner, readDevice } from "./config/device-key.ts";
import { openRepository } from "./config/open-repository.ts";
import { PLATFORM } from "./decision/machine-builds.ts";
import { gatherFacts } from "./facts/gather-facts.ts";
import type { Machine } from "./facts/machine.ts";
import { thisMachine } from "./facts/this-machine.ts";
import { useProxy } from "./fetch/proxy.ts";
import type { Format } from "./formats/format.ts";
import { openFormat, stopsPrograms } from "./formats/formats.ts";
import type { AgentHome } from "./home/agent-home.ts";
import { makeHome, productHome } from "./home/agent-home.ts";
import type { InstallPlan, Journal } from "./life-cycle/journal.ts";
import type { Successor } from "./process/hand-over.ts";
import { runningProgram } from "./process/own-process.ts";
import { LocalProduct } from "./product/local-product.ts";
import { managedProduct } from "./product/managed-product.ts";
import { ownProduct } from "./product/own-product.ts";
import type { SharedParts } from "./product/shared-parts.ts";
import type { CheckedInDevice, CheckInResult, CheckIns } from "./report/check-ins.ts";
import type { ReportingStatus } from "./report/reporting-status.ts";
import type { Spool } from "./report/spool.ts";
import type { TrustedRepository } from "./trust/trusted-repository.ts";

export interface AgentOptions {
  /** Seconds since 1970; the machine's clock unless given. */
  readonly now?: () => number;
  /** A fraction in [0, 1). */
  readonly random?: () => number;
  readonly signal?: AbortSignal;
  /** What the machine's facts are read from; this machine unless given. */
  readonly machine?: Machine;
  /** Told of every step of an installation, with the product's name. */
  readonly onState?: (journal: Journal, product: string) => void;
  /** Told why a delta was of no use; the whole file is downloaded then. */
  readonly onDeltaFailed?: (problem: string) => void;
  /** Told of a download's bytes, with the product's name. */
  readonly onProgress?: (received: number, size: number, product: string) => void;
  /** Asked when a build is ready, right before the swap. It may throw `install/postponed`. */
  readonly beforeSwap?: (plan: InstallPlan, product: string) => Promise<void>;
  /**
   * Name of the product that is the program that runs here. Absent: the one that the config calls `self`, or whose
   * installed program is the file that runs. It comes after all others.
   */
  readonly self?: string;
  /**
   * How that program becomes its new version, the file at this path, instead of by a restart command
   * (`replaceProcess`). The new version calls `resume()` when it starts, which confirms it or makes room for the
   * previous one. Where it dies before that call, the next start of either version, or `fairlead-agent resume`, puts
   * the previous one back: see docs/embedding.md for what that asks of whoever starts the program.
   */
  readonly reExec?: (path: string) => never;
  /** In its place, for a program whose connections outlive an update: `startSuccessor`. */
  readonly handOver?: (path: string) => Promise<Successor>;
  /** In their place where only another process can start the program anew: has that go on, and ends this one. */
  readonly leave?: (config: ProductConfig) => Promise<never>;
  /** Seconds to wait for another updater that is at work on an installation; absent: not at all. */
  readonly patience?: number;
}

/** One device of a fleet, with the products that are kept up to date on it: one key, one trust, one check-in. */
export class Agent {
  private readonly home: AgentHome;
  private readonly options: AgentOptions;
  private settings: AgentConfig;
  private identity: DeviceIdentity;
  private readonly repository: TrustedRepository;
  private readonly machine: Machine;
  private readonly now: () => number;
  private locals: readonly LocalProduct[] = [];
  private spool: Spool | undefined;
  private checkIns: CheckIns | undefined;

  private constructor(home: AgentHome, config: AgentConfig, device: DeviceIdentity, options: AgentOptions) {
    this.home = home;
    this.settings = config;
    this.identity = device;
    this.options = options;
    this.now = options.now ?? (() => Math.floor(Date.now() / 1000));
    this.machine = options.machine ?? thisMachine();
    this.repository = openRepository(config.server, home, this.now);
  }

  /** @throws ConfigError when this machine is not enrolled or its settings cannot be used; HomeError */
  static async open(home: AgentHome, options: AgentOptions = {}): Promise<Agent> {
    const config = await readConfig(home);
    useProxy(config.proxy);
    makeHome(home);
    const agent = new Agent(home, config, readDevice(home), options);
    await agent.openProducts();
    return agent;
  }

  private async openProducts(): Promise<void> {
    const { self, reExec, handOver, leave } = this.options;
    const opened = await Promise.all(
      this.settings.products.map(async (config) => ({
        config,
        format: await openFormat(config.format, managedProduct(config, this.home)),
      })),
    );
    const candidates = opened.map(({ config, format }) => ({
      ...{ name: config.product, program: format.program, self: config.self },
    }));
    const own = self ?? ownProduct(candidates, runningProgram());
    const shared = this.sharedParts();
    const locals = await Promise.all(
      opened.map(async ({ config, format }) => {
        const home = config.place === "top" ? this.home : productHome(this.home, config.product);
        const isSelf = config.product === own;
        return new LocalProduct({
          ...{ config, home, shared, reExec, handOver, leave, isSelf },
          // Which one it is can be told once all are open.
          format: isSelf ? await openOwn(config, this.home, format) : format,
        });
      }),
    );
    this.locals = [...locals.filter(({ isSelf }) => !isSelf), ...locals.filter(({ isSelf }) => isSelf)];
  }

  private sharedParts(): SharedParts {
    const { random = Math.random, signal, patience } = this.options;
    const { onState, onProgress, onDeltaFailed, beforeSwap } = this.options;
    const told = { onState, onProgress, onDeltaFailed, beforeSwap };
    return {
      ...{ repository: this.repository, now: this.now, random, signal, patience, ...told },
      lastVerified: () => openRepository(this.settings.server, this.home, this.now, "last-verified"),
      deviceId: () => this.identity.id,
      facts: (installPath) => gatherFacts(this.machine, installPath),
      spool: () => this.openSpool(),
    };
  }

  /** As read; an operator may move the device while it runs. */
  get config(): AgentConfig {
    return this.settings;
  }

  /** A device that was found to be a copy of another gets an id of its own while it runs. */
  get device(): DeviceIdentity {
    return this.identity;
  }

  /** In the order in which they are updated: the updater itself last. */
  get products(): readonly LocalProduct[] {
    return this.locals;
  }

  /**
   * @param name may be left out where there is one product only
   * @throws ConfigError `config/unknown-product`, `config/several-products`
   */
  product(name?: string): LocalProduct {
    const [only, ...others] = this.locals;
    const names = this.locals.map((product) => product.name).join(", ");
    if (name === undefined && only !== undefined && others.length === 0) return only;
    if (name === undefined) {
      throw new ConfigError("config/several-products", `this machine has several products: ${names}`, {
        help: "name one of them with --product NAME",
      });
    }
    const found = this.locals.find((product) => product.name === name);
    if (found !== undefined) return found;
    throw new ConfigError(
      "config/unknown-product",
      `this machine has no product \`${name}\`, only ${names}`,
      {
        help: "check the name, or write the product into config.yaml",
      },
    );
  }

  /**
   * Brings the manifest up to date, for all products.
   *
   * @throws TrustError, FetchError, ProtocolError
   */
  async refresh(): Promise<void> {
    await this.repository.refresh();
  }

  /** Version of the manifest that was last verified; `undefined`: none was. */
  manifestVersion(): number | undefined {
    return this.repository.timestampVersion();
  }

  /**
   * Signs requests without content as this device: gives the header fields for a GET of an address below the server's.
   *
   * @throws FetchError, TrustError where the first root is not to be had
   */
  async requestSigner(): Promise<(url: URL) => Readonly<Record<string, string>>> {
    const { signDeviceRequest } = await import("./report/sign-request.ts");
    const repository = sha256Hex(await this.repository.firstRoot());
    // The key is read each time, since it may have been replaced.
    return (url) =>
      signDeviceRequest(openDeviceSigner(this.home), { method: "GET", url, repository }, this.now()).fields;
  }

  /** How it stands with what the controller is told, without asking the network. */
  async reporting(): Promise<ReportingStatus> {
    const { reportingStatus } = await import("./report/reporting-status.ts");
    return reportingStatus(this.home, await this.openSpool());
  }

  /** What this machine is, as versions may require it; the space is the least that a product has. */
  facts(): Promise<Facts> {
    return gatherFacts(this.machine, ...this.settings.products.map(({ installPath }) => installPath));
  }

  /**
   * Tells the controller how this machine stands, and does what operators ask of it. What waits to be reported stays on
   * disk until the controller has acknowledged it.
   *
   * @param patience seconds to wait while another process of this agent does the same
   * @returns `undefined` where `check_in` is off
   * @throws ReportError, FetchError, HomeError, ConfigError; none of them is a reason not to update
   */
  async checkIn(patience: number): Promise<CheckInResult | undefined> {
    if (!this.config.checkIn) return undefined;
    this.checkIns ??= await this.openCheckIns();
    return this.checkIns.run(patience);
  }

  private async openCheckIns(): Promise<CheckIns> {
    const { CheckIns } = await import("./report/check-ins.ts");
    const { now, home } = this;
    const spool = await this.openSpool();
    return new CheckIns(this.asCheckedIn(), { home, spool, now, signal: this.options.signal });
  }

  private asCheckedIn(): CheckedInDevice {
    const { server } = this.config;
    return {
      ...{ server, products: this.locals, repository: this.repository },
      describe: async () => ({ platform: PLATFORM, facts: await this.facts() }),
      placement: () => {
        const { tenant, site, labels = {} } = this.config;
        return {
          labels,
          ...(tenant === undefined ? {} : { tenant }),
          ...(site === undefined ? {} : { site }),
        };
      },
      moveTo: async ({ tenant, site, labels }) => {
        const moved = { tenant: tenant?.name, tenant_key: tenant?.key, site };
        await changeConfig(this.home, {
          ...moved,
          labels: Object.keys(labels).length > 0 ? labels : undefined,
        });
        await this.readConfigAgain();
      },
      takeKeys: ({ id, publicKey }) => {
        this.identity = { id, publicKey };
      },
    };
  }

  /**
   * Takes over what a person chose meanwhile: channel, pin, updates by itself, and how often to look. All else in the
   * file waits for the next start.
   *
   * @returns whether anything of it changed
   * @throws ConfigError, HomeError; what was chosen before then holds
   */
  async followChoices(): Promise<boolean> {
    const read = await readConfig(this.home);
    const before = JSON.stringify(this.chosen());
    const { checkInterval: _, ...settings } = this.settings;
    this.settings = {
      ...settings,
      ...(read.checkInterval === undefined ? {} : { checkInterval: read.checkInterval }),
    };
    for (const product of this.locals) {
      const config = read.products.find((one) => one.product === product.name);
      if (config !== undefined) product.choose(localChoices(config));
    }
    return JSON.stringify(this.chosen()) !== before;
  }

  private chosen(): readonly unknown[] {
    return [this.settings.checkInterval, this.locals.map(({ config }) => localChoices(config))];
  }

  /** A product that came into the file or went from it meanwhile waits for the next start. */
  private async readConfigAgain(): Promise<void> {
    this.settings = await readConfig(this.home);
    for (const product of this.locals) {
      const config = this.settings.products.find((one) => one.product === product.name);
      if (config !== undefined) product.configure(config);
    }
  }

  private async openSpool(): Promise<Spool> {
    const { Spool } = await import("./report/spool.ts");
    this.spool ??= new Spool(this.home.spool);
    return this.spool;
  }
}

/** As the agent's own product is opened: one that is stopped to be exchanged must not stop itself. */
async function openOwn(config: ProductConfig, home: AgentHome, format: Format): Promise<Format> {
  if (!stopsPrograms(format.name)) return format;
  return openFormat(config.format, { ...managedProduct(config, home), isSelf: true });
}
