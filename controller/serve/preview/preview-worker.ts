/**
 * The thread that reads git for people: history, plans of branches, and changes that somebody asks for as a commit. It is
 * started when somebody asks, answers one question at a time, and ends when nobody has asked for a while; nothing of the
 * fleet depends on it.
 */
import { join } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { inventoryOf, isGone } from "../../fleet/inventory-of-device.ts";
import type { DeviceRecord } from "../../fleet/store/records.ts";
import type { InventoryRecord } from "../../inventory/inventory-record.ts";
import { CommitRecords, commitRecordsFile } from "../../preview/commit-records.ts";
import type { CountedFleet } from "../../preview/counted-fleet.ts";
import { Previewer } from "../../preview/previewer.ts";
import { BranchReader } from "../../source/branch-reader.ts";
import { BranchWriter } from "../../source/branch-writer.ts";
import { watchProcessGroups } from "../../source/process-group.ts";
import { giveWay } from "../give-way.ts";
import { sendError } from "../sent-error.ts";
import type { FromPreview, PreviewInput, ToPreview } from "./messages.ts";

type DevicePage = Extract<ToPreview, { kind: "devices" }>["page"];

/** What the fleet runs, as the serving thread hands it over, page by page. */
class FleetAtServing {
  private readonly ask: (after: string | undefined) => void;
  private answered = Promise.withResolvers<DevicePage>();
  private last: CountedFleet | undefined;

  constructor(ask: (after: string | undefined) => void) {
    this.ask = ask;
  }

  take(page: DevicePage): void {
    this.answered.resolve(page);
  }

  async count(maxAge: number): Promise<CountedFleet> {
    const now = Math.floor(Date.now() / 1000);
    if (this.last !== undefined && Math.abs(now - this.last.at) < maxAge) return this.last;
    const records: InventoryRecord[] = [];
    let after: string | undefined;
    do {
      this.answered = Promise.withResolvers();
      this.ask(after);
      const page = await this.answered.promise;
      for (const device of page?.rows ?? []) addTo(records, device, now);
      after = page?.next;
    } while (after !== undefined);
    this.last = { records: records.length === 0 ? undefined : records, at: now };
    return this.last;
  }
}

function addTo(records: InventoryRecord[], device: DeviceRecord, now: number): void {
  if (!isGone(device, now)) records.push(...inventoryOf(device));
}

async function run(port: MessagePort, input: PreviewInput): Promise<void> {
  const tell = (message: FromPreview): void => port.postMessage(message);
  watchProcessGroups((pid, isRunning) => tell({ kind: "process", pid, isRunning }));
  const fleet = new FleetAtServing((after) =>
    tell({ kind: "ask-devices", ...(after === undefined ? {} : { after }) }),
  );
  const { source, stateFolder, committer } = input;
  const { location, ref, path, access, mirrorsFolder, fetchDeadlineMs: deadlineMs } = source;
  const folder = join(stateFolder, "preview");
  // What is asked while it is being opened waits for it.
  const opened = BranchReader.open({
    ...{ location, ref, access, mirrorsFolder, deadlineMs },
    folder: join(folder, "mirrors"),
  }).then((branches) => {
    const workshop = join(folder, "workshop");
    const { repository } = branches;
    const writer = new BranchWriter({ location, repository, folder: workshop, access, deadlineMs });
    const records = new CommitRecords(commitRecordsFile(stateFolder));
    const count = (maxAge: number) => fleet.count(maxAge);
    return {
      branches,
      writer,
      previewer: new Previewer({ branches, writer, records, path, committer, fleet: count }),
    };
  });
  opened.catch((error: unknown) => {
    tell({ kind: "failed", error: sendError(error) });
    process.exit();
  });
  const answer = async ({ id, method, args }: Extract<ToPreview, { kind: "call" }>): Promise<void> => {
    const { previewer } = await opened;
    try {
      const target: unknown = Reflect.get(previewer, method);
      if (typeof target !== "function") throw new TypeError(`there is no call ${method}`);
      tell({ kind: "answer", id, value: await Reflect.apply(target, previewer, args) });
    } catch (error) {
      tell({ kind: "refusal", id, error: sendError(error) });
    }
  };
  port.on("message", (message: ToPreview) => {
    switch (message.kind) {
      case "call":
        void answer(message);
        break;
      case "devices":
        fleet.take(message.page);
        break;
      case "stop":
        opened.then(
          ({ branches, writer }) => {
            writer.close();
            branches.close();
            process.exit();
          },
          () => process.exit(),
        );
        break;
    }
  });
  await opened;
}

if (parentPort !== null) {
  giveWay();
  await run(parentPort, workerData).catch(() => undefined);
}
