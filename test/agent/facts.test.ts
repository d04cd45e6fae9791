import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { release, totalmem } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Agent } from "../../agent/agent.ts";
import { gatherFacts } from "../../agent/facts/gather-facts.ts";
import type { Machine } from "../../agent/facts/machine.ts";
import { thisMachine } from "../../agent/facts/this-machine.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import { describeFacts } from "../../agent/output/describe-facts.ts";
import { AGENT, runOk } from "../support/run-command.ts";
import { onSmallDisk, whyNoSmallDisk } from "../support/small-disk.ts";
import { enrolledMachine, setInConfig } from "./enrolled-machine.ts";

interface Made extends Partial<Omit<Machine, "readBeginning" | "namesIn" | "outputOf">> {
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  readonly programs?: Readonly<Record<string, string>>;
}

/** A machine of which only what is said is there; `ran` collects the programs that were started. */
function machine({ files = {}, folders = {}, programs = {}, ...rest }: Made, ran: string[] = []): Machine {
  return {
    system: "linux",
    architecture: "x64",
    kernelRelease: "6.1.0-18-amd64",
    memory: 4 * 2 ** 30,
    runningGlibc: () => undefined,
    freeBytes: () => 5 * 2 ** 30,
    readBeginning: (path) => files[path],
    namesIn: (folder) => folders[folder] ?? [],
    outputOf: async (argv) => {
      ran.push(argv.join(" "));
      return programs[argv.join(" ")];
    },
    ...rest,
  };
}

describe("what a machine is", () => {
  it("on Debian: what its files and this process say, and no program is run", async () => {
    const ran: string[] = [];
    const debian = machine(
      {
        runningGlibc: () => "2.36",
        files: {
          "/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n',
          "/proc/cpuinfo":
            "processor\t: 0\nmodel name\t: X\nflags\t\t: fpu sse4_2 avx avx2\n\nprocessor\t: 1\n",
        },
      },
      ran,
    );
    assert.deepEqual(await gatherFacts(debian, "/opt/lantern"), {
      os: "debian",
      osVersion: "12",
      glibc: "2.36",
      kernel: "6.1.0",
      cpu: ["fpu", "sse4_2", "avx", "avx2"],
      memory: 4 * 2 ** 30,
      disk: 5 * 2 ** 30,
    });
    assert.deepEqual(ran, []);
  });

  it("on Alpine: musl, as its loader says", async () => {
    const alpine = machine({
      architecture: "arm64",
      kernelRelease: "5.15.0-1-lts",
      files: {
        "/etc/os-release": "ID=alpine\nVERSION_ID=3.18.4\n",
        "/proc/cpuinfo": "Features\t: fp asimd aes\n",
      },
      folders: { "/lib": ["ld-musl-aarch64.so.1", "apk"] },
      programs: {
        "/lib/ld-musl-aarch64.so.1": "\nmusl libc (aarch64)\nVersion 1.2.4\nDynamic Program Loader\n",
      },
    });
    assert.deepEqual(await gatherFacts(alpine), {
      os: "alpine",
      osVersion: "3.18.4",
      musl: "1.2.4",
      kernel: "5.15.0",
      cpu: ["fp", "asimd", "aes"],
      memory: 4 * 2 ** 30,
    });
  });

  it("where the agent itself is static: glibc by getconf, else by ldd", async () => {
    const folders = { "/lib64": ["ld-linux-x86-64.so.2"] };
    const byGetconf = machine({ folders, programs: { "getconf GNU_LIBC_VERSION": "glibc 2.28\n\n" } });
    assert.equal((await gatherFacts(byGetconf)).glibc, "2.28");
    for (const line of ["ldd (Ubuntu GLIBC 2.31-0ubuntu9.9) 2.31", "ldd (GNU libc) 2.31"]) {
      const byLdd = machine({ folders, programs: { "ldd --version": `${line}\nCopyright (C) 2020\n` } });
      assert.equal((await gatherFacts(byLdd)).glibc, "2.31");
    }
    assert.equal(
      (await gatherFacts(machine({ programs: { "ldd --version": "ldd (GNU libc) 2.31\n" } }))).glibc,
      undefined,
    );
  });

  it("on macOS: its version and what its processor can do", async () => {
    const plist =
      "<dict><key>ProductBuildVersion</key><string>22F82</string><key>ProductVersion</key>\n\t<string>13.4.1</string></dict>";
    const arm = machine({
      system: "darwin",
      architecture: "arm64",
      kernelRelease: "22.5.0",
      files: { "/System/Library/CoreServices/SystemVersion.plist": plist },
      programs: {
        "/usr/sbin/sysctl hw.optional.arm": "hw.optional.arm.FEAT_AES: 1\nhw.optional.arm.FEAT_SME: 0\n",
      },
    });
    const { macos, os, osVersion, kernel, cpu } = await gatherFacts(arm);
    assert.deepEqual(
      [os, osVersion, macos, kernel, cpu],
      ["macos", "13.4.1", "13.4.1", "22.5.0", ["feat_aes"]],
    );
    const intel = machine({
      system: "darwin",
      programs: {
        "/usr/bin/sw_vers -productVersion": "11.7\n\n",
        "/usr/sbin/sysctl machdep.cpu.features machdep.cpu.leaf7_features":
          "machdep.cpu.features: FPU SSE4.2 AVX1.0\nmachdep.cpu.leaf7_features: AVX2 BMI1\n",
      },
    });
    const facts = await gatherFacts(intel);
    assert.deepEqual([facts.macos, facts.cpu], ["11.7", ["fpu", "sse4.2", "avx1.0", "avx2", "bmi1"]]);
  });

  it("on Windows: its build", async () => {
    const facts = await gatherFacts(machine({ system: "win32", kernelRelease: "10.0.19045" }));
    assert.deepEqual(
      [facts.os, facts.osVersion, facts.windowsBuild, facts.glibc],
      ["windows", "10.0.19045", "19045", undefined],
    );
  });

  it("is nothing that could harm who prints it, whatever its files hold", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string().map((value) => `ID=${value}\nVERSION_ID="${value}\u001b[2J"`),
      fc.string({ unit: "binary" }).map((value) => `flags : avx ${value}`),
    );
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.string({ unit: "binary" }),
        async (release_, cpuinfo, kernelRelease) => {
          const files = { "/etc/os-release": release_, "/proc/cpuinfo": cpuinfo };
          const facts = await gatherFacts(machine({ files, kernelRelease, memory: Number.NaN }));
          assert.match(describeFacts(facts), /^[\x20-\x7e]*$/);
          for (const value of Object.values(facts).flat())
            assert.match(String(value), /^[\x21-\x7e][\x20-\x7e]{0,63}$/);
          assert.equal(facts.memory, undefined);
        },
      ),
    );
  });

  it("has neither a libc nor a processor where nothing says so", async () => {
    assert.deepEqual(Object.keys(await gatherFacts(machine({ files: {} }))).sort(), ["kernel", "memory"]);
  });
});

describe("a machine with several disks", () => {
  it("has as much space as the least that one of its products has, as far as anybody knows", async () => {
    const free: Readonly<Record<string, number>> = { "/opt/lantern": 5 * 2 ** 30, "/srv/beacon": 4096 };
    const two = machine({ freeBytes: (path) => free[path] });
    assert.equal((await gatherFacts(two, "/opt/lantern", "/srv/beacon")).disk, 4096);
    assert.equal((await gatherFacts(two, "/mnt/gone", "/opt/lantern")).disk, 5 * 2 ** 30);
    assert.equal((await gatherFacts(two, "/mnt/gone")).disk, undefined);
  });

  it("shows and reports the full one, whichever product comes first", async (t) => {
    const reason = await whyNoSmallDisk();
    if (reason !== undefined) return t.skip(reason);
    const { machine: enrolled } = await enrolledMachine(t);
    const folder = join(enrolled.directory, "small");
    mkdirSync(folder);
    setInConfig(enrolled, "products:", "  beacon:", `    install_path: ${join(folder, "beacon")}`);
    const ask = [process.execPath, AGENT, "facts", "--json", "--home", enrolled.home];
    const [shell = "", ...args] = onSmallDisk({ size: "256k", folder, content: "empty" }, ask);
    const { disk } = JSON.parse(await runOk(shell, args));
    assert.equal(disk, 256 * 1024);
    assert.ok(JSON.parse(await runOk(process.execPath, ask.slice(1))).disk > 256 * 1024);
    // What check-ins tell.
    const described = machine({ freeBytes: (path) => (path.startsWith(folder) ? 1 : 2) });
    const agent = await Agent.open(agentHome(enrolled.home, {}), { machine: described });
    assert.equal((await agent.facts()).disk, 1);
  });
});

describe("this very machine", () => {
  it("is read as its own tools read it", async () => {
    const facts = await gatherFacts(thisMachine(), "/a/path/that/is/not/there/yet");
    assert.equal(facts.memory, totalmem());
    assert.ok(facts.kernel !== undefined && release().startsWith(facts.kernel));
    assert.ok((facts.disk ?? -1) > 0);
    if (process.platform !== "linux") return;
    const glibc = execFileSync("getconf", ["GNU_LIBC_VERSION"], { encoding: "utf8" }).trim();
    assert.equal(`glibc ${facts.glibc}`, glibc);
    assert.ok((facts.cpu?.length ?? 0) > 5);
  });

  it("answers from programs once, and knows no program that is not there", async () => {
    const here = thisMachine();
    const [first, second] = [here.outputOf(["date", "+%N"]), here.outputOf(["date", "+%N"])];
    assert.equal(await first, await second);
    assert.equal(await here.outputOf(["/no/such/program"]), undefined);
    assert.equal(here.readBeginning("/no/such/file"), undefined);
    assert.equal(here.readBeginning("/"), undefined);
    assert.equal(here.readBeginning("/dev/zero")?.length, 64 * 1024);
  });
});
