import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROGRAM } from "../../agent/packages/made-package.ts";
import { ask, type PackageKind, packageFormat } from "./tortured-package.ts";

const ARCHITECTURE = process.arch === "x64" ? "amd64" : process.arch;
const SCRIPT = "#!/bin/sh\nexit 0\n";

const kind: PackageKind = {
  name: "deb",
  tool: {
    program: "/usr/bin/dpkg",
    changes: ["--install", "--unpack", "--remove"],
    async prepare(machine) {
      for (const folder of ["info", "updates", "triggers", "alternatives", "parts"]) {
        mkdirSync(machine.place(`/var/lib/dpkg/${folder}`), { recursive: true });
      }
      writeFileSync(machine.place("/var/lib/dpkg/status"), "");
      writeFileSync(machine.place("/var/lib/dpkg/available"), "");
    },
  },
  build(tree, version, scratch) {
    chmodSync(tree, 0o755);
    mkdirSync(join(tree, "DEBIAN"));
    const about = "Maintainer: Acme <releases@acme.example>\nDescription: made for a test\n";
    const fields = `Package: lantern\nVersion: ${version}-1\nArchitecture: ${ARCHITECTURE}\n`;
    writeFileSync(join(tree, "DEBIAN", "control"), `${fields}${about}`);
    for (const script of ["preinst", "postinst", "prerm", "postrm"]) {
      writeFileSync(join(tree, "DEBIAN", script), SCRIPT, { mode: 0o755 });
    }
    const file = join(scratch, "lantern.deb");
    const made = ask("dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, file);
    if (made.code !== 0) throw new Error(made.text);
    return file;
  },
  registered(root) {
    const format = "$" + "{db:Status-Abbrev} $" + "{Version}\n";
    const { code, text } = ask(
      "dpkg-query",
      `--admindir=${root}/var/lib/dpkg`,
      "-W",
      "-f",
      format,
      "lantern",
    );
    // dpkg-query's own exit code for a package that it does not know.
    if (code === 1) return "nothing";
    if (code !== 0) return { broken: `dpkg-query ends with ${code}` };
    const [, status = "", version = ""] = /^(..).? (\S*)$/m.exec(text.trimEnd()) ?? [];
    if (["un", "rn", "rc", "pn", "in"].includes(status)) return "nothing";
    return status === "ii" ? { version: version.replace(/-1$/, "") } : { broken: `\`${text.trim()}\`` };
  },
  uninstall(root) {
    writeFileSync(`${root}/var/lib/dpkg/status`, "");
    rmSync(`${root}/var/lib/dpkg/info`, { recursive: true });
    mkdirSync(`${root}/var/lib/dpkg/info`);
    rmSync(join(root, dirname(PROGRAM)), { recursive: true });
  },
};

export const deb = packageFormat(kind);
