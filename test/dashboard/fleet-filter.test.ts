import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  chipsOf,
  filterQuery,
  fleetAddress,
  LISTED_KEYS,
  readFilter,
  searched,
  sortedBy,
  toggled,
  toggledProduct,
  wholeFilter,
  writeFilter,
} from "../../dashboard/fleet/fleet-filter.ts";

const read = (search: string) => readFilter(new URLSearchParams(search));

test("a filter is an address: what is written is read again, and reading and writing change nothing", () => {
  const words = fc
    .stringMatching(/^[a-z0-9<&=%#+./ ]{1,8}$/)
    .filter((word) => word.trim() === word && word !== "");
  const lists = fc.dictionary(
    fc.constantFrom(...LISTED_KEYS.filter((key) => key !== "state")),
    fc.uniqueArray(words, { minLength: 1, maxLength: 3 }),
  );
  fc.assert(
    fc.property(lists, fc.option(words), fc.option(words), (given, product, search) => {
      const filter = {
        lists: { ...given, state: ["failed", "silent"] },
        ...(product === null ? {} : { product }),
        ...(search === null ? {} : { search }),
        sort: "-seen" as const,
      };
      const address = writeFilter(filter).toString();
      assert.deepEqual(read(address), filter);
      assert.equal(writeFilter(read(address)).toString(), address);
    }),
  );
});

test("what an address says that means nothing is passed over", () => {
  assert.deepEqual(read("state=lost&state=failed&colour=red&site=&sort=size&site=oslo&site=oslo"), {
    lists: { state: ["failed"], site: ["oslo"] },
  });
  assert.deepEqual(read("sort=-version"), { lists: {} }, "versions are of a product");
  assert.equal(read("sort=-version&product=agent").sort, "-version");
  assert.equal(fleetAddress(read("")), "/fleet");
});

test("a press on a facet adds a value or drops it, and one of another product begins anew with that product", () => {
  const one = toggled(read("tenant=acme"), "site", "oslo");
  assert.equal(fleetAddress(one), "/fleet?tenant=acme&site=oslo");
  assert.equal(fleetAddress(toggled(one, "site", "rome")), "/fleet?tenant=acme&site=oslo&site=rome");
  assert.equal(fleetAddress(toggled(one, "site", "oslo")), "/fleet?tenant=acme");
  const version = toggled(one, "version", "1.4.1", "agent");
  assert.equal(fleetAddress(version), "/fleet?tenant=acme&site=oslo&version=1.4.1&product=agent");
  assert.equal(
    fleetAddress(toggled(version, "version", "1.4.0", "agent")),
    "/fleet?tenant=acme&site=oslo&version=1.4.1&version=1.4.0&product=agent",
  );
  assert.equal(
    fleetAddress(toggled(version, "channel", "beta", "edge")),
    "/fleet?tenant=acme&site=oslo&channel=beta&product=edge",
  );
  assert.equal(fleetAddress(toggledProduct(version, "agent")), "/fleet?tenant=acme&site=oslo");
});

test("each chip says what it asks for, and leads to the same without it", () => {
  const filter = read(
    "search=d-1&version=%3C1.4.1&product=agent&state=refused&label=ring%3Dcanary&sort=-version",
  );
  assert.deepEqual(
    chipsOf(filter).map(({ name, value, without }) => [name, value, fleetAddress(without)]),
    [
      [
        "search",
        "d-1",
        "/fleet?state=refused&version=%3C1.4.1&product=agent&label=ring%3Dcanary&sort=-version",
      ],
      ["product", "agent", "/fleet?search=d-1&state=refused&label=ring%3Dcanary"],
      [
        "state",
        "Below minimum",
        "/fleet?search=d-1&version=%3C1.4.1&product=agent&label=ring%3Dcanary&sort=-version",
      ],
      [
        "version",
        "below 1.4.1",
        "/fleet?search=d-1&state=refused&product=agent&label=ring%3Dcanary&sort=-version",
      ],
      [
        "label",
        "ring=canary",
        "/fleet?search=d-1&state=refused&version=%3C1.4.1&product=agent&sort=-version",
      ],
    ],
  );
});

test("a press on a head asks for the useful end, then the other, then for no order", () => {
  const orders = ["seen", "state"] as const;
  for (const by of orders) {
    const first = sortedBy(read(""), by);
    const second = sortedBy(first, by);
    assert.deepEqual([first.sort, second.sort, sortedBy(second, by).sort], [`-${by}`, by, undefined]);
  }
});

test("the API is asked for what the address says, and everything is asked for by its states", () => {
  assert.deepEqual(filterQuery(searched(read("tenant=acme&cause=disk-full&cause=%22x&sort=seen"), " d-1 ")), {
    tenant: ["acme"],
    cause: ["disk-full"],
    search: "d-1",
  });
  assert.equal(wholeFilter(read("")).state?.length, 8);
  assert.deepEqual(wholeFilter(read("site=oslo")), { site: ["oslo"] });
});
