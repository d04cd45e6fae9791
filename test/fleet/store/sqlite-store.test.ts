import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../../controller/fleet/store/sqlite/open-sqlite-store.ts";
import { storeSuite } from "./store-suite.ts";

storeSuite("SQLite", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-store-"));
  const store = openSqliteStore(join(folder, "fleet.db"));
  context.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  return store;
});
