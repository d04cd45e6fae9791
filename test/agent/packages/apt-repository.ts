import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { PrivateMachine } from "../../support/private-machine.ts";
import { runOk } from "../../support/run-command.ts";
import { FileServer } from "./file-server.ts";
import type { MadePackage } from "./made-package.ts";
import { SigningKey } from "./signing-key.ts";

/** A vendor's signed apt repository, made by Debian's own tools. */
export class AptRepository {
  readonly folder: string;
  readonly server: FileServer;
  private readonly key: SigningKey;

  private constructor(folder: string, server: FileServer, key: SigningKey) {
    this.folder = folder;
    this.server = server;
    this.key = key;
  }

  static async create(t: TestContext): Promise<AptRepository> {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-apt-"));
    mkdirSync(join(folder, "pool"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    return new AptRepository(folder, await FileServer.start(t, folder), await SigningKey.make(t));
  }

  /** Builds a package and returns its file; it is offered once `publish` has run. */
  async build({
    name,
    version,
    architecture = ARCHITECTURE,
    control = "",
    scripts = {},
    files,
  }: MadePackage) {
    const tree = mkdtempSync(join(tmpdir(), "fairlead-deb-"));
    try {
      chmodSync(tree, 0o755);
      mkdirSync(join(tree, "DEBIAN"));
      const fields = [`Package: ${name}`, `Version: ${version}`, `Architecture: ${architecture}`];
      const about = "Maintainer: Acme <releases@acme.example>\nDescription: made for a test\n";
      writeFileSync(join(tree, "DEBIAN", "control"), `${fields.join("\n")}\n${control}${about}`);
      for (const [script, text] of Object.entries(scripts)) {
        writeFileSync(join(tree, "DEBIAN", script), text, { mode: script === "conffiles" ? 0o644 : 0o755 });
      }
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(tree, path, ".."), { recursive: true });
        writeFileSync(join(tree, path), text, { mode: 0o755 });
      }
      const file = join(this.folder, "pool", `${name}_${version.replaceAll(":", "%3a")}_${architecture}.deb`);
      await runOk("dpkg-deb", ["--root-owner-group", "-Znone", "--build", tree, file]);
      return file;
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  }

  /** Signs what is in the pool. */
  async publish(): Promise<void> {
    const options = { cwd: this.folder };
    writeFileSync(
      join(this.folder, "Packages"),
      await runOk("apt-ftparchive", ["packages", "pool"], options),
    );
    rmSync(join(this.folder, "InRelease"), { force: true });
    writeFileSync(join(this.folder, "Release"), await runOk("apt-ftparchive", ["release", "."], options));
    await runOk("gpg", [...this.key.options(), "--clearsign", "--output", "InRelease", "Release"], options);
  }

  publicKey(file: string): Promise<void> {
    return this.key.publicKey(file);
  }

  /** What the vendor's page tells an administrator to do. */
  async addTo(machine: PrivateMachine, name = "acme"): Promise<void> {
    const etc = (path: string) => machine.place(`/etc/apt/${path}`);
    for (const folder of ["sources.list.d", "apt.conf.d", "keyrings", "preferences.d"]) {
      mkdirSync(etc(folder), { recursive: true });
    }
    await this.key.publicKey(etc("keyrings/acme.asc"));
    // The key is in a folder of the test's own, which apt's other user cannot see.
    writeFileSync(etc("apt.conf.d/test"), 'APT::Sandbox::User "root";\nDPkg::Lock::Timeout "1";\n');
    const lines = [
      "Types: deb",
      `URIs: ${this.server.url}`,
      "Suites: ./",
      "Signed-By: /etc/apt/keyrings/acme.asc",
    ];
    writeFileSync(etc(`sources.list.d/${name}.sources`), `${lines.join("\n")}\n`);
    for (const folder of ["info", "updates", "triggers", "alternatives", "parts"]) {
      mkdirSync(machine.place(`/var/lib/dpkg/${folder}`), { recursive: true });
    }
    writeFileSync(machine.place("/var/lib/dpkg/status"), "", { flag: "a" });
  }
}

/** As Debian calls the architecture of this machine. */
export const ARCHITECTURE = process.arch === "x64" ? "amd64" : process.arch;
