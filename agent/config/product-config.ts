import { isAbsolute, resolve } from "node:path";
import { MOST_PRODUCTS } from "../../protocol/check-in/check-in.ts";
import { isName } from "../../protocol/manifest-names.ts";
import { ARTIFACT_FORMATS, type ArtifactFormat, PACKAGE_FORMATS } from "../../protocol/release.ts";
import { needsExecutable } from "../formats/formats.ts";
import {
  DEFAULT_CONFIRM,
  DEFAULT_SELF_TEST,
  HEALTH_ATTEMPTS,
  type MachineSettings,
  type ProductConfig,
} from "./agent-config.ts";
import { PRODUCT_KEYS } from "./config-keys.ts";
import type { ConfigReader } from "./config-reader.ts";

/**
 * The products of the file: the one whose keys stand at its top, and those under `products`. Where a product's keys
 * stand decides where its files lie in the home, so it stays where it is when another one comes.
 *
 * @throws ConfigError `config/bad-config`
 */
export function parseProducts(read: ConfigReader, machine: MachineSettings): readonly ProductConfig[] {
  const further = read.mappings("products", PRODUCT_KEYS);
  const products = further.map(([name, inner]) => {
    if (!isName(name)) read.refuse(`products.${name}`, "expected a product's name");
    return parseProduct(inner, machine, name, "folder");
  });
  if (read.has("product") || products.length === 0) {
    const name = read.check("product", read.required("product"), isName, "a product's name");
    products.unshift(parseProduct(read, machine, name, "top"));
  } else {
    const stray = PRODUCT_KEYS.find((key) => read.has(key));
    if (stray !== undefined) read.refuse(stray, "belongs to a product, and there is no `product` beside it");
  }
  if (products.length > MOST_PRODUCTS) {
    read.refuse("products", `expected at most ${MOST_PRODUCTS} products on one machine`);
  }
  requireApart(read, products);
  return products;
}

/** Two updaters of one name, or at one place, would undo each other's work. */
function requireApart(read: ConfigReader, products: readonly ProductConfig[]): void {
  for (const [index, one] of products.entries()) {
    for (const other of products.slice(0, index)) {
      const key = `products.${one.product}`;
      if (one.product === other.product) read.refuse(key, "this product stands in the file twice");
      if (resolve(one.installPath) === resolve(other.installPath)) {
        read.refuse(`${key}.install_path`, `\`${other.product}\` is installed there`);
      }
      if (one.self === true && other.self === true) {
        read.refuse(`${key}.self`, `\`${other.product}\` is the updater itself already`);
      }
    }
  }
}

function parseProduct(
  read: ConfigReader,
  machine: MachineSettings,
  product: string,
  place: ProductConfig["place"],
): ProductConfig {
  const format = read.choice("format", ARTIFACT_FORMATS);
  const channel = read.optionalChannel("channel");
  const pin = read.optionalVersion("pin");
  const autoUpdate = read.flag("auto_update");
  const { command: healthCommand, ...health } = read.health() ?? {};
  const hasHealth = Object.keys(health).length > 0;
  const check = healthCommand ?? read.command("confirm");
  const restart = read.command("restart");
  const deferAtMost = read.duration("defer_at_most");
  const self = read.flag("self");
  const usualAttempts = hasHealth ? HEALTH_ATTEMPTS : DEFAULT_CONFIRM.attempts;
  const attempts = read.number("confirm_attempts") ?? usualAttempts;
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 100) {
    read.refuse("confirm_attempts", "expected a whole number from 1 to 100");
  }
  const confirmSeconds = read.duration("confirm_timeout") ?? DEFAULT_CONFIRM.seconds;
  const testSeconds = read.duration("self_test_timeout") ?? DEFAULT_SELF_TEST.seconds;
  const managed = managedBy(read, format);
  const { service } = managed;
  if (healthCommand !== undefined && read.command("confirm") !== undefined) {
    read.refuse("health", "`command` is the newer word for `confirm`: give one of them");
  }
  if (health.alive !== undefined && health.alive >= confirmSeconds) {
    read.refuse("health", "`alive` must be shorter than `confirm_timeout`");
  }
  if (health.readyFile !== undefined && restart === undefined && service === undefined) {
    read.refuse("health", "`ready` needs `restart`: a file from the version before would count without");
  }
  return {
    ...machine,
    product,
    place,
    installPath: read.check("install_path", read.required("install_path"), isAbsolute, "an absolute path"),
    ...(format === undefined ? {} : { format }),
    ...(channel === undefined ? {} : { channel }),
    ...(pin === undefined ? {} : { pin }),
    ...(autoUpdate === undefined ? {} : { autoUpdate }),
    selfTest: {
      command: read.command("self_test") ?? DEFAULT_SELF_TEST.command,
      seconds: read.checkSeconds("self_test_timeout", testSeconds),
    },
    confirm: {
      ...(restart === undefined ? {} : { restart }),
      ...(check === undefined ? {} : { check }),
      ...(hasHealth ? { health } : {}),
      ...(service === undefined ? {} : { service }),
      seconds: read.checkSeconds("confirm_timeout", confirmSeconds),
      attempts,
    },
    ...managed,
    ...(deferAtMost === undefined ? {} : { deferAtMost }),
    ...(self === undefined ? {} : { self }),
  };
}

/** What only some formats need to know. */
function managedBy(
  read: ConfigReader,
  format: ArtifactFormat | undefined,
): Pick<ProductConfig, "executable" | "package" | "service"> {
  const executable = read.string("executable");
  if (executable === undefined && needsExecutable(format)) {
    read.refuse("executable", "is missing: which program in the archive is the product, such as bin/lantern");
  }
  const name = read.string("package");
  const repository = read.string("package_repository");
  const withoutWayBack = read.flag("package_without_way_back") ?? false;
  const service = read.string("service");
  if (executable !== undefined) {
    read.check("executable", executable, isInnerPath, "a path inside the archive, such as bin/lantern");
  }
  if (name === undefined && PACKAGE_FORMATS.some((one) => one === format)) {
    read.refuse("package", `is missing: with format ${format} it names the package that is kept up to date`);
  }
  if (name !== undefined) read.check("package", name, isPackageName, "the name of a package");
  if (repository !== undefined) {
    if (name === undefined) read.refuse("package_repository", "belongs to `package`");
    read.check("package_repository", repository, isPackageName, "the name of a repository");
  }
  if (service !== undefined) read.check("service", service, isServiceName, "the name of a service");
  return {
    ...(executable === undefined ? {} : { executable }),
    ...(name === undefined
      ? {}
      : {
          package: {
            name,
            ...(repository === undefined ? {} : { repository }),
            ...(withoutWayBack ? { withoutWayBack } : {}),
          },
        }),
    ...(service === undefined ? {} : { service }),
  };
}

function isInnerPath(text: string): boolean {
  return text !== "" && text.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function isPackageName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/.test(text);
}

function isServiceName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9@:._-]{0,255}$/.test(text);
}
