import type { Facts } from "../../protocol/requirements.ts";
import type { Machine } from "./machine.ts";

/** Facts of Windows: its kernel's version ends in the build. No file says what the processor can do. */
export function windowsFacts({ kernelRelease }: Machine): Facts {
  const [version, build] = /^\d+\.\d+\.(\d+)/.exec(kernelRelease) ?? [];
  return {
    os: "windows",
    ...(version === undefined || build === undefined ? {} : { osVersion: version, windowsBuild: build }),
  };
}
