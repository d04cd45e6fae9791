import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { FleetStore } from "../../../controller/fleet/store/fleet-store.ts";
import { openSqliteStore } from "../../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { censusSuite } from "./census-suite.ts";
import { storeSuite } from "./store-suite.ts";
import { tallySuite } from "./tally-suite.ts";

async function open(context: TestContext): Promise<FleetStore> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-store-"));
  const store = openSqliteStore(join(folder, "fleet.db"));
  context.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  return store;
}

storeSuite("SQLite", open);
tallySuite(open);
censusSuite(open);
