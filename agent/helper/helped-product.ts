import { join } from "node:path";
import { findRelease } from "../../protocol/candidates.ts";
import type { Device } from "../../protocol/device.ts";
import { newestAfter } from "../../protocol/newest-confirmed.ts";
import {
  PACKAGE_FORMATS,
  type ReleaseArtifact,
  type Releases,
  signedScheme,
} from "../../protocol/release.ts";
import { artifactFor, buildsFor, PLATFORM } from "../decision/machine-builds.ts";
import { gatherFacts } from "../facts/gather-facts.ts";
import type { Machine } from "../facts/machine.ts";
import type { Format } from "../formats/format.ts";
import { installFolder, openFormat } from "../formats/formats.ts";
import { HelperError } from "../helper-link/helper-error.ts";
import type { Link } from "../helper-link/link.ts";
import type { Request } from "../helper-link/messages.ts";
import type { Build } from "../installation/build.ts";
import { InstallError } from "../installation/install-error.ts";
import { lockInstallation } from "../life-cycle/lock-installation.ts";
import { commandFailure } from "../process/command-failure.ts";
import { describeEnd, runBounded } from "../process/run-bounded.ts";
import { KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
import { NewestConfirmedFile } from "../state/newest-confirmed-file.ts";
import { openAskedRepository } from "./asked-repository.ts";
import type { HelperConfig, HelperProduct } from "./helper-config.ts";
import { ProductNotesFile } from "./product-notes.ts";
import { type Asked, receiveFile } from "./receive-file.ts";
import { requireInstallable } from "./require-installable.ts";

const RESTART_SECONDS = 300;
/** The helper proves nothing: the agent did, without rights, and does again after the swap. */
const NO_SELF_TEST = { command: [], seconds: 1 };

/** An installation broke off in the middle; its cause says why. What is there is neither build. */
export class HalfDoneError extends Error {
  constructor(cause: unknown) {
    super("an installation broke off in the middle", { cause });
    this.name = "HalfDoneError";
  }
}

/** One product that the helper installs, with what it remembers of it. */
export class HelpedProduct {
  private readonly config: HelperConfig;
  private readonly product: HelperProduct;
  private readonly format: Format;
  private readonly notes: ProductNotesFile;
  private readonly newestConfirmed: NewestConfirmedFile;
  private readonly machine: Machine;
  private readonly now: () => number;

  private constructor(
    config: HelperConfig,
    product: HelperProduct,
    format: Format,
    machine: Machine,
    now: () => number,
  ) {
    this.machine = machine;
    this.config = config;
    this.product = product;
    this.format = format;
    this.notes = new ProductNotesFile(config.state, product.name);
    this.newestConfirmed = new NewestConfirmedFile(join(config.state, `${product.name}.newest.json`));
    this.now = now;
  }

  /** @param now seconds since 1970 */
  static async open(
    config: HelperConfig,
    product: HelperProduct,
    machine: Machine,
    now: () => number,
  ): Promise<HelpedProduct> {
    const { format: name, ...managed } = product;
    const stagingFolder = join(config.state, `${product.name}.staging`);
    const format = await openFormat(name, { ...managed, selfTest: NO_SELF_TEST, stagingFolder });
    return new HelpedProduct(config, product, format, machine, now);
  }

  /**
   * Does what was asked, or refuses. Where an installation breaks off, what is installed is as before or the new build,
   * and asking again ends it.
   *
   * @returns whether anything was changed
   * @throws HelperError, InstallError, TrustError, HomeError; HalfDoneError around any of them
   */
  async carryOut(request: Request, link: Link): Promise<boolean> {
    if (request.do === "restart") {
      link.unhurried();
      return this.restart();
    }
    const release = lockInstallation(this.format.staging);
    try {
      switch (request.do) {
        case "install":
          return await this.install(request.version, request.origin, link);
        case "restore":
          link.unhurried();
          return await this.restore(request.failed, request.kept);
        case "settle":
          link.unhurried();
          return await this.settle();
      }
    } finally {
      release();
    }
  }

  private async install(version: string, origin: "download" | "kept", link: Link): Promise<boolean> {
    const { config, product, format, notes } = this;
    const repository = openAskedRepository(config, product.name, link, this.now);
    await repository.refresh();
    const releases = await repository.releases(product.name);
    const policy = await repository.productPolicy(product.name);
    const { tenant: belongsTo } = config.machine;
    const tenant = belongsTo === undefined ? undefined : await repository.tenantPolicy(belongsTo);
    const before = notes.read();
    const found = await format.installed();
    const known = [before.installed, before.open?.to, ...buildsFor(releases, PLATFORM, format)].find(
      (build) => build !== undefined && build.id === found?.id,
    );
    const newestConfirmed = this.newestConfirmed.read(product.name);
    const installable = requireInstallable(version, {
      ...{ releases, policy, device: await this.describeMachine(), format: format.name, now: this.now() },
      ...(tenant === undefined ? {} : { tenant }),
      ...(known === undefined ? {} : { installed: known.version }),
      ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
    });
    const to = { version, id: format.buildId(installable.artifact) };
    const isWhole = found?.unfinished !== true;
    if (isWhole && found?.id === to.id) return false;
    // What an earlier try left half-done is nothing to go back to: what it was to replace is.
    const here = found === undefined ? undefined : { version: known?.version ?? "unknown", id: found.id };
    const from = isWhole || before.open === undefined ? here : before.open.from;
    // What a kill left of an earlier try goes first: the disk never holds more than one.
    await this.sweep();
    if (from !== undefined) await this.bringWayBack(from, releases, link);
    await this.bring(to, installable.artifact, origin, link);
    if (from !== undefined) await format.keep(from);
    notes.write({
      ...before,
      open: { ...(from === undefined ? {} : { from }), to, versionScheme: signedScheme(installable.release) },
    });
    try {
      await format.swap(to);
    } catch (error) {
      throw (await this.isHalfDone()) ? new HalfDoneError(error) : error;
    }
    return true;
  }

  private async isHalfDone(): Promise<boolean> {
    try {
      return (await this.format.installed())?.unfinished === true;
    } catch {
      return true;
    }
  }

  /** This machine as root says and reads it. The id and the labels of a device that root does not name are those of none. */
  private async describeMachine(): Promise<Device> {
    const { machine: told } = this.config;
    const { format, installPath } = this.product;
    const { tenant, site, device = "", labels } = told;
    return {
      id: device,
      platform: PLATFORM,
      facts: await gatherFacts(this.machine, installFolder(format, installPath)),
      ...(tenant === undefined ? {} : { tenant: tenant.name }),
      ...(site === undefined ? {} : { site }),
      ...(labels === undefined ? {} : { labels }),
    };
  }

  private async bring(
    to: Build,
    artifact: ReleaseArtifact,
    origin: "download" | "kept",
    link: Link,
  ): Promise<void> {
    const { format } = this;
    if (origin === "download") await this.receive(to, artifact, "artifact", link);
    link.unhurried();
    await format.stage(to, origin);
    // The agent cannot look into it for root: that the file is this package, and brings and takes nothing else.
    if (PACKAGE_FORMATS.some((one) => one === format.name)) await format.prove(to, "staged", {});
  }

  /** Takes a build's file from the agent; a package manager's own repository is asked by the agent alone. */
  private async receive(build: Build, artifact: ReleaseArtifact, asked: Asked, link: Link): Promise<void> {
    const { staging } = this.format;
    const { package: named, ...rest } = artifact;
    const file = named?.repository === undefined ? artifact : named.file;
    if (file === undefined) {
      throw new HelperError("helper/no-digest", `no digest is signed of the package of ${build.version}`, {
        help: "release it again from its file: `release add --artifact PLATFORM=FILE` signs the digest",
      });
    }
    const { size, sha256 } = file;
    const take = (): Promise<void> =>
      receiveFile(link, asked, { ...build, size, sha256 }, staging.directory, staging.staged(build));
    const { fetch } = this.format;
    if (fetch === undefined || named === undefined) return take();
    const { name, version } = named;
    await fetch.call(this.format, build, { ...rest, size, sha256, package: { name, version } }, take);
  }

  /**
   * The file of what is installed, where this helper did not install it: the agent may have it, and it is a signed one
   * too. Without it the format looks on this machine, and says so where there is none.
   */
  private async bringWayBack(from: Build, releases: Releases, link: Link): Promise<void> {
    const { format } = this;
    if ((await format.lacksFileOf?.(from)) !== true) return;
    const release = findRelease(releases, from.version);
    const artifact = release === undefined ? undefined : artifactFor(release, PLATFORM, format);
    if (artifact === undefined || format.buildId(artifact) !== from.id) return;
    try {
      await this.receive(from, artifact, "previous", link);
    } catch (error) {
      const isNone =
        (error instanceof InstallError && error.code === "install/no-way-back") ||
        (error instanceof HelperError && error.code === "helper/no-digest");
      if (!isNone) throw error;
    }
  }

  private async restore(failed: string, kept: string | undefined): Promise<boolean> {
    const { format, notes } = this;
    const { open, ...before } = notes.read();
    if (open === undefined || open.to.id !== failed || open.from?.id !== kept) {
      // The answer to an earlier request may have been lost.
      if ((await format.installed())?.id === kept) return false;
      throw new HelperError("helper/nothing-to-restore", "no such installation is open", {
        help: "what is installed stays; to go back to an older version, roll back",
      });
    }
    const changed = await format.restore(open.to, open.from ?? null);
    const { installed: _, ...rest } = before;
    notes.write({ ...rest, ...(open.from === undefined ? {} : { installed: open.from }) });
    return changed;
  }

  /** What is installed counts as confirmed: the agent says so, and can only raise what nothing may go below. */
  private async settle(): Promise<boolean> {
    const { format, notes, product } = this;
    const { open, ...before } = notes.read();
    const found = open === undefined ? undefined : await format.installed();
    if (open !== undefined && found?.id === open.to.id && found.unfinished !== true) {
      const { to, from, versionScheme } = open;
      const newest = this.newestConfirmed.read(product.name);
      this.newestConfirmed.write(product.name, newestAfter(versionScheme, newest, to.version));
      const previous = from === undefined ? undefined : { ...from, keptAt: this.now() };
      notes.write({ installed: to, ...(previous === undefined ? {} : { previous }) });
    } else if (open !== undefined) {
      notes.write(before);
    }
    await this.sweep();
    return open !== undefined;
  }

  private async sweep(): Promise<void> {
    const { installed, previous, open } = this.notes.read();
    const isKept = previous !== undefined && this.now() - previous.keptAt <= KEEP_PREVIOUS_SECONDS;
    await this.format.sweep({
      ...(open?.from !== undefined ? { previous: open.from } : isKept ? { previous } : {}),
      ...(installed === undefined ? {} : { installed }),
    });
  }

  private async restart(): Promise<boolean> {
    const { name, restart } = this.product;
    if (restart !== undefined) {
      const result = await runBounded({
        argv: restart,
        seconds: RESTART_SECONDS,
        maxOutputBytes: 64 * 1024,
        leftovers: "leave",
      });
      if (result.kind === "exited" && result.code === 0) return true;
      const code = commandFailure(restart, result, "install/restart-failed");
      throw new InstallError(code, `the restart command of ${name} did not succeed`, {
        got: result.kind === "exited" ? describeEnd(result) : result.kind,
        help: "run the restart command of the helper's config by hand and read the service's log",
      });
    }
    if (this.format.restart === undefined) {
      throw new HelperError("helper/no-service", `nothing says how ${name} is restarted`, {
        help: "add `service` to the product in the helper's config",
      });
    }
    await this.format.restart.run({ seconds: RESTART_SECONDS });
    return true;
  }
}
