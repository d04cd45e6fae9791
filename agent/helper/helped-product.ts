import { join } from "node:path";
import { newestAfter } from "../../protocol/newest-confirmed.ts";
import { signedScheme } from "../../protocol/release.ts";
import { buildsFor, PLATFORM } from "../decision/machine-builds.ts";
import type { Format } from "../formats/format.ts";
import { openFormat } from "../formats/formats.ts";
import { HelperError } from "../helper-link/helper-error.ts";
import type { Link } from "../helper-link/link.ts";
import type { Request } from "../helper-link/messages.ts";
import type { Build } from "../installation/build.ts";
import { InstallError } from "../installation/install-error.ts";
import { lockInstallation } from "../life-cycle/lock-installation.ts";
import { describeEnd, runBounded } from "../process/run-bounded.ts";
import { KEEP_PREVIOUS_SECONDS } from "../state/agent-state.ts";
import { NewestConfirmedFile } from "../state/newest-confirmed-file.ts";
import { openAskedRepository } from "./asked-repository.ts";
import type { HelperConfig, HelperProduct } from "./helper-config.ts";
import { ProductNotesFile } from "./product-notes.ts";
import { receiveArtifact } from "./receive-artifact.ts";
import { type Installable, requireInstallable } from "./require-installable.ts";

const RESTART_SECONDS = 300;
/** The helper proves nothing: the agent did, without rights, and does again after the swap. */
const NO_SELF_TEST = { command: [], seconds: 1 };

/** One product that the helper installs, with what it remembers of it. */
export class HelpedProduct {
  private readonly config: HelperConfig;
  private readonly product: HelperProduct;
  private readonly format: Format;
  private readonly notes: ProductNotesFile;
  private readonly newestConfirmed: NewestConfirmedFile;
  private readonly now: () => number;

  private constructor(config: HelperConfig, product: HelperProduct, format: Format, now: () => number) {
    this.config = config;
    this.product = product;
    this.format = format;
    this.notes = new ProductNotesFile(config.state, product.name);
    this.newestConfirmed = new NewestConfirmedFile(join(config.state, `${product.name}.newest.json`));
    this.now = now;
  }

  /** @param now seconds since 1970 */
  static async open(config: HelperConfig, product: HelperProduct, now: () => number): Promise<HelpedProduct> {
    const { format, ...managed } = product;
    return new HelpedProduct(
      config,
      product,
      await openFormat(format, { ...managed, selfTest: NO_SELF_TEST }),
      now,
    );
  }

  /**
   * Does what was asked, or refuses. Where an installation breaks off, what is installed is as before or the new build,
   * and asking again ends it.
   *
   * @returns whether anything was changed
   * @throws HelperError, InstallError, TrustError, HomeError
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
    const before = notes.read();
    const found = await format.installed();
    const known = [before.installed, before.open?.to, ...buildsFor(releases, PLATFORM, format)].find(
      (build) => build !== undefined && build.id === found?.id,
    );
    const newestConfirmed = this.newestConfirmed.read(product.name);
    const installable = requireInstallable(version, {
      ...{ releases, policy, platform: PLATFORM, format: format.name, now: this.now() },
      ...(known === undefined ? {} : { installed: known.version }),
      ...(newestConfirmed === undefined ? {} : { newestConfirmed }),
    });
    const to = { version, id: format.buildId(installable.artifact) };
    if (found?.id === to.id) return false;
    await this.bring(to, installable, origin, link);
    const from = found === undefined ? undefined : { version: known?.version ?? "unknown", id: found.id };
    if (from !== undefined) await format.keep(from);
    notes.write({
      ...before,
      open: { ...(from === undefined ? {} : { from }), to, versionScheme: signedScheme(installable.release) },
    });
    await format.swap(to);
    return true;
  }

  private async bring(
    to: Build,
    { artifact }: Installable,
    origin: "download" | "kept",
    link: Link,
  ): Promise<void> {
    const { format } = this;
    if (artifact.package?.repository !== undefined) {
      throw new HelperError("helper/cannot-fetch", `${to.version} is to come from a package repository`, {
        help: "run the agent as root for this product, or release the package itself instead of its name",
      });
    }
    // What a kill left of an earlier try goes first: the disk never holds more than one.
    await this.sweep();
    const { staging } = format;
    if (origin === "download") {
      await receiveArtifact(link, artifact, to.version, staging.directory, staging.staged(to));
    }
    link.unhurried();
    await format.stage(to, origin);
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
    if (open !== undefined && (await format.installed())?.id === open.to.id) {
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
      throw new InstallError("install/restart-failed", `the restart command of ${name} did not succeed`, {
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
