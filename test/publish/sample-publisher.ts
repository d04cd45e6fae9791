import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { desiredPolicies } from "../../controller/desired/desired-policies.ts";
import { PolicyDocuments } from "../../controller/publish/policy-documents.ts";
import { publishManifest } from "../../controller/publish/publish-manifest.ts";
import type { PublishedManifest } from "../../controller/publish/published-manifest.ts";
import type { RemovedState } from "../../controller/source/removed-state.ts";
import type { FleetModel, TrustFiles } from "../../controller/state/fleet-model.ts";
import { buildReleases, buildRoot, buildTargets } from "../../controller/trust/build-trust.ts";
import { ONLINE_LIFETIMES } from "../../controller/trust/lifetimes.ts";
import { releaseTargets } from "../../controller/trust/release-index.ts";
import { signRole } from "../../controller/trust/sign-role.ts";
import { SigningKey } from "../../controller/trust/signing-key.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { NO_HISTORY } from "./sample-model.ts";

/** Every key of a small production set-up: two people, both of whom must sign. */
export class SampleKeys {
  readonly root = [SigningKey.generate("root"), SigningKey.generate("root")];
  readonly targets = [SigningKey.generate("targets"), SigningKey.generate("targets")];
  readonly online = SigningKey.generate("online");
  readonly release = SigningKey.generate("releases-agent");

  /** `trust/` as people would sign it for product `agent`. */
  trust(model: FleetModel, now: number, version = 1): TrustFiles {
    const { root, targets, online, release } = this;
    const holders = { root, targets, threshold: 2, online, releases: new Map([["agent", release]]) };
    return {
      roots: new Map([[1, signRole(buildRoot(holders, 1, now), root)]]),
      targets: signRole(buildTargets(holders, version, now), targets),
      releases: new Map([["agent", this.releases(model, now, version)]]),
    };
  }

  releases(model: FleetModel, now: number, version: number, key = this.release): Buffer {
    const product = model.products.get("agent");
    const targets = releaseTargets({
      name: "agent",
      versionScheme: product?.product.value.versionScheme ?? "semver",
      versions: [...(product?.versions.values() ?? [])].map(({ value }) => value),
    });
    return signRole(buildReleases(targets, version, now), [key]);
  }

  publish(
    model: FleetModel,
    trust: TrustFiles,
    now: number,
    previous?: PublishedManifest,
    versionFloor = 0,
    removed?: RemovedState,
  ): PublishedManifest {
    const policies = desiredPolicies(model, NO_HISTORY);
    const documents = new PolicyDocuments((tenant) => sha256Hex(tenant));
    return publishManifest({
      commit: model.commit,
      ...policies,
      write: (before) => documents.write(policies, before?.documents),
      trust,
      hosted: new Map(),
      onlineKey: this.online,
      previous,
      removed,
      versionFloor,
      now,
      lifetimes: ONLINE_LIFETIMES,
    });
  }
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-publish-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
