import { formatCount, plural } from "./format-count.ts";
import type { PlannedInventory, PlannedMisfit } from "./plan.ts";

/** `312 machines cannot take 2.0.0: glibc 2.31 < 2.34; 300 run 1.9.0, 12 run nothing instead` */
export function describeMisfit(
  { target, version, cause, devices, instead }: PlannedMisfit,
  kind: PlannedInventory["kind"],
): string {
  const who = plural(devices, kind === "devices" ? "machine" : "scope");
  const step = version === target ? "" : `${version} on the way there: `;
  const gets = instead.map((entry) => `${formatCount(entry.devices)} run ${entry.version ?? "nothing"}`);
  return `${who} cannot take ${target}: ${step}${cause}; ${gets.join(", ")} instead`;
}
