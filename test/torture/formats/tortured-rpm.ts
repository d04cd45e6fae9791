import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROGRAM } from "../../agent/packages/made-package.ts";
import { ask, type PackageKind, packageFormat } from "./tortured-package.ts";

const ARCHITECTURE = process.arch === "arm64" ? "aarch64" : "x86_64";
/** Debian's rpm would have it in root's home, and this folder is the machine's own. */
const DATABASE = "/var/log/rpm";

const kind: PackageKind = {
  name: "rpm",
  tool: {
    program: "/usr/bin/rpm",
    changes: ["--upgrade", "--erase"],
    rehearses: "--test",
    async prepare(machine) {
      writeFileSync(machine.place("/etc/rpm/macros"), `%_dbpath ${DATABASE}\n`);
      await machine.runOk("rpm", "--initdb");
    },
  },
  build(tree, version, scratch) {
    const spec = [
      `Name: lantern\nVersion: ${version}\nRelease: 1`,
      "Summary: made for a test\nLicense: MIT\nAutoReqProv: no",
      `%description\nmade for a test\n%install\ncp -a ${tree}/. %{buildroot}/`,
      ...["pre", "post", "preun", "postun"].map((script) => `%${script} -p <lua>\nlocal done = true`),
      `%files\n${dirname(PROGRAM)}`,
    ];
    const file = join(scratch, "it.spec");
    writeFileSync(file, `${spec.join("\n")}\n`);
    const defined = {
      _topdir: join(scratch, "top"),
      _dbpath: join(scratch, "database"),
      debug_package: "%{nil}",
      __os_install_post: "%{nil}",
    };
    const defines = Object.entries(defined).flatMap(([macro, value]) => ["--define", `${macro} ${value}`]);
    const made = ask("rpmbuild", "-bb", "--quiet", "--target", ARCHITECTURE, ...defines, file);
    if (made.code !== 0) throw new Error(made.text);
    const folder = join(scratch, "top", "RPMS", ARCHITECTURE);
    return join(folder, readdirSync(folder)[0] ?? "");
  },
  registered(root) {
    const database = `${root}${DATABASE}`;
    const { code, text } = ask("rpm", "--dbpath", database, "-q", "--qf", "%{VERSION}\n", "lantern");
    if (code === 1 && /is not installed/.test(text)) return "nothing";
    if (code !== 0) return { broken: `rpm ends with ${code}: ${text}` };
    const [version = "", second] = text.trim().split("\n");
    return second === undefined ? { version } : { broken: `${version} and ${second} at once` };
  },
  uninstall(root) {
    const made = ask(
      "rpm",
      "--dbpath",
      `${root}${DATABASE}`,
      "--erase",
      "--justdb",
      "--noscripts",
      "lantern",
    );
    if (made.code !== 0) throw new Error(made.text);
    rmSync(join(root, dirname(PROGRAM)), { recursive: true });
    mkdirSync(join(root, dirname(PROGRAM), ".."), { recursive: true });
  },
};

export const rpm = packageFormat(kind);
