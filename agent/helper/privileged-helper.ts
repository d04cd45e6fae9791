import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { PACKAGE_FORMATS } from "../../protocol/release.ts";
import { thisMachine } from "../facts/this-machine.ts";
import { installFolder } from "../formats/formats.ts";
import { HelperError } from "../helper-link/helper-error.ts";
import { Link } from "../helper-link/link.ts";
import { type Request, readRequest } from "../helper-link/messages.ts";
import type { Log } from "../output/log.ts";
import { refusalOf } from "../output/refusal.ts";
import { HalfDoneError, HelpedProduct } from "./helped-product.ts";
import type { HelperConfig, HelperProduct } from "./helper-config.ts";
import { PeerProof } from "./prove-peer.ts";
import { requireRootOwned } from "./root-owned.ts";

/** Agents of one machine are few, and one at a time is served. */
const MAX_CONNECTIONS = 8;
/** An agent on this machine answers at once; a large artifact from a slow disk takes a while. */
const LIMITS = { idle: 20, total: 600 };
/** As much of a refusal as is told; the rest is in the helper's log. */
const MOST_WORDS = 2000;

/**
 * The one process with rights: installs signed versions of the configured products for an agent that runs without. It
 * fetches nothing, opens nothing that an agent names, and runs what its own config says.
 */
export class PrivilegedHelper {
  private readonly config: HelperConfig;
  private readonly log: Log;
  private readonly now: () => number;
  private readonly machine = thisMachine();
  private readonly proof: PeerProof;
  private readonly server: Server;
  private readonly onRest: () => void;
  /** The request that is being carried out. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(config: HelperConfig, log: Log, now: () => number, onRest: () => void) {
    this.config = config;
    this.log = log;
    this.now = now;
    this.onRest = onRest;
    this.proof = new PeerProof(config);
    this.server = createServer({ allowHalfOpen: false, pauseOnConnect: true }, (socket) => {
      void this.serve(socket);
    });
    this.server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * Listens, until the signal.
   *
   * @param now seconds since 1970
   * @param onRest called whenever there is nothing to do for a while
   * @throws HelperError `helper/not-root`, `helper/untrusted-path`; the system's error where it cannot listen
   */
  static async run(
    config: HelperConfig,
    log: Log,
    now: () => number,
    signal: AbortSignal,
    onRest: () => void = () => {},
  ): Promise<void> {
    if (process.geteuid?.() !== 0) {
      throw new HelperError("helper/not-root", "the privileged helper needs to run as root", {
        help: "start it as root, best from its unit",
      });
    }
    // What installers and their scripts make must not hang on how the helper was started.
    process.umask(0o022);
    mkdirSync(config.state, { recursive: true, mode: 0o700 });
    chmodSync(config.state, 0o700);
    const { socket, state, products } = config;
    const helper = new PrivilegedHelper(config, log, now, onRest);
    for (const path of [dirname(socket), state]) requireRootOwned(path);
    for (const product of products.values()) requireOwnPlace(product);
    await helper.listen();
    log.event("info", "helper-listens", `listens on ${socket} for user ${config.peer.uid}`, {});
    onRest();
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await helper.close();
  }

  private async listen(): Promise<void> {
    const { socket, peer } = this.config;
    const found = lstatSync(socket, { throwIfNoEntry: false });
    if (found !== undefined && !found.isSocket()) {
      throw new HelperError("helper/untrusted-path", `\`${socket}\` is not a socket`, {
        help: "find out who put it there, then remove it",
      });
    }
    // Left by an earlier run: nobody else may make one in this folder.
    rmSync(socket, { force: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.server.once("error", reject);
    this.server.listen(socket, resolve);
    await promise;
    chmodSync(socket, 0o600);
    chownSync(socket, peer.uid, peer.gid);
  }

  /** What has begun is brought to its end. */
  private async close(): Promise<void> {
    this.server.close();
    rmSync(this.config.socket, { force: true });
    await this.last;
  }

  private async serve(socket: Socket): Promise<void> {
    const link = new Link(socket, LIMITS);
    let request: Request | undefined;
    try {
      await this.proof.require(link);
      request = await link.hear(readRequest);
      const changed = await this.inTurn(request, link);
      this.log.event("info", `helper-${request.do}`, describe(request), { changed });
      await link.say({ say: "done", changed });
    } catch (error) {
      const isHalfDone = error instanceof HalfDoneError;
      const refusal = refusalOf(isHalfDone ? error.cause : error);
      this.log.refusal(refusal);
      await this.refuse(link, refusal, isHalfDone);
    } finally {
      link.close();
      this.onRest();
    }
  }

  private async refuse(
    link: Link,
    { id, ...words }: ReturnType<typeof refusalOf>,
    isHalfDone: boolean,
  ): Promise<void> {
    const told = Object.entries(words).map(([name, text]) => [name, text.slice(0, MOST_WORDS)]);
    try {
      const how = isHalfDone ? { halfDone: true } : {};
      await link.say({ say: "refused", ...how, code: id, ...Object.fromEntries(told) });
    } catch {
      // Nobody listens any more; the log has it.
    }
  }

  private inTurn(request: Request, link: Link): Promise<boolean> {
    const turn = this.last.then(() => this.carryOut(request, link));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async carryOut(request: Request, link: Link): Promise<boolean> {
    const product = this.config.products.get(request.product);
    if (product === undefined) {
      throw new HelperError("helper/unknown-product", `the helper does not look after ${request.product}`, {
        help: "add the product to the helper's config, as root",
      });
    }
    return (await HelpedProduct.open(this.config, product, this.machine, this.now)).carryOut(request, link);
  }
}

/** What the package manager lays down is its own affair; a folder of versions is made, where there is none. */
function requireOwnPlace({ format, installPath }: HelperProduct): void {
  if (PACKAGE_FORMATS.some((one) => one === format)) return;
  const folder = installFolder(format, installPath);
  if (folder === installPath && !existsSync(folder)) {
    requireRootOwned(dirname(folder));
    mkdirSync(folder, { mode: 0o755 });
  }
  requireRootOwned(existsSync(installPath) ? installPath : folder);
}

function describe(request: Request): string {
  const version = request.do === "install" ? ` ${request.version}` : "";
  return `${request.do} ${request.product}${version}`;
}
