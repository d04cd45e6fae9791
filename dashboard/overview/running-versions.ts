import type { RunningVersions } from "../api/types.ts";

/** Which blue a version has: what channels point to is strongest, and older ones fade. */
export type VersionShade = "v1" | "v2" | "v3" | "v4";

export interface VersionLine {
  readonly version: string;
  readonly machines: number;
  /** Parts per million. */
  readonly share: number;
  readonly note: string;
  readonly shade: VersionShade | "warn-fill";
  /** Pixels. */
  readonly length: number;
}

const SHADES = ["v2", "v3", "v4"] as const;

/** The lines of the list, with bars that can be compared: the longest is that of most machines. */
export function versionLines({ versions }: RunningVersions, width: number): VersionLine[] {
  const most = Math.max(...versions.map(({ machines }) => machines), 1);
  let passed = 0;
  return versions.map(({ version, machines, share, channels, belowMinimum }) => {
    const isBelow = belowMinimum > 0 && belowMinimum === machines;
    const isPointedTo = channels.length > 0;
    const shade = isBelow
      ? "warn-fill"
      : isPointedTo
        ? "v1"
        : (SHADES[Math.min(passed++, SHADES.length - 1)] ?? "v4");
    return {
      ...{ version, machines, share, shade },
      note: noteOf(channels, belowMinimum, machines),
      length: machines === 0 ? 0 : Math.max(1, Math.round((machines * width) / most)),
    };
  });
}

function noteOf(channels: readonly string[], belowMinimum: number, machines: number): string {
  const pointing =
    channels.length > 3
      ? `${channels.slice(0, 2).join(", ")} and ${channels.length - 2} more`
      : channels.join(", ");
  if (belowMinimum === 0) return pointing;
  const below = belowMinimum === machines ? "below the minimum" : `${belowMinimum} below the minimum`;
  return [pointing, below].filter((part) => part !== "").join("; ");
}
