import { InvalidArgumentError, Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { type Ppm, parsePercent } from "../../protocol/share.ts";
import type { ArtifactPlace } from "../artifacts/artifact-place.ts";
import type { FeedAccess } from "../http/feeds/feed-access.ts";
import { PAGE_CHANGES, type PageChanges } from "../http/preview-api/preview-side.ts";
import type { Proposer } from "../propose/build-branch.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import type { CheckSettings } from "../rollout/checks/ask-check.ts";
import { startBanner } from "../serve/banner.ts";
import { claimStateFolder } from "../serve/claim-state-folder.ts";
import { type ControllerOptions, DEFAULT_CONNECTIONS, isDevelopment } from "../serve/controller-options.ts";
import { FORGE_CHOICES, type ForgeOptions, forgeRepositoryOf } from "../serve/forge-options.ts";
import { type ListenAddress, parseListenAddress } from "../serve/listen-address.ts";
import { createLog, LOG_LEVELS, type LogLevel } from "../serve/log.ts";
import { runController } from "../serve/run-controller.ts";
import {
  checkOperatorToken,
  readOperatorToken,
  readPrometheusToken,
  readWebhookSecret,
} from "../serve/secret-file.ts";
import { ServeError } from "../serve/serve-error.ts";
import { signalSettingsOf } from "../serve/signals/signal-settings.ts";
import { type SignerOptions, signersOf } from "../serve/signer-options.ts";
import { stopOnSignals } from "../serve/stop-on-signals.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";
import { applyConfigFile } from "./config-option.ts";
import { withSignerOptions } from "./signer-options.ts";
import {
  addSourceOptions,
  type PublishingSource,
  parseSeconds,
  privateForgeExample,
  type SourceFlags,
  sourceOf,
} from "./source-options.ts";

interface ServeFlags extends SourceFlags, SignerOptions, ForgeOptions {
  readonly config?: string;
  readonly standby?: true;
  readonly port: number;
  readonly host: string;
  readonly listen?: ListenAddress;
  readonly operatorListen?: ListenAddress;
  readonly operatorTokenFile?: string;
  readonly publicUrl?: string[];
  readonly maxConnections: number;
  readonly fleet: "on" | "off";
  readonly demoFleet?: number | boolean;
  readonly propose: "off" | "branch";
  readonly proposeAs?: Proposer;
  readonly pageChanges: PageChanges;
  readonly feeds: FeedAccess;
  readonly accessLog: Ppm;
  readonly interval: number;
  readonly worktree?: true;
  readonly webhookSecretFile?: string;
  readonly prometheus?: string;
  readonly prometheusTokenFile?: string;
  readonly trustProxy?: string[];
  readonly workerMemory?: number;
  readonly logLevel: LogLevel;
}

/** Simulated machines, where nobody says how many; and at most: each holds a connection. */
const DEMO_MACHINES = 24;
const MOST_DEMO_MACHINES = 1_000;
/** No mail reaches it. */
const DEFAULT_PROPOSER = "Fairlead <fairlead@localhost>";

export const addServeCommand: CommandInstaller = (program) => {
  const command = program
    .command("serve")
    .description("check each commit of the state repository, sign it and serve it to agents");
  addSourceOptions(command, "follow")
    .option("--standby", "wait while another controller has the state folder, and take over when it ends")
    .addOption(
      new Option("--port <port>", "port to listen on").env("PORT").default(8080).argParser(parsePort),
    )
    .addOption(new Option("--host <host>", "address to listen on").env("HOST").default("127.0.0.1"))
    .addOption(
      new Option(
        "--listen <address>",
        "the same in one: host:port, or unix:/path for a socket; goes before --host and --port",
      ).argParser(parseAddress),
    )
    .addOption(
      new Option(
        "--operator-listen <address>",
        "serve operators (status, metrics, API) here and not where agents are: host:port, or unix:/path",
      ).argParser(parseAddress),
    )
    .addOption(
      new Option(
        "--operator-token-file <file>",
        "what operators show where more than this machine can ask; also the token in $FAIRLEAD_OPERATOR_TOKEN " +
          "(default: operator-token in the state folder, made at the first start)",
      ).env("FAIRLEAD_OPERATOR_TOKEN_FILE"),
    )
    .addOption(
      new Option(
        "--public-url <url...>",
        "under which agents reach it; the first is what answers name. Requests for other hosts are refused",
      ),
    )
    .addOption(
      new Option("--interval <time>", "time between two looks at a remote; a folder is watched")
        .default(60, "60s")
        .argParser(parseSeconds),
    )
    .option("--worktree", "for editing: serve the files as they are saved; needs --dev-keys");
  withSignerOptions(command)
    .option("--webhook-secret-file <file>", "accept webhooks at /hooks/git that are signed with this secret")
    .addOption(
      new Option("--prometheus <url>", "the server of checks of gates that name none").argParser(parseWebUrl),
    )
    .option("--prometheus-token-file <file>", "the bearer token that this server asks for")
    .option("--trust-proxy <address...>", "proxies whose X-Forwarded headers count: addresses or networks")
    .addOption(
      new Option("--max-connections <number>", "of each listener at a time")
        .default(DEFAULT_CONNECTIONS)
        .argParser(parseConnections),
    )
    .addOption(
      new Option("--fleet <switch>", "let machines enrol and report here; off: only serve what is published")
        .choices(["on", "off"])
        .default("on"),
    )
    .addOption(
      new Option(
        "--demo-fleet [machines]",
        `simulated machines that enrol, update and report, for trying things out (default: ${DEMO_MACHINES}); ` +
          "only with --dev-keys where nobody but this machine reaches it",
      ).argParser(parseMachines),
    )
    .option("--no-demo-fleet", "none of them, whatever was said before")
    .addOption(
      new Option(
        "--propose <how>",
        "have halts by a gate and promotions that are due proposed to git; branch: a commit on a new branch, pushed",
      )
        .choices(["off", "branch"])
        .default("off"),
    )
    .addOption(
      new Option("--propose-as <author>", `who that is in git (default: "${DEFAULT_PROPOSER}")`).argParser(
        parseProposer,
      ),
    )
    .addOption(
      new Option(
        "--page-changes <how>",
        "what becomes of a change that somebody confirms on the page: branch, a commit on a new branch, pushed; direct, the next commit",
      )
        .choices(PAGE_CHANGES)
        .default("off"),
    )
    .addOption(
      new Option(
        "--forge <kind>",
        "where commits can be looked at, where the address of the remote does not tell",
      ).choices(FORGE_CHOICES),
    )
    .option("--forge-url <url>", "the page of the repository there")
    .addOption(
      new Option("--feeds <who>", "who may read the feeds of versions, /feeds/PRODUCT/CHANNEL.atom and .json")
        .choices(["public", "token", "off"])
        .default("public"),
    )
    .addOption(
      new Option("--access-log <share>", "log this share of the requests: 1%, 100%")
        .default(0, "0%")
        .argParser(parseShare),
    )
    .addOption(
      new Option(
        "--worker-memory <MiB>",
        "most memory for reading and checking; by default half of what there is",
      ).argParser(parseMebibytes),
    )
    .addOption(new Option("--log-level <level>", "what to log").choices(LOG_LEVELS).default("info"))
    .option(
      "--config <file>",
      "take what no flag and no environment variable says from a file of YAML: each key is a flag, as in fetchTimeout",
    )
    .addHelpText("after", privateForgeExample("fairlead serve"))
    .addHelpText("after", "\nThe file of --config is read once: restart to have a change in it count.")
    .action(async ({ config }: ServeFlags) => {
      const sections = config === undefined ? undefined : applyConfigFile(command, config);
      const flags = command.opts<ServeFlags>();
      const publishing = sourceOf(flags);
      const options = {
        ...controllerOptions(flags, publishing),
        ...(sections === undefined ? {} : { signals: signalSettingsOf(sections) }),
      };
      const log = createLog(flags.logLevel);
      if (publishing.warning !== undefined) log.warn({ event: "start.exposed-secret" }, publishing.warning);
      const lock = await claimStateFolder(options, log);
      // Told to stop while it stood by.
      if (lock === undefined) return;
      const controller = await runController(options, lock, log);
      const stopped = stopOnSignals(controller);
      const greeted = controller.firstOutcome.then(() => {
        process.stdout.write(startBanner(controller, options));
      });
      await Promise.race([greeted, stopped]);
      await stopped;
      process.exitCode = EXIT.ok;
    });
};

function controllerOptions(flags: ServeFlags, publishing: PublishingSource): ControllerOptions {
  const { source, root, stateFolder, artifacts, devKeys, onlineKeyFile } = publishing;
  const publicUrls = (flags.publicUrl ?? []).map(parseOrigin);
  requireSafeOrigin(artifacts, publicUrls);
  const isEditing = flags.worktree === true;
  if (isEditing && (flags.devKeys !== true || root === undefined)) {
    throw new ServeError(
      "serve/worktree-needs-dev-keys",
      "what is not committed is never signed for a fleet",
      {
        help: "use --worktree with --dev-keys and a repository on this machine",
      },
    );
  }
  const options: ControllerOptions = {
    source: { ...source, intervalMs: flags.interval * 1000, worktree: isEditing ? root : undefined },
    stateFolder,
    standby: flags.standby === true,
    artifacts,
    agentsAddress: flags.listen ?? { kind: "tcp", host: flags.host, port: flags.port },
    operatorsAddress: flags.operatorListen,
    operatorToken: operatorTokenOf(flags),
    publicUrls,
    maxConnections: flags.maxConnections,
    fleet: flags.fleet === "on",
    demoFleet: flags.demoFleet === true ? DEMO_MACHINES : flags.demoFleet || undefined,
    logged: flags.accessLog,
    feeds: flags.feeds,
    devKeys,
    onlineKeyFile,
    signers: signersOf(flags),
    propose: proposeOf(flags),
    pageChanges: pageChangesOf(flags),
    committer: committerOf(flags),
    forge: forgeRepositoryOf(flags, source.location),
    webhookSecret:
      flags.webhookSecretFile === undefined ? undefined : readWebhookSecret(flags.webhookSecretFile),
    trustProxy: flags.trustProxy,
    checks: checkSettings(flags),
    ...(flags.workerMemory === undefined ? {} : { workerMemory: flags.workerMemory }),
    version: packageJson.version,
    ...(isEditing ? { onOutcome: printFindings } : {}),
  };
  if (options.demoFleet !== undefined) requireTrial(options);
  return options;
}

/** @throws ServeError where simulated machines would stand among those of a fleet, or could not reach the controller */
function requireTrial(options: ControllerOptions): void {
  if (!isDevelopment(options) || options.agentsAddress.kind !== "tcp") {
    throw new ServeError("serve/demo-fleet-refused", "simulated machines do not belong into a fleet", {
      help: "use --demo-fleet with --dev-keys, on an address such as 127.0.0.1 and without --public-url, or add --no-demo-fleet",
    });
  }
  if (!options.fleet) {
    throw new ServeError("serve/bad-option", "--demo-fleet has no effect: the fleet is off", {
      help: "leave --fleet off or --demo-fleet out",
    });
  }
}

/** @throws ServeError `serve/bad-option` where nothing could be proposed */
function proposeOf({ propose, proposeAs, pageChanges, worktree }: ServeFlags): ControllerOptions["propose"] {
  if (propose === "branch") {
    if (worktree !== true) return { by: committerOf({ proposeAs }) };
    throw new ServeError(
      "serve/bad-option",
      "--propose branch is for what is committed, and --worktree is not",
      {
        help: "leave one of them out",
      },
    );
  }
  if (proposeAs === undefined || pageChanges !== "off") return undefined;
  throw new ServeError("serve/bad-option", "--propose-as has no effect: nothing is proposed", {
    help: "add --propose branch, or leave it out",
  });
}

function committerOf({ proposeAs }: { readonly proposeAs?: Proposer | undefined }): Proposer {
  return proposeAs ?? parseProposer(DEFAULT_PROPOSER);
}

/** @throws ServeError `serve/bad-option` where nothing that the page commits could be served */
function pageChangesOf({ pageChanges, fleet, worktree, requireSignedCommits }: ServeFlags): PageChanges {
  if (pageChanges === "off") return pageChanges;
  if (fleet === "off") {
    throw new ServeError("serve/bad-option", "--page-changes needs people who sign in, and --fleet is off", {
      help: "leave one of them out",
    });
  }
  if (worktree === true) {
    throw new ServeError(
      "serve/bad-option",
      "--page-changes makes commits, and --worktree serves what is not committed",
      {
        help: "leave one of them out",
      },
    );
  }
  if (pageChanges === "direct" && requireSignedCommits === true) {
    throw new ServeError(
      "serve/bad-option",
      "nobody signs what --page-changes direct commits, so it would be held",
      {
        help: "use --page-changes branch: whoever merges it signs",
      },
    );
  }
  return pageChanges;
}

/** The token from its file or from the environment, which the programs that are started from here do not get. */
function operatorTokenOf({ operatorTokenFile }: ServeFlags): string | undefined {
  const { FAIRLEAD_OPERATOR_TOKEN: token } = process.env;
  delete process.env.FAIRLEAD_OPERATOR_TOKEN;
  if (operatorTokenFile !== undefined) return readOperatorToken(operatorTokenFile);
  return token === undefined ? undefined : checkOperatorToken(token, "$FAIRLEAD_OPERATOR_TOKEN");
}

/** @throws ServeError `serve/bad-option` where every agent would refuse to be sent from https to http */
function requireSafeOrigin(artifacts: ArtifactPlace, publicUrls: readonly URL[]): void {
  if (artifacts.kind !== "origin" || artifacts.prefix.startsWith("https:")) return;
  if (publicUrls.every(({ protocol }) => protocol !== "https:")) return;
  throw new ServeError(
    "serve/bad-option",
    "agents that come by https are never sent on to http for an artifact",
    {
      help: "give --artifacts an https:// prefix",
    },
  );
}

/** In the editing mode, prints at each save what is wrong, as `validate` would. */
function printFindings(outcome: ReconcileOutcome): void {
  const diagnostics = outcome.kind === "refused" || outcome.kind === "published" ? outcome.diagnostics : [];
  for (const { file, span, severity, rule, message, help } of diagnostics) {
    const place = span === undefined ? file : `${file}:${span.line}:${span.column}`;
    process.stderr.write(`${place}: ${severity} ${rule}: ${message}\n`);
    if (help !== undefined) process.stderr.write(`  = help: ${help}\n`);
  }
}

function parseMebibytes(text: string): number {
  const mebibytes = Number(text);
  if (/^\d{1,6}$/.test(text) && mebibytes >= 64) return mebibytes;
  throw new InvalidArgumentError("expected a number of MiB, 64 or more");
}

function checkSettings({ prometheus, prometheusTokenFile }: ServeFlags): CheckSettings {
  if (prometheus === undefined) return {};
  if (prometheusTokenFile === undefined) return { prometheus };
  return { prometheus, authorization: `Bearer ${readPrometheusToken(prometheusTokenFile)}` };
}

/** Without user and password: they would stand in the list of processes. */
function parseWebUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url !== undefined && isWeb && url.username === "" && url.password === "") return url.href;
  throw new InvalidArgumentError("expected a URL such as https://prometheus.example.com, without a password");
}

function parseProposer(text: string): Proposer {
  const [, name, mail] = /^([^<>\p{Cc}]{1,100}) <([^<>\s\p{Cc}]{1,200})>$/u.exec(text) ?? [];
  if (name !== undefined && mail !== undefined) return { name, mail };
  throw new InvalidArgumentError('expected a name and an address, as in "Fairlead <fairlead@acme.example>"');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("expected a number from 0 to 65535");
}

function parseMachines(text: string): number {
  const machines = Number(text);
  if (/^\d{1,4}$/.test(text) && machines > 0 && machines <= MOST_DEMO_MACHINES) return machines;
  throw new InvalidArgumentError(`expected a number from 1 to ${MOST_DEMO_MACHINES}`);
}

function parseAddress(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address !== undefined) return address;
  throw new InvalidArgumentError(
    "expected an address such as 127.0.0.1:8081 or unix:/run/fairlead/operators.sock",
  );
}

function parseConnections(text: string): number {
  const number = Number(text);
  if (/^\d{1,7}$/.test(text) && number > 0) return number;
  throw new InvalidArgumentError("expected a number from 1 on");
}

function parseShare(text: string): Ppm {
  try {
    return parsePercent(text);
  } catch {
    throw new InvalidArgumentError("expected a percentage from 0% to 100%");
  }
}

/** @throws ServeError `serve/bad-option` unless it is a scheme and a host, with nothing below them */
function parseOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  if (isOrigin) return url;
  throw new ServeError("serve/bad-option", `\`${text}\` cannot be a public URL`, {
    help: "give a scheme and a host, as in --public-url https://releases.acme.example",
  });
}
