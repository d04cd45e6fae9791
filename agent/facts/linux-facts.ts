import type { Facts } from "../../protocol/requirements.ts";
import type { Machine } from "./machine.ts";

/** Facts of Linux, and of other systems that have the same files. */
export async function linuxFacts(machine: Machine): Promise<Facts> {
  const release = readOsRelease(machine);
  const [glibc, musl] = await Promise.all([glibcVersion(machine), muslVersion(machine)]);
  const cpu = cpuFeatures(machine.readBeginning("/proc/cpuinfo") ?? "");
  return {
    ...defined({ os: release.get("ID"), osVersion: release.get("VERSION_ID"), glibc, musl }),
    ...(cpu === undefined ? {} : { cpu }),
  };
}

function defined(facts: { readonly [K in keyof Facts]: Facts[K] | undefined }): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** os-release(5): assignments as a shell reads them. `ID` is `linux` where the file says none. */
function readOsRelease(machine: Machine): ReadonlyMap<string, string> {
  const text = machine.readBeginning("/etc/os-release") ?? machine.readBeginning("/usr/lib/os-release");
  if (text === undefined) return new Map();
  const said = new Map([["ID", "linux"]]);
  for (const line of text.split("\n")) {
    const [, name, quoted = ""] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
    if (name === undefined) continue;
    said.set(name, quoted.replace(/^(["'])(.*)\1$/, "$2").replace(/\\(["$`\\])/g, "$1"));
  }
  return said;
}

/**
 * The library that this process runs on tells at once. A process that is linked to another one, or to none, asks the
 * programs that come with it, where its loader is on the machine at all.
 */
async function glibcVersion(machine: Machine): Promise<string | undefined> {
  const running = machine.runningGlibc();
  if (running !== undefined) return running;
  const loaders = ["/lib64", "/lib"].flatMap((folder) => machine.namesIn(folder));
  if (!loaders.some((name) => /^(ld-linux.*|ld64|ld)\.so\.\d$/.test(name))) return undefined;
  const told = await machine.outputOf(["getconf", "GNU_LIBC_VERSION"]);
  const version = /^glibc (\d+(?:\.\d+)+)\s*$/m.exec(told ?? "")?.[1];
  if (version !== undefined) return version;
  const ldd = await machine.outputOf(["ldd", "--version"]);
  return /^ldd \((?:.*GLIBC.*|GNU libc)\) (\d+(?:\.\d+)+)\s*$/m.exec(ldd ?? "")?.[1];
}

/** musl's names of processors. */
const MUSL_PROCESSORS: Readonly<Record<string, RegExp>> = {
  arm: /^ld-musl-arm(hf)?\.so\.1$/,
  arm64: /^ld-musl-aarch64\.so\.1$/,
  ia32: /^ld-musl-i386\.so\.1$/,
  loong64: /^ld-musl-loongarch64\.so\.1$/,
  ppc64: /^ld-musl-powerpc64(le)?\.so\.1$/,
  riscv64: /^ld-musl-riscv64\.so\.1$/,
  s390x: /^ld-musl-s390x\.so\.1$/,
  x64: /^ld-musl-x86_64\.so\.1$/,
};

/** Its loader says its version where it is started without a program. */
async function muslVersion(machine: Machine): Promise<string | undefined> {
  const { architecture } = machine;
  if (!Object.hasOwn(MUSL_PROCESSORS, architecture)) return undefined;
  const loader = machine.namesIn("/lib").find((name) => MUSL_PROCESSORS[architecture]?.test(name));
  if (loader === undefined) return undefined;
  const told = await machine.outputOf([`/lib/${loader}`]);
  return /^musl libc.*\nVersion (\d+(?:\.\d+)+)/m.exec(told ?? "")?.[1];
}

/** The first processor's: the kernel shows of each what all of them can do. */
function cpuFeatures(cpuinfo: string): readonly string[] | undefined {
  return /^(?:flags|features)\s*:(.*)$/im.exec(cpuinfo)?.[1]?.trim().split(/\s+/);
}
