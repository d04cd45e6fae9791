import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { ManifestIntake } from "../../controller/http/manifest/manifest-intake.ts";
import { Metrics } from "../../controller/http/metrics.ts";
import type { ServedState } from "../../controller/http/served-state.ts";
import { createServer, type ServerOptions } from "../../controller/http/server.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import { createLog } from "../../controller/serve/log.ts";
import { ManifestPacker } from "../../controller/serve/worker/pack-manifest.ts";
import { artifactBytes, NOW, sampleManifest, sampleTenantKey } from "./sample-manifest.ts";

/** A real server on a free port of the loopback interface, whose state the test sets. */
export class TestServer {
  readonly url: string;
  readonly port: number;
  readonly artifacts: string;
  state: ServedState = { serving: undefined, lags: [], outcome: undefined, sourceSeenAt: undefined };
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
    const state = () =>
      server?.state ?? { serving: undefined, lags: [], outcome: undefined, sourceSeenAt: undefined };
    const now = () => server?.now ?? NOW;
    const app = await createServer({
      state,
      now,
      metrics: new Metrics(state, now),
      log: createLog("silent"),
      artifacts,
      webhook: undefined,
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
}
