import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { sha256Hex } from "../../protocol/digest.ts";
import { POLICY_ROLE, productPolicyPath, releaseTargetPath } from "../../protocol/manifest-names.ts";
import type { ChannelPolicy, FleetPolicy } from "../../protocol/policy.ts";
import type { VersionScheme } from "../../protocol/version.ts";
import type { Cleanups } from "../support/cleanups.ts";
import { type Json, MadeRepository, PRODUCT, RELEASES } from "../trust/made-repository.ts";

export const PLATFORM = `${process.platform}-${process.arch}`;
const YEARS = 20 * 365 * 86_400;

/** What the server does wrong with artifacts. */
export interface Fault {
  /** Closes the connection after so many bytes. */
  readonly cutAfter?: number;
  /** Flips one bit of this byte. */
  readonly flipAt?: number;
  /** Sends more than was signed. */
  readonly append?: number;
  /** Keeps to this pace, in pieces of 20 a second. */
  readonly bytesPerSecond?: number;
  /** Refuses, and asks to be left alone for so many seconds. */
  readonly busyFor?: number;
  /** Says that an answer to a range is compressed, and sends other bytes. */
  readonly encodesRanges?: true;
}

/** A product that says its version, as a script of a few bytes. `body` runs before that. */
export function program(version: string, body = ""): Buffer {
  return Buffer.from(`#!/bin/sh\n${body}\necho "lantern ${version}"\n`);
}

function trickle(response: ServerResponse, bytes: Buffer, piece: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + piece));
    sent += piece;
    if (sent >= bytes.length) response.end();
  }, 50);
  response.on("close", () => clearInterval(timer));
}

/** A signed repository for one product over real HTTP, in the layout of the controller and of a static mirror. */
export class UpdateServer {
  readonly repository = new MadeRepository();
  fault: Fault = {};
  fleet: Partial<FleetPolicy> = {};
  channel: Partial<ChannelPolicy> = {};
  /** What policy says; the releases are signed as semver. */
  versionScheme: VersionScheme = "semver";
  /** Artifact requests: the Range header of each, or "all". */
  readonly downloads: string[] = [];
  url = "";
  /** How often the timestamp was asked for. */
  polls = 0;
  /** Takes what is not a GET: the controller's side of check-ins, where there is one. */
  onPost: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  private current = "";
  private previous: string[] = [];

  static async start(t: Cleanups): Promise<UpdateServer> {
    const made = new UpdateServer();
    const { expires } = made.repository;
    for (const role of ["root", "targets", "snapshot", "timestamp", "delegated"] as const) {
      expires[role] = YEARS;
    }
    made.repository.publishRoot();
    const server = createServer((request, response) => made.answer(request, response));
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return made;
  }

  get rootSha256(): string {
    return sha256Hex(this.repository.root());
  }

  /** Signs a version; the channel does not point to it yet. */
  release(version: string, bytes: Buffer, custom: Json = {}): void {
    const path = releaseTargetPath(PRODUCT, version, PLATFORM, "lantern");
    this.repository.addTarget(RELEASES, path, bytes, {
      product: PRODUCT,
      version,
      platform: PLATFORM,
      format: "binary",
      severity: "normal",
      ...custom,
    });
  }

  /** Points the channel to a version and publishes. */
  promote(version: string): void {
    if (this.current !== "") this.previous = [this.current, ...this.previous];
    this.current = version;
    this.publish();
  }

  publish(): void {
    const at = 1_700_000_000;
    const policy = {
      kind: "product",
      schemaVersion: 1,
      commit: "0".repeat(40),
      product: PRODUCT,
      versionScheme: this.versionScheme,
      fleet: { defaultChannel: "stable", ...this.fleet },
      channels: {
        stable: {
          current: { version: this.current, at, commit: "0".repeat(40) },
          previous: this.previous.map((version) => ({ version, at, commit: "0".repeat(40) })),
          ...this.channel,
        },
      },
      yanked: [],
    };
    this.repository.addTarget(POLICY_ROLE, productPolicyPath(PRODUCT), JSON.stringify(policy));
    this.repository.bump(RELEASES, POLICY_ROLE);
    this.repository.publish();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === "POST" && this.onPost !== undefined) {
      this.onPost(request, response);
      return;
    }
    const path = decodeURIComponent((request.url ?? "").slice(1)).replace(/^tuf\//, "metadata/");
    if (path === "metadata/timestamp.json") this.polls++;
    const bytes = this.repository.files.get(path);
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${sha256Hex(bytes)}"`;
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
    } else if (path.startsWith("targets/releases/")) {
      this.answerArtifact(request, response, bytes, etag);
    } else {
      response.writeHead(200, { etag }).end(bytes);
    }
  }

  private answerArtifact(
    request: IncomingMessage,
    response: ServerResponse,
    signed: Buffer,
    etag: string,
  ): void {
    const { cutAfter, flipAt, append = 0, bytesPerSecond, busyFor, encodesRanges } = this.fault;
    const range = request.headers.range;
    this.downloads.push(range ?? "all");
    if (busyFor !== undefined) {
      response.writeHead(503, { "retry-after": String(busyFor) }).end();
      return;
    }
    const bytes = Buffer.concat([signed, Buffer.alloc(append)]);
    if (flipAt !== undefined) bytes[flipAt] = (bytes[flipAt] ?? 0) ^ 1;
    const matches = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
    const start = matches ? Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0) : 0;
    const head = { etag, "content-length": bytes.length - start };
    if (start > 0 && encodesRanges === true) {
      const encoded = gzipSync(bytes.subarray(start));
      response.writeHead(206, {
        etag,
        "content-encoding": "gzip",
        "content-length": encoded.length,
        "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      });
      response.end(encoded);
      return;
    }
    if (start > 0) {
      response.writeHead(206, {
        ...head,
        "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      });
    } else {
      response.writeHead(200, head);
    }
    if (bytesPerSecond !== undefined) {
      trickle(response, bytes.subarray(start), Math.ceil(bytesPerSecond / 20));
      return;
    }
    if (cutAfter === undefined) {
      response.end(bytes.subarray(start));
      return;
    }
    response.write(bytes.subarray(start, start + cutAfter), () => response.destroy());
  }
}
