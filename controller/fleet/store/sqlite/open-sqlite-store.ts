import type { CheckInRecord, CheckInResult, FleetStore } from "../fleet-store.ts";
import { Database } from "./database.ts";
import { GroupCommit, type GroupCommitOptions } from "./group-commit.ts";
import { recordCheckIn } from "./record-check-in.ts";
import { SqliteAttempts } from "./sqlite-attempts.ts";
import { SqliteAudit } from "./sqlite-audit.ts";
import { SqliteDevices } from "./sqlite-devices.ts";
import { SqlitePeople } from "./sqlite-people.ts";
import { SqliteRequests } from "./sqlite-requests.ts";
import { SqliteRollouts } from "./sqlite-rollouts.ts";
import { SqliteSummary } from "./sqlite-summary.ts";
import { SqliteTokens } from "./sqlite-tokens.ts";
import { SqliteUpkeep } from "./sqlite-upkeep.ts";

export interface SqliteStoreOptions {
  /** How check-ins share transactions; absent: up to 256 of them, waiting at most two milliseconds. */
  readonly group?: GroupCommitOptions;
}

const GROUP: GroupCommitOptions = { most: 256, wait: 2 };

/**
 * Opens the fleet's store in a file, and makes the file where there is none. Each call holds up its thread until it is
 * on the disk, so the store belongs into a thread that has nothing else to answer.
 *
 * @throws StoreError `store/damaged`, `store/disk-full`, `store/io-error`, `store/locked`, `store/not-permitted`,
 *   `store/too-new`
 */
export function openSqliteStore(path: string, { group = GROUP }: SqliteStoreOptions = {}): FleetStore {
  const database = Database.open(path);
  const checkIns = new GroupCommit<CheckInRecord, CheckInResult>(
    database,
    (record) => recordCheckIn(database, record),
    group,
  );
  return {
    devices: new SqliteDevices(database),
    checkIns: { record: (record) => checkIns.add(record) },
    attempts: new SqliteAttempts(database),
    rollouts: new SqliteRollouts(database),
    requests: new SqliteRequests(database),
    tokens: new SqliteTokens(database),
    people: new SqlitePeople(database),
    audit: new SqliteAudit(database),
    summary: new SqliteSummary(database),
    upkeep: new SqliteUpkeep(database),
    close: async () => {
      checkIns.commit();
      database.close();
    },
  };
}
