import { resolve } from "node:path";
import { printable } from "../../protocol/printable.ts";
import { ConfigError } from "../config/config-error.ts";
import type { ConfigValues } from "../config/config-keys.ts";
import { enrollDevice, type Register, type RootOrigin } from "../config/enroll-device.ts";
import { readBounded } from "../files/read-bounded.ts";
import { agentHome } from "../home/agent-home.ts";
import { printableJson } from "../output/printable-json.ts";
import { splitCommand } from "../process/command-line.ts";
import { type AgentCommand, EXIT, type Invocation, requiredText, text } from "./agent-command.ts";
import { UsageError } from "./usage-error.ts";

/** `fairlead-agent enroll ...` */
export const enrollCommand: AgentCommand = {
  help: `fairlead-agent enroll - make this machine a device of the fleet

USAGE
  fairlead-agent enroll --server URL --product NAME --install-path FILE
                        (--root FILE | --root-sha256 HEX | --trust-on-first-use)
                        [--token-file FILE] [options]

DESCRIPTION
  Makes the device's key (once; it survives updates and a second enrolment),
  trusts the first root of the signed manifest, and writes config.yaml (mode 600).
  The root must come by a way of its own: as a file, or its sha256 as printed by
  the operator. --trust-on-first-use takes whatever the server gives: for trying
  out only.

  With a token from the operator (\`fairlead tokens create\`) the device registers
  its key at the controller, gets its tenant, site and labels from there, and
  checks in from then on: the controller knows what runs on it and how each
  update went. Without one it only updates, as from a static mirror. Where an
  enrolment breaks off, do it again: it uses up nothing more of the token.

OPTIONS
  --token-file FILE      holds the enrolment token
  --token TOKEN          the token itself, which others then see in \`ps\`; or set
                         FAIRLEAD_ENROLMENT_TOKEN
  --no-check-in          register, and tell the controller nothing later on
  --server URL           below it are tuf/ and targets/; a static folder will do
  --product NAME         the product that is kept up to date
  --install-path FILE    its executable on this machine; of an archive, its folder
  --format NAME          how it is installed: binary (the default), archive, deb, rpm,
                         pkg or windows
  --executable PATH      the program inside an archive, such as bin/lantern
  --package NAME         what the package manager calls it, for deb, rpm and pkg
  --package-repository NAME
                         what this machine calls the repository that it comes from
  --service NAME         the service that runs it, restarted after a swap
  --root FILE            the root to trust
  --root-sha256 HEX      the sha256 that <server>/tuf/1.root.json must have
  --trust-on-first-use   trust the server's root unseen
  --tenant NAME --tenant-key HEX
                         the tenant whose policy applies, and its key
  --site NAME            the tenant's site
  --label NAME=VALUE     a label, by which groups of the tenant select devices;
                         may be given several times
  --channel NAME         this machine's own choice of channel
  --interval DURATION    time between two checks, such as 5m; 0s: never by itself
  --self-test COMMAND    prints the version; {path} and {version} are filled in
                         (default: {path} --version)
  --restart COMMAND      restarts the product after a swap
  --confirm COMMAND      exit code 0: the new version works
                         (default: the self-test again)
  --confirm-timeout DURATION
                         time in which it must be confirmed (default: 60s)
  --home DIR             where this agent keeps its things
  --force                replace an earlier enrolment in the same home
  --json                 the device and the root as JSON
  --help                 this text

CONFIG FILE
  config.yaml in the home holds these settings, and some that only it can hold:
  confirm_attempts: 5          tries to confirm before the previous version is
                               put back
  health: {alive: 30s, http: URL, ready: FILE, command: [...]}
                               what must hold of a new version together; see
                               docs/reliability.md
  self_test_timeout: 30s       time that a self-test has
  download_min_rate: 1000      bytes a second, over each download_rate_window; a
                               download that is slower is given up, and goes on
                               from there with the next mirror or at the next
                               check; 0: any pace will do
  download_rate_window: 60s
  download_max_rate: 250000    most bytes a second that a download takes of the line
  proxy: http://proxy.example:3128
                               what everything goes through, in the place of
                               HTTPS_PROXY and HTTP_PROXY; NO_PROXY holds; none:
                               no proxy, whatever the environment says
  check_in: true               tell the controller how this machine stands; a
                               token sets it
  channel: beta                this machine's own choices, as \`update\` keeps them:
  pin: 1.4.2                   its channel, exactly this version, and whether it
  auto_update: false           is updated by itself
  report_logs: true            false: what a program printed when it failed stays
                               on this machine

EXAMPLES
  fairlead-agent enroll --server https://releases.acme.example --product agent \\
    --install-path /opt/acme/agent --root-sha256 5f1c... --token-file /run/token
  fairlead-agent enroll --server http://127.0.0.1:8080 --product demo \\
    --install-path ~/demo --trust-on-first-use

EXIT CODES
  0  enrolled    1  refused    2  wrong use
`,
  options: {
    server: { type: "string" },
    product: { type: "string" },
    "install-path": { type: "string" },
    root: { type: "string" },
    "root-sha256": { type: "string" },
    "trust-on-first-use": { type: "boolean" },
    token: { type: "string" },
    "token-file": { type: "string" },
    "no-check-in": { type: "boolean" },
    tenant: { type: "string" },
    "tenant-key": { type: "string" },
    site: { type: "string" },
    label: { type: "string", multiple: true },
    channel: { type: "string" },
    interval: { type: "string" },
    "self-test": { type: "string" },
    restart: { type: "string" },
    format: { type: "string" },
    executable: { type: "string" },
    package: { type: "string" },
    "package-repository": { type: "string" },
    service: { type: "string" },
    confirm: { type: "string" },
    "confirm-timeout": { type: "string" },
    home: { type: "string" },
    force: { type: "boolean" },
    json: { type: "boolean" },
  },
  async run({ values, signal }) {
    const home = agentHome(text(values, "home"), process.env);
    const config = configOf(values);
    const origin = rootOrigin(values);
    const token = tokenOf(values);
    let placed: ConfigValues = {};
    const register: Register = async (server, root) => {
      if (token === undefined) return {};
      const { registerDevice } = await import("../report/register-device.ts");
      placed = await registerDevice(home, config.install_path, { server, root, token, signal });
      return values["no-check-in"] === true ? placed : { ...placed, check_in: true };
    };
    const enrolled = await enrollDevice(home, config, origin, values.force === true, register).catch(
      (error: unknown) => {
        throw blamingFlag(error);
      },
    );
    const { device, rootSha256, unchecked } = enrolled;
    if (unchecked !== undefined) {
      const what = "whether the fleet knows this product and tenant could not be looked at";
      process.stderr.write(`warning: ${what}: ${printable(unchecked)}\n`);
    }
    if (values.json === true) {
      const answer = { device: device.id, product: config.product, home: home.directory, rootSha256 };
      process.stdout.write(`${printableJson(answer, 2)}\n`);
    } else
      process.stdout.write(
        `device ${device.id} is enrolled for ${config.product} in ${home.directory}\n` +
          `${describePlace(placed)}trusted root: sha256 ${rootSha256}\n`,
      );
    if (origin.kind === "first-use") {
      process.stderr.write(
        "warning: this root was trusted unseen; compare its sha256 with the one that the operator has\n",
      );
    }
    return EXIT.ok;
  },
};

/** What a person typed has no file yet: the flag is to blame. */
function blamingFlag(error: unknown): unknown {
  if (!(error instanceof ConfigError) || error.code !== "config/bad-config") return error;
  const [, key, problem] = /^`([a-z_]+)` in `[^`]*`: (.*)$/s.exec(error.message) ?? [];
  const flag = key === undefined ? undefined : FLAGS.get(key);
  if (flag === undefined || problem === undefined) return error;
  return new UsageError("usage/bad-value", `--${flag}: ${problem}`);
}

/** Keys of the config that a flag of another name sets. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ...[
    "server",
    "product",
    "tenant",
    "site",
    "channel",
    "confirm",
    "restart",
    "format",
    "executable",
    "package",
    "service",
  ].map((key) => [key, key] as const),
  ["install_path", "install-path"],
  ["tenant_key", "tenant-key"],
  ["labels", "label"],
  ["package_repository", "package-repository"],
  ["self_test", "self-test"],
  ["confirm_timeout", "confirm-timeout"],
  ["update_check_interval", "interval"],
]);

/** Not in the arguments where it need not be: those are for everybody on the machine to see. */
function tokenOf(values: Invocation["values"]): string | undefined {
  const given = text(values, "token");
  const file = text(values, "token-file");
  if (given !== undefined && file !== undefined) throw excluding("token", "token-file");
  const token =
    given ?? (file === undefined ? process.env.FAIRLEAD_ENROLMENT_TOKEN : readToken(resolve(file)));
  if (token === undefined) return undefined;
  for (const name of ["tenant", "tenant-key", "site", "label"]) {
    if (values[name] !== undefined) throw excluding("token", name, "the token says where the device belongs");
  }
  if (/^[\x21-\x7e]{1,256}$/.test(token)) return token;
  throw new UsageError("usage/bad-value", "what was given as a token is none", {
    help: "give the one line that `fairlead tokens create` printed",
  });
}

function readToken(path: string): string {
  try {
    const found = readBounded(path, 4096);
    if (found.kind === "bytes") return found.bytes.toString("utf8").trim();
  } catch {
    // It cannot be read, which is all that there is to say.
  }
  throw new UsageError("usage/bad-value", `--token-file: \`${printable(path)}\` cannot be read`, {
    help: "name a small file that this user may read",
  });
}

function excluding(one: string, other: string, help = "give one of them"): UsageError {
  return new UsageError("usage/conflicting-options", `--${one} and --${other} exclude each other`, { help });
}

function describePlace({ tenant, site, labels }: ConfigValues): string {
  const words = [
    ...(tenant === undefined ? [] : [`tenant ${tenant}`]),
    ...(site === undefined ? [] : [`site ${site}`]),
    ...Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`),
  ];
  return words.length === 0 ? "" : `${printable(words.join(", "))}\n`;
}

function configOf(values: Invocation["values"]): ConfigValues & { readonly install_path: string } {
  const command = (name: string): readonly string[] | undefined => {
    const given = text(values, name);
    if (given === undefined) return undefined;
    const words = splitCommand(given);
    if (words !== undefined) return words;
    throw new UsageError("usage/bad-value", `--${name}: \`${given}\` is not a command`, {
      help: "give the program and its arguments in one text, with every quote closed",
    });
  };
  const interval = text(values, "interval");
  const server = requiredText(values, "server");
  const product = requiredText(values, "product");
  const installPath = resolve(requiredText(values, "install-path"));
  const given: { [Key in keyof ConfigValues]: ConfigValues[Key] | undefined } = {
    tenant: text(values, "tenant"),
    tenant_key: text(values, "tenant-key"),
    site: text(values, "site"),
    labels: labelsOf(values),
    channel: text(values, "channel"),
    update_check_interval: interval === "0" ? 0 : interval,
    self_test: command("self-test"),
    restart: command("restart"),
    format: text(values, "format"),
    executable: text(values, "executable"),
    package: text(values, "package"),
    package_repository: text(values, "package-repository"),
    service: text(values, "service"),
    confirm: command("confirm"),
    confirm_timeout: text(values, "confirm-timeout"),
  };
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { server, product, install_path: installPath, ...settings };
}

function labelsOf({ label }: Invocation["values"]): Readonly<Record<string, string>> | undefined {
  if (!Array.isArray(label)) return undefined;
  return Object.fromEntries(
    label.map((given) => {
      const [, name, value] = /^([^=]+)=(.+)$/s.exec(String(given)) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new UsageError("usage/bad-value", `--label: \`${given}\` is not a label`, {
        help: "write its name and its value, such as --label ring=canary",
      });
    }),
  );
}

function rootOrigin(values: Invocation["values"]): RootOrigin {
  const path = text(values, "root");
  const sha256 = text(values, "root-sha256");
  if (path !== undefined && sha256 !== undefined) {
    throw excluding("root", "root-sha256");
  }
  if (path !== undefined) return { kind: "file", path };
  if (sha256 !== undefined) return { kind: "sha256", sha256 };
  if (values["trust-on-first-use"] === true) return { kind: "first-use" };
  throw new ConfigError("config/no-root", "nothing says which root of the signed manifest to trust", {
    help: "give --root FILE or --root-sha256 HEX from the operator; to try things out, --trust-on-first-use",
  });
}
