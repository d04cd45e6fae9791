import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { PrivateMachine } from "../../support/private-machine.ts";
import { runOk } from "../../support/run-command.ts";
import { FileServer } from "./file-server.ts";
import type { MadePackage } from "./made-package.ts";
import { SigningKey } from "./signing-key.ts";

/** rpm's name of this machine's architecture. */
const ARCHITECTURE = process.arch === "arm64" ? "aarch64" : "x86_64";

/** Everything that dnf writes goes to a folder of the private machine. */
export const DNF_CONFIG =
  "[main]\nplugins=0\ncachedir=/var/log/cache\npersistdir=/var/log/dnf\nlogdir=/var/log\n";

/** How an administrator sets the repository up. */
interface AdministratorsWish {
  readonly name?: string;
  /** Packages bear signatures of their own. */
  readonly gpgcheck?: boolean;
  /** `download` is one of the plugins. */
  readonly plugins?: boolean;
}

/** A vendor's signed dnf repository, made by rpm's own tools. */
export class DnfRepository {
  readonly folder: string;
  readonly server: FileServer;
  private readonly key: SigningKey;

  private constructor(folder: string, server: FileServer, key: SigningKey) {
    this.folder = folder;
    this.server = server;
    this.key = key;
  }

  static async create(t: TestContext): Promise<DnfRepository> {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-dnf-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    return new DnfRepository(folder, await FileServer.start(t, folder), await SigningKey.make(t));
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
    const tree = mkdtempSync(join(tmpdir(), "fairlead-rpm-"));
    try {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(tree, "files", path)), { recursive: true });
        writeFileSync(join(tree, "files", path), text, { mode: 0o755 });
      }
      const [, epoch, upstream = "", release = ""] = /^(?:(\d+):)?(.*)-(.*)$/.exec(version) ?? [];
      const spec = [
        `Name: ${name}\nVersion: ${upstream}\nRelease: ${release}`,
        ...(epoch === undefined ? [] : [`Epoch: ${epoch}`]),
        "Summary: made for a test\nLicense: MIT\nAutoReqProv: no",
        `${control}%description\nmade for a test\n%install\ncp -a ${tree}/files/. %{buildroot}/`,
        ...Object.entries(scripts).map(([script, text]) => `%${script}\n${text}`),
        `%files\n${Object.keys(files).join("\n")}`,
      ];
      writeFileSync(join(tree, "it.spec"), `${spec.join("\n")}\n`);
      const defined = {
        _topdir: join(tree, "top"),
        _dbpath: join(tree, "database"),
        debug_package: "%{nil}",
        __os_install_post: "%{nil}",
      };
      const defines = Object.entries(defined).flatMap(([macro, value]) => ["--define", `${macro} ${value}`]);
      await runOk("rpmbuild", [
        "-bb",
        "--quiet",
        "--target",
        architecture,
        ...defines,
        join(tree, "it.spec"),
      ]);
      const built = join(tree, "top", "RPMS", architecture);
      const [file = ""] = readdirSync(built);
      await runOk("cp", [join(built, file), this.folder]);
      return join(this.folder, file);
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  }

  /** Signs a package itself, as `gpgcheck=1` asks for. @param by the vendor unless somebody else does */
  async sign(file: string, by: SigningKey = this.key): Promise<void> {
    // Debian has it under one name, and rpm looks for the other.
    const program = await runOk("sh", ["-c", "command -v gpg"]);
    const defined = { _gpg_name: "releases@acme.example", _gpg_path: by.home, __gpg: program.trim() };
    const defines = Object.entries(defined).flatMap(([macro, value]) => ["--define", `${macro} ${value}`]);
    await runOk("rpmsign", [...defines, "--addsign", file]);
  }

  /** Signs the list of what is there. */
  async publish(): Promise<void> {
    await runOk("createrepo_c", ["--quiet", this.folder]);
    const list = join(this.folder, "repodata", "repomd.xml");
    rmSync(`${list}.asc`, { force: true });
    await runOk("gpg", [...this.key.options(), "--armor", "--detach-sign", list]);
  }

  /** What the vendor's page tells an administrator to do. */
  async addTo(
    machine: PrivateMachine,
    { name = "acme", gpgcheck = false, plugins = false }: AdministratorsWish = {},
  ): Promise<void> {
    await this.key.publicKey(machine.place("/etc/yum.repos.d/acme.asc"));
    const lines = [
      ...[`[${name}]`, "name=Acme", `baseurl=${this.server.url}`, "enabled=1"],
      ...[`gpgcheck=${gpgcheck ? 1 : 0}`, "repo_gpgcheck=1", "gpgkey=file:///etc/yum.repos.d/acme.asc"],
    ];
    writeFileSync(machine.place(`/etc/yum.repos.d/${name}.repo`), `${lines.join("\n")}\n`);
    const config = plugins ? DNF_CONFIG.replace("plugins=0", "plugins=1") : DNF_CONFIG;
    writeFileSync(machine.place("/etc/dnf/dnf.conf"), config);
    // Debian's rpm would have its database in root's home.
    writeFileSync(machine.place("/etc/rpm/macros"), "%_dbpath /var/log/rpm\n");
    await machine.runOk("rpm", "--initdb");
  }
}
