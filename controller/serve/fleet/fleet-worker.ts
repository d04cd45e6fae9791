/**
 * The thread that has the fleet's database. It believes devices as far as their signatures go, decides by the manifest
 * that is served, and keeps what they report; people's questions come to it from the serving thread, in the words of
 * `messages.ts`.
 */
import { join } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { WebClient } from "../../artifacts/web-client.ts";
import { FleetDesk } from "../../fleet/fleet-desk.ts";
import type { FleetService } from "../../fleet/fleet-service.ts";
import { newsOfStore } from "../../fleet/news-of-store.ts";
import { rememberPolicy, type ServedPolicy } from "../../fleet/served-policy.ts";
import { openSqliteStore } from "../../fleet/store/sqlite/open-sqlite-store.ts";
import { ManifestIntake } from "../../http/manifest/manifest-intake.ts";
import type { ServedManifest } from "../../http/manifest/served-manifest.ts";
import { standingRollout } from "../../http/rollout-metrics.ts";
import { askCheck } from "../../rollout/checks/ask-check.ts";
import { RolloutLog } from "../../rollout/log-rollouts.ts";
import { RolloutLoop } from "../../rollout/rollout-loop.ts";
import { collectGarbage } from "../collect-garbage.ts";
import { FoundTenantKeys } from "../found-tenant-keys.ts";
import { sendError } from "../sent-error.ts";
import { EventBatch } from "./event-batch.ts";
import { performCall } from "./fleet-calls.ts";
import type { FleetInput, FromFleet, ToFleet } from "./messages.ts";
import { OnlineSigner } from "./online-signer.ts";
import { RegularUpkeep } from "./regular-upkeep.ts";

/** The file in the state folder; its lock is the state folder's. */
const DATABASE = "fleet.db";
/** Milliseconds in which rollouts have been looked at by a whole manifest, for which all its releases were read. */
const FIRST_LOOK_MS = 3_000;
/** A whole copy of it, of the last day. */
const BACKUP = "fleet.backup.db";

async function run(port: MessagePort, input: FleetInput): Promise<void> {
  const tell = (message: FromFleet): void => port.postMessage(message);
  const now = (): number => Math.floor(Date.now() / 1000);
  const warn = (event: string) => (message: string) => tell({ kind: "warning", event, message });

  const events = new EventBatch((some) => tell({ kind: "events", events: some }));
  const store = newsOfStore(openSqliteStore(join(input.stateFolder, DATABASE)), (event) => {
    events.add(event);
    if (event.kind === "attempt") rollouts.reported();
  });
  const tenantKeys = new FoundTenantKeys(input.stateFolder);
  const intake = new ManifestIntake((tenant) => tenantKeys.find(tenant));
  const signer = new OnlineSigner(input, warn("fleet.unsigned"));
  let served: { readonly manifest: ServedManifest; readonly policy: ServedPolicy } | undefined;
  const desk = new FleetDesk({
    store,
    policy: () => served?.policy,
    signer: () => (served === undefined ? undefined : signer.find(served.manifest)),
    tenantKey: (tenant) => tenantKeys.find(tenant),
    now,
  });
  const web = new WebClient(input.authorities);
  const lines = new RolloutLog((level, fields, text) => tell({ kind: "line", level, fields, text }));
  const rollouts = new RolloutLoop({
    store,
    publishOverlays: (overlays) => tell({ kind: "overlays", overlays }),
    ask: (check, promotion) => askCheck(web, input.checks, check, promotion),
    report: {
      changed(record) {
        lines.changed(record);
        const { product, channel, version, state } = record;
        events.add({ kind: "rollout", product, channel, version, state });
      },
      added: (overlay) => lines.added(overlay),
      ended: (overlay, why, commit) => lines.ended(overlay, why, commit),
      standing: (records) => tell({ kind: "standing", records: records.map(standingRollout) }),
      failed: (error, promotion) => lines.failed(error, promotion),
      recovered: () => lines.recovered(),
    },
    now,
  });
  const service: FleetService = {
    enrol: (request) => desk.enrol(request),
    checkIn: (request) => desk.checkIn(request),
    replaceKey: (device, request) => desk.replaceKey(device, request),
    leave: (device, request) => desk.leave(device, request),
    identify: (request) => desk.identify(request),
    store,
  };
  const upkeep = new RegularUpkeep(
    store.upkeep,
    join(input.stateFolder, BACKUP),
    now,
    warn("fleet.upkeep-failed"),
  );
  const underWay = new Set<Promise<void>>();
  const answer = async ({ id, call, args }: Extract<ToFleet, { kind: "call" }>): Promise<void> => {
    try {
      tell({ kind: "answer", id, value: await performCall(service, call, args) });
    } catch (error) {
      tell({ kind: "refusal", id, error: sendError(error) });
    }
  };
  const stop = async (): Promise<void> => {
    upkeep.stop();
    await Promise.allSettled([...underWay, rollouts.stop()]);
    web.close();
    await store.close();
    process.exit();
  };
  port.on("message", (message: ToFleet) => {
    switch (message.kind) {
      case "manifest":
        if (message.step.kind === "files") intake.add(message.step.batch);
        else {
          // Its names decide which secret is the right one: that may have been put back a moment ago.
          tenantKeys.forget();
          const manifest = intake.switchTo(message.step.head);
          served = { manifest, policy: policyOf(manifest, served?.policy) };
          const { products, tenants } = manifest.manifest;
          rollouts.takeManifest(products, tenants.formerNames);
          if (message.step.head.isWhole) setTimeout(collectGarbage, FIRST_LOOK_MS).unref();
        }
        tell({ kind: "taken" });
        break;
      case "checks":
        rollouts.takeChecks(message.checks);
        break;
      case "call": {
        const answered = answer(message).finally(() => underWay.delete(answered));
        underWay.add(answered);
        break;
      }
      case "stop":
        stop().catch(() => process.exit());
        break;
    }
  });
  upkeep.start();
  // Before anything is published, so that a lost manifest lifts no halt.
  tell({ kind: "overlays", overlays: await rollouts.readOverlays() });
  tell({ kind: "ready" });
  rollouts.start();
}

function policyOf({ manifest, metadata }: ServedManifest, before: ServedPolicy | undefined): ServedPolicy {
  const { version, products, tenants } = manifest;
  const repository = metadata.get("1.root.json")?.sha256 ?? "";
  return rememberPolicy({ repository, version, products, tenants }, before);
}

if (parentPort !== null) {
  const port = parentPort;
  await run(port, workerData).catch((error: unknown) => {
    port.postMessage({ kind: "failed", error: sendError(error) } satisfies FromFleet);
    process.exit();
  });
}
