import { join, resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { parseDuration } from "../../protocol/duration.ts";
import { findOnlineKey } from "../keys/state-folder-keys.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import { startBanner } from "../serve/banner.ts";
import type { ControllerOptions } from "../serve/controller-options.ts";
import { locateSource } from "../serve/locate-source.ts";
import { createLog, LOG_LEVELS, type LogLevel } from "../serve/log.ts";
import { runController } from "../serve/run-controller.ts";
import { ServeError } from "../serve/serve-error.ts";
import { signersOf } from "../serve/signer-options.ts";
import { stopOnSignals } from "../serve/stop-on-signals.ts";
import { readWebhookSecret } from "../serve/webhook-secret.ts";
import { type CommandInstaller, EXIT } from "./command-line.ts";

interface ServeFlags {
  readonly repo?: string;
  readonly ref?: string;
  readonly path?: string;
  readonly stateDir: string;
  readonly artifacts?: string;
  readonly port: number;
  readonly host: string;
  readonly devKeys?: true;
  readonly onlineKey?: string;
  readonly interval: number;
  readonly worktree?: true;
  readonly requireSignedCommits?: true;
  readonly allowedSigners?: string;
  readonly gnupgHome?: string;
  readonly webhookSecretFile?: string;
  readonly trustProxy?: string[];
  readonly workerMemory?: number;
  readonly logLevel: LogLevel;
}

export const addServeCommand: CommandInstaller = (program) => {
  program
    .command("serve")
    .description("check each commit of the state repository, sign it and serve it to agents")
    .option("--repo <path>", "the state repository: a folder or a URL (default: the one around this folder)")
    .option("--ref <ref>", "what to follow (default: HEAD of a folder, main of a URL)")
    .option("--path <dir>", "the state root inside the repository (default: where fleet.yaml is)")
    .option("--state-dir <dir>", "keys and the last manifest", ".fairlead")
    .option("--artifacts <dir>", "folder of the hosted artifacts (default: artifacts/ of the state root)")
    .addOption(
      new Option("--port <port>", "port to listen on").env("PORT").default(8080).argParser(parsePort),
    )
    .addOption(new Option("--host <host>", "address to listen on").env("HOST").default("127.0.0.1"))
    .option(
      "--dev-keys",
      "sign a state without trust/ by keys made here: to try things out, never for a fleet",
    )
    .option(
      "--online-key <file>",
      "key of the online role (default: online.json in the state folder, or in keys/ beside the state)",
    )
    .addOption(
      new Option("--interval <time>", "time between two looks at a remote; a folder is watched")
        .default(60, "60s")
        .argParser(parseSeconds),
    )
    .option("--worktree", "for editing: serve the files as they are saved; needs --dev-keys")
    .option("--require-signed-commits", "hold commits that nobody signed who is listed as a signer")
    .option("--allowed-signers <file>", "who may sign with an SSH key: a file as in ssh-keygen(1)")
    .option("--gnupg-home <dir>", "who may sign with OpenPGP: every public key in this GnuPG home folder")
    .option("--webhook-secret-file <file>", "accept webhooks at /hooks/git that are signed with this secret")
    .option("--trust-proxy <address...>", "proxies whose X-Forwarded headers count: addresses or networks")
    .addOption(
      new Option(
        "--worker-memory <MiB>",
        "most memory for reading and checking; by default half of what there is",
      ).argParser(parseMebibytes),
    )
    .addOption(new Option("--log-level <level>", "what to log").choices(LOG_LEVELS).default("info"))
    .action(async (flags: ServeFlags) => {
      const options = controllerOptions(flags);
      const controller = await runController(options, createLog(flags.logLevel));
      const stopped = stopOnSignals(controller);
      const greeted = controller.firstOutcome.then(() => {
        process.stdout.write(startBanner(controller, options));
      });
      await Promise.race([greeted, stopped]);
      await stopped;
      process.exitCode = EXIT.ok;
    });
};

function controllerOptions(flags: ServeFlags): ControllerOptions {
  const { location, path, defaultRef, root } = locateSource(flags.repo, flags.path);
  const stateFolder = resolve(flags.stateDir);
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
  return {
    source: {
      location,
      ref: flags.ref ?? defaultRef,
      path,
      mirrorsFolder: join(stateFolder, "mirrors"),
      intervalMs: flags.interval * 1000,
      worktree: isEditing ? root : undefined,
    },
    stateFolder,
    artifacts:
      flags.artifacts === undefined ? join(root ?? stateFolder, "artifacts") : resolve(flags.artifacts),
    host: flags.host,
    port: flags.port,
    devKeys: flags.devKeys === true,
    onlineKeyFile:
      flags.onlineKey === undefined ? findOnlineKey(stateFolder, root) : resolve(flags.onlineKey),
    signers: signersOf(flags),
    webhookSecret:
      flags.webhookSecretFile === undefined ? undefined : readWebhookSecret(flags.webhookSecretFile),
    trustProxy: flags.trustProxy,
    ...(flags.workerMemory === undefined ? {} : { workerMemory: flags.workerMemory }),
    version: packageJson.version,
    ...(isEditing ? { onOutcome: printFindings } : {}),
  };
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

function parseSeconds(text: string): number {
  try {
    const seconds = parseDuration(text);
    if (seconds > 0) return seconds;
  } catch {
    // Not a duration: the error below says so.
  }
  throw new InvalidArgumentError("expected a length of time such as 30s or 5m");
}

function parseMebibytes(text: string): number {
  const mebibytes = Number(text);
  if (/^\d{1,6}$/.test(text) && mebibytes >= 64) return mebibytes;
  throw new InvalidArgumentError("expected a number of MiB, 64 or more");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("expected a number from 0 to 65535");
}
