import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { ArtifactFolder } from "../../controller/http/manifest/artifact-folder.ts";
import { ManifestIntake } from "../../controller/http/manifest/manifest-intake.ts";
import { Metrics } from "../../controller/http/metrics.ts";
import { OperatorToken } from "../../controller/http/operator-token.ts";
import { QuietLog } from "../../controller/http/quiet-log.ts";
import { NOTHING_SERVED, type ServedState } from "../../controller/http/served-state.ts";
import { createServer, type ServerOptions } from "../../controller/http/server.ts";
import { WrongTokens } from "../../controller/http/wrong-tokens.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { AcceptError } from "../../controller/reconcile/accept-error.ts";
import { createLog } from "../../controller/serve/log.ts";
import { isRightTenantKey } from "../../controller/serve/tenant-key-check.ts";
import { ManifestPacker } from "../../controller/serve/worker/pack-manifest.ts";
import { artifactBytes, NOW, sampleManifest, sampleTenantKey } from "./sample-manifest.ts";

export const TOKEN = "the-token-of-the-operators-of-this-test";

/** An answer as it came, with nothing repaired. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A real server on a free port of the loopback interface, whose state the test sets. */
export class TestServer {
  readonly url: string;
  readonly port: number;
  readonly artifacts: string;
  state: ServedState = NOTHING_SERVED;
  now = NOW;
  private readonly packer = new ManifestPacker();
  private readonly intake = new ManifestIntake(sampleTenantKey);

  private constructor(port: number, artifacts: string) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.artifacts = artifacts;
  }

  static async start(
    t: TestContext,
    manifest: PublishedManifest | undefined = sampleManifest(),
    options: Partial<ServerOptions> = {},
  ): Promise<TestServer> {
    const artifacts = await mkdtemp(join(tmpdir(), "fairlead-artifacts-"));
    t.after(() => rm(artifacts, { recursive: true, force: true }));
    for (const version of ["1.0.0", "1.1.0"]) {
      await writeFile(join(artifacts, `lantern-${version}`), artifactBytes(version));
    }
    let server: TestServer | undefined;
    const state = () => server?.state ?? NOTHING_SERVED;
    const now = () => server?.now ?? NOW;
    const log = options.log ?? createLog("silent");
    const app = await createServer({
      state,
      now,
      metrics: new Metrics(state, now, "0.0.0"),
      log,
      quietLog: new QuietLog(log),
      artifacts: new ArtifactFolder(artifacts, (damagedArtifacts) => {
        if (server !== undefined) server.state = { ...server.state, damagedArtifacts };
      }),
      webhook: undefined,
      fleet: undefined,
      audience: { agents: true, operators: "open" },
      wrongTokens: new WrongTokens(),
      operatorToken: new OperatorToken(TOKEN),
      isTenantKey: isRightTenantKey(sampleTenantKey),
      accept: (commit) => {
        throw new AcceptError("accept/not-held", `commit ${commit} is not held`);
      },
      publicOrigin: undefined,
      hosts: { names: new Set(), development: true },
      maxConnections: 1000,
      logged: 0,
      version: "0.0.0",
      ...options,
    });
    await app.listen({ host: "127.0.0.1", port: 0 });
    t.after(() => app.close());
    server = new TestServer((app.server.address() as AddressInfo).port, artifacts);
    if (manifest !== undefined) await server.serve(manifest);
    return server;
  }

  async serve(manifest: PublishedManifest): Promise<void> {
    for (const step of this.packer.pack(manifest)) {
      if (step.kind === "files") this.intake.add(step.batch);
      else this.state = { ...this.state, serving: this.intake.switchTo(step.head) };
    }
  }

  get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
    return fetch(this.url + path, { method, headers, redirect: "manual" });
  }

  /** One request by node's own client, which sends any method, any `Host` and a body with a GET. */
  ask(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    method = "GET",
    body?: string,
  ): Promise<PlainAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<PlainAnswer>();
    const agent = new Agent({ keepAlive: false });
    const asked = request({ port: this.port, host: "127.0.0.1", path, headers, method, agent }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
    });
    asked.on("error", reject).end(body);
    return promise;
  }
}
