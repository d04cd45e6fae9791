import { dirname, join } from "node:path";
import type { ArtifactFormat } from "../../protocol/release.ts";
import { StagingFolder } from "../installation/staging-folder.ts";
import { BinaryFormat } from "./binary/binary-format.ts";
import type { Format, ManagedProduct, PackageSettings } from "./format.ts";
import { UPDATER } from "./windows/refresh-updater.ts";

type OpenFormat = (product: ManagedProduct) => Format;

/** Every format that releases can name. Only the one that is asked for is loaded. */
const FORMATS: Readonly<Record<ArtifactFormat, () => Promise<OpenFormat>>> = {
  binary: async () => (product) => new BinaryFormat(product),
  archive: async () => {
    const { ArchiveFormat } = await import("./archive/archive-format.ts");
    return (product) => new ArchiveFormat(product);
  },
  deb: async () => {
    const [{ PackageFormat }, { DebPackageManager }] = await Promise.all([
      import("./packages/package-format.ts"),
      import("./deb/deb-package-manager.ts"),
    ]);
    return (product) => new PackageFormat(new DebPackageManager(), withPackage(product));
  },
  rpm: async () => {
    const [{ PackageFormat }, { RpmPackageManager }] = await Promise.all([
      import("./packages/package-format.ts"),
      import("./rpm/rpm-package-manager.ts"),
    ]);
    return (product) => new PackageFormat(new RpmPackageManager(), withPackage(product));
  },
  pkg: async () => {
    const { PkgFormat } = await import("./pkg/pkg-format.ts");
    return (product) => new PkgFormat(product);
  },
  windows: async () => {
    const { WindowsFormat } = await import("./windows/windows-format.ts");
    return (product) => new WindowsFormat(product);
  },
};

/** How a product is installed where the machine's config does not say. */
const DEFAULT_FORMAT: ArtifactFormat = "binary";

export async function openFormat(name: ArtifactFormat | undefined, product: ManagedProduct): Promise<Format> {
  const { helper, service } = product;
  const open = await FORMATS[name ?? DEFAULT_FORMAT]();
  const format = open(helper === undefined ? product : { ...product, staging: helper.staging });
  if (helper !== undefined) {
    const { ThroughHelperFormat } = await import("./through-helper/through-helper-format.ts");
    return new ThroughHelperFormat(format, helper, service !== undefined);
  }
  if (service !== undefined) {
    const { restartOf } = await import("../service/service-restart.ts");
    format.restart ??= restartOf(service);
  }
  return format;
}

/** The folder that a product is installed into: of an archive, its own; of everything else, the one it lies in. */
export function installFolder(name: ArtifactFormat | undefined, installPath: string): string {
  return name === "archive" ? installPath : dirname(installPath);
}

/** Whether the agent itself lays the product's files down, and no program of the system's that has a record of them. */
export function laysFilesItself(name: ArtifactFormat = DEFAULT_FORMAT): boolean {
  return name === "binary" || name === "archive";
}

/**
 * The copy of the agent that ends an exchange which was interrupted, where the format keeps one: what a task of the system
 * runs from time to time.
 */
export function recoveryCopy(name: ArtifactFormat | undefined, installPath: string): string | undefined {
  return name === "windows" ? join(StagingFolder.beside(installPath).directory, UPDATER) : undefined;
}

/** Whether a program is stopped to be exchanged, so that the one that does it has to be told that it is itself. */
export function stopsPrograms(name: ArtifactFormat): boolean {
  return name === "windows";
}

/** Whether its config has to say which of the installed files is the program. */
export function needsExecutable(name: ArtifactFormat | undefined): boolean {
  return name === "archive";
}

/** The config's own check makes sure of it; whoever opens a format without a config is told. */
function withPackage(product: ManagedProduct): ManagedProduct & { readonly package: PackageSettings } {
  const { package: named } = product;
  if (named === undefined) throw new TypeError("a package format needs the package's name");
  return { ...product, package: named };
}
