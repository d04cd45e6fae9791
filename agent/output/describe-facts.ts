import { formatByteSize } from "../../protocol/byte-size.ts";
import type { Facts } from "../../protocol/requirements.ts";

/** What a machine is, one fact a line, without the features of its processor: those are many. */
export function factLines(facts: Facts): readonly (readonly [name: string, value: string])[] {
  const { os, osVersion = "", glibc, musl, kernel, macos, windowsBuild, cpu, memory, disk } = facts;
  const lines: [string, string | undefined][] = [
    ["os", os === undefined ? undefined : `${os} ${osVersion}`.trim()],
    ["glibc", glibc],
    ["musl", musl],
    ["kernel", kernel],
    ["macos", macos],
    ["windowsBuild", windowsBuild],
    ["cpu", cpu === undefined ? undefined : `${cpu.length} features`],
    ["memory", memory === undefined ? undefined : formatByteSize(memory)],
    ["disk", disk === undefined ? undefined : `${formatByteSize(disk)} free`],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** The same in one line. */
export function describeFacts(facts: Facts): string {
  const said = factLines(facts).map(([name, value]) => (name === "os" ? value : `${name} ${value}`));
  return said.length === 0 ? "nothing is known" : said.join(", ");
}
