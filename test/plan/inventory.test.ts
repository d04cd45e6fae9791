import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { csvRows } from "../../controller/inventory/csv-rows.ts";
import { InventoryError, type InventoryErrorCode } from "../../controller/inventory/inventory-error.ts";
import {
  type InventoryFormat,
  readInventory,
  readInventoryText,
} from "../../controller/inventory/read-inventory.ts";

const RECORDS = [
  {
    device: "d-1",
    platform: "linux-x64",
    tenant: "acme",
    site: "berlin",
    product: "agent",
    installed: "1.4.0",
  },
  { device: "d-2", platform: "linux-arm64", product: "agent", installed: null, channel: "beta" },
  {
    device: "d-3",
    platform: "linux-x64",
    product: "agent",
    installed: "1.4.0",
    newestConfirmed: "1.5.0",
    lastSeen: 1_795_132_800,
    outcome: "failed",
  },
  {
    device: "d-4",
    platform: "linux-x64",
    product: "agent",
    format: "deb",
    installed: "1.4.0",
    labels: { ring: "canary", room: "4.17" },
    facts: { glibc: "2.31", cpu: ["avx", "avx2"], memory: 2_147_483_648 },
  },
];
const WRITTEN = RECORDS.map(({ lastSeen, ...rest }) =>
  lastSeen === undefined ? rest : { ...rest, lastSeen: "2026-11-20T00:00:00Z" },
);
const CSV = [
  "device,platform,tenant,site,product,format,installed,channel,lastSeen,outcome,newestConfirmed,labels.ring,facts.glibc,labels.room,facts.cpu,facts.memory",
  "d-1,linux-x64,acme,berlin,agent,,1.4.0,,,,,,,,,",
  '"d-2",linux-arm64,,,agent,,,beta,,,,,,,,',
  "",
  "d-3,linux-x64,,,agent,,1.4.0,,2026-11-20T00:00:00Z,failed,1.5.0,,,,,",
  "d-4,linux-x64,,,agent,deb,1.4.0,,,,,canary,2.31,4.17,avx avx2,2147483648",
];

async function refuses(code: InventoryErrorCode, message: RegExp, format: InventoryFormat, text: string) {
  await assert.rejects(readInventoryText([text], format, "fleet"), (error) => {
    assert.ok(error instanceof InventoryError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

describe("an inventory", () => {
  it("says the same in all three formats, however the text arrives", async () => {
    const texts: [InventoryFormat, string][] = [
      ["json", JSON.stringify(WRITTEN)],
      ["ndjson", `${WRITTEN.map((record) => JSON.stringify(record)).join("\n")}\n`],
      ["csv", CSV.join("\r\n")],
      ["csv", `\ufeff${CSV.join("\n")}\n`],
    ];
    for (const [format, text] of texts) {
      assert.deepEqual(await readInventoryText([text], format, "fleet"), RECORDS, format);
      assert.deepEqual(await readInventoryText([...text], format, "fleet"), RECORDS, `${format}, split`);
    }
  });

  it("is read from a file whose extension tells the format", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-inventory-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "fleet.csv");
    await writeFile(file, CSV.join("\n"));
    assert.deepEqual(await readInventory(file), RECORDS);
    const code = (wanted: string) => (error: unknown) =>
      error instanceof InventoryError && error.code === wanted;
    await assert.rejects(readInventory(join(folder, "fleet.ndjson")), code("inventory/not-found"));
    await assert.rejects(readInventory(join(folder, "fleet.xlsx")), code("inventory/unknown-format"));
    await assert.rejects(readInventory(folder), code("inventory/unknown-format"));
  });

  it("names file, line and field of what is wrong", async () => {
    const line = (record: object) => `${JSON.stringify(WRITTEN[0])}\n${JSON.stringify(record)}\n`;
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `platform` is missing$/,
      "ndjson",
      line({ device: "d-9", product: "agent" }),
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `colour` is not a field/,
      "ndjson",
      line({ ...WRITTEN[1], colour: "red" }),
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `device` is not written/,
      "ndjson",
      line({ ...WRITTEN[1], device: "../x" }),
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `installed` has the wrong type/,
      "ndjson",
      line({ ...WRITTEN[1], installed: 1.4 }),
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `d-1` has a record for agent already/,
      "ndjson",
      line(WRITTEN[0] ?? {}),
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `lastSeen` is no time/,
      "ndjson",
      line({ ...WRITTEN[1], lastSeen: "2026-99-20T00:00:00Z" }),
    );
    await refuses("inventory/bad-record", /^fleet:1: this is not JSON/, "ndjson", "{");
    await refuses("inventory/bad-record", /^fleet: expected an array/, "json", "{}");
    await refuses("inventory/bad-record", /^fleet:1: `serial` is not a field/, "csv", "device,serial\n");
    for (const column of ["facts", "labels", "facts.gpu", "facts.", "facts.glibc.x"]) {
      const message = new RegExp(`^fleet:1: \`${column}\` is not a field of a record`);
      await refuses("inventory/bad-record", message, "csv", `device,${column}\n`);
    }
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `facts\.memory` has the wrong type/,
      "csv",
      "device,platform,product,facts.memory\nd-1,linux-x64,agent,2GiB\n",
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `gpu` is not a field of facts/,
      "ndjson",
      line({ ...WRITTEN[1], facts: { gpu: "big" } }),
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: `labels` is not written as it should be/,
      "csv",
      "device,platform,product,labels.__proto__\nd-1,linux-x64,agent,x\n",
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:1: the column `device` is there twice/,
      "csv",
      "device,device\n",
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: expected 2 cells, got 1/,
      "csv",
      "device,platform\nd-1\n",
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: a quote is never closed/,
      "csv",
      'device,platform\n"d-1,linux-x64\n',
    );
    await refuses(
      "inventory/bad-record",
      /^fleet:2: text after a closing quote/,
      "csv",
      'device,platform\n"d"1,linux-x64\n',
    );
  });

  it("holds no more than a line of a hostile file in memory", async () => {
    let given = 0;
    const endless = function* (piece: string) {
      for (; given < 100; given++) yield piece;
    };
    await assert.rejects(readInventoryText(endless("x".repeat(4096)), "ndjson", "fleet"), /longer than/);
    assert.ok(given < 10, `${given} pieces were read`);
    for (const piece of ["x", ",", '"', "\r"]) {
      given = 0;
      await assert.rejects(
        readInventoryText(endless(piece.repeat(4096)), "csv", "fleet"),
        /^InventoryError: fleet:1: a row is longer than/,
        JSON.stringify(piece),
      );
      assert.ok(given < 10, `${given} pieces were read`);
    }
  });

  it("counts the lines of cells that hold line breaks, and of blank lines, in what it says of CSV", async () => {
    const text = 'device,product\r\n"d-1\r\n",agent\r\n\r\n';
    const record = "platform,device,product\nlinux-x64,d-1,agent\n\n";
    await refuses(
      "inventory/bad-record",
      /^fleet:4: `device` is not written/,
      "csv",
      `${record}linux-x64,"d\n2",agent`,
    );
    const rows: [number, number][] = [];
    for await (const { line, cells } of csvRows([`${text}"d\n\n",x\ny,z`], 100))
      rows.push([line, cells.length]);
    assert.deepEqual(rows, [
      [1, 2],
      [2, 2],
      [5, 2],
      [8, 2],
    ]);
  });

  it("says what is wrong first, also where CSV that cannot be read follows", async () => {
    const text = 'device,platform,product\nd-1,linux-x64,agent\n../x,linux-x64,agent\nd"2,linux-x64,agent\n';
    await refuses("inventory/bad-record", /^fleet:3: `device` is not written/, "csv", text);
    await refuses(
      "inventory/bad-record",
      /^fleet:4: a quote in the middle of a cell/,
      "csv",
      text.replace("../x", "d-3"),
    );
  });

  it("reads back any cells that were quoted as CSV has it", async () => {
    const row = fc.array(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "é", "😀") }), {
      minLength: 2,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        async (rows, size) => {
          const text = rows
            .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
            .join("\n");
          const letters = [...text];
          const pieces = Array.from({ length: Math.ceil(letters.length / size) }, (_, i) =>
            letters.slice(i * size, (i + 1) * size).join(""),
          );
          const read: (readonly string[])[] = [];
          for await (const { cells } of csvRows(pieces, 10_000)) read.push(cells);
          assert.deepEqual(read, rows);
        },
      ),
    );
  });
});
