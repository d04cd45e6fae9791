import type { Facts } from "../../protocol/requirements.ts";
import type { Machine } from "./machine.ts";

const SYSTEM_VERSION = "/System/Library/CoreServices/SystemVersion.plist";

/** Facts of macOS. */
export async function macosFacts(machine: Machine): Promise<Facts> {
  const macos = versionIn(machine.readBeginning(SYSTEM_VERSION)) ?? (await toldVersion(machine));
  const cpu = await cpuFeatures(machine);
  return {
    os: "macos",
    ...(macos === undefined ? {} : { osVersion: macos, macos }),
    ...(cpu.length === 0 ? {} : { cpu }),
  };
}

function versionIn(propertyList: string | undefined): string | undefined {
  return /<key>ProductVersion<\/key>\s*<string>(\d+(?:\.\d+)*)<\/string>/.exec(propertyList ?? "")?.[1];
}

async function toldVersion(machine: Machine): Promise<string | undefined> {
  const told = await machine.outputOf(["/usr/bin/sw_vers", "-productVersion"]);
  return /^(\d+(?:\.\d+)*)\s*$/m.exec(told ?? "")?.[1];
}

/** Intel's are two lists of names; Arm's are one switch each: `hw.optional.arm.FEAT_AES: 1`. */
async function cpuFeatures(machine: Machine): Promise<string[]> {
  if (machine.architecture === "arm64") {
    const told = (await machine.outputOf(["/usr/sbin/sysctl", "hw.optional.arm"])) ?? "";
    return [...told.matchAll(/^hw\.optional\.arm\.(\w+): 1$/gm)].map(([, name = ""]) => name);
  }
  const names = ["machdep.cpu.features", "machdep.cpu.leaf7_features"];
  const told = (await machine.outputOf(["/usr/sbin/sysctl", ...names])) ?? "";
  return [...told.matchAll(/^machdep\.cpu\.\w*features: (.*)$/gm)].flatMap(([, list = ""]) =>
    list.trim().split(/\s+/),
  );
}
