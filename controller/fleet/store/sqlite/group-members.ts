import { isMatchedByRange, liesInRange, matchedFact } from "../../../../protocol/match-device.ts";
import type { GroupMembers } from "../fleet-store.ts";
import { text } from "./columns.ts";
import type { Database } from "./database.ts";
import { allOf, anyOf, type SqlPart } from "./sql-part.ts";

/** Facts that a machine may be asked about, as its record has them. */
const FACT = /^[A-Za-z]{1,40}$/;

/** Whether a device `d` of the group's tenant is in the group, as `groupsOf` of the protocol has it. */
export function membersCondition({ devices, match }: Pick<GroupMembers, "devices" | "match">): SqlPart {
  const listed: SqlPart = {
    sql: "+d.id IN (SELECT value FROM json_each(?))",
    parameters: [JSON.stringify(devices)],
  };
  if (match === undefined) return listed;
  const conditions = Object.entries(match).map(([key, values]) => matchCondition(key, values));
  return anyOf(devices.length === 0 ? [allOf(conditions)] : [listed, allOf(conditions)]);
}

function matchCondition(key: string, values: readonly string[]): SqlPart {
  const wanted = JSON.stringify(values);
  const fact = matchedFact(key);
  if (fact === undefined) {
    return {
      sql: `EXISTS (SELECT 1 FROM device_label m WHERE m.device = d.number AND m.name = ?
              AND m.value IN (SELECT value FROM json_each(?)))`,
      parameters: [key, wanted],
    };
  }
  if (!FACT.test(fact)) return { sql: "FALSE", parameters: [] };
  if (fact === "platform") {
    return { sql: "+d.platform IN (SELECT value FROM json_each(?))", parameters: [wanted] };
  }
  if (fact === "cpu") {
    return {
      sql: `EXISTS (SELECT 1 FROM json_each(d.facts, '$.cpu') f WHERE f.value IN (SELECT value FROM json_each(?)))`,
      parameters: [wanted],
    };
  }
  // What is counted, such as memory, is no text, and matches nothing.
  return {
    sql: `(typeof(d.facts ->> '$.${fact}') = 'text'
           AND d.facts ->> '$.${fact}' IN (SELECT value FROM json_each(?)))`,
    parameters: [wanted],
  };
}

/**
 * Ranges of facts as the values that lie in them: what machines have is few values, and SQL knows no ranges of versions.
 */
export function withoutRanges(database: Database, groups: readonly GroupMembers[]): readonly GroupMembers[] {
  const known = new Map<string, readonly string[]>();
  const valuesOf = (fact: string): readonly string[] => {
    const values =
      known.get(fact) ??
      database
        .all(
          `SELECT DISTINCT facts ->> '$.${fact}' AS value FROM device
           WHERE typeof(facts ->> '$.${fact}') = 'text'`,
        )
        .map((row) => text(row, "value"));
    known.set(fact, values);
    return values;
  };
  return groups.map((group) => {
    if (group.match === undefined) return group;
    const match = Object.entries(group.match).map(([key, wanted]): [string, readonly string[]] => {
      const fact = matchedFact(key);
      if (fact === undefined || !FACT.test(fact) || !isMatchedByRange(fact)) return [key, wanted];
      return [key, valuesOf(fact).filter((value) => wanted.some((range) => liesInRange(value, range)))];
    });
    return { ...group, match: Object.fromEntries(match) };
  });
}
