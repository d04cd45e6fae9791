import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { parseDuration } from "../../protocol/duration.ts";
import { type CommandInstaller, EXIT } from "../cli.ts";
import { createLog, LOG_LEVELS, type LogLevel } from "../log.ts";
import type { ReconcileOutcome } from "../reconcile/outcome.ts";
import { startBanner } from "../serve/banner.ts";
import { type ControllerOptions, runController } from "../serve/run-controller.ts";
import { ServeError } from "../serve/serve-error.ts";
import { stopOnSignals } from "../serve/stop-on-signals.ts";
import { parseSourceLocation, type SourceLocation } from "../source/source-location.ts";
import type { AllowedSigners } from "../source/verify-signature.ts";
import { locateState } from "./locate-state.ts";

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
    .option("--online-key <file>", "key of the online role (default: online.json in the state folder)")
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
  const { location, path, root } = whereStateIs(flags);
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
      ref: flags.ref ?? (location.kind === "local" ? "HEAD" : "main"),
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
    onlineKeyFile: flags.onlineKey === undefined ? undefined : resolve(flags.onlineKey),
    signers: allowedSigners(flags),
    webhookSecret: readSecret(flags.webhookSecretFile),
    trustProxy: flags.trustProxy,
    version: packageJson.version,
    ...(isEditing ? { onOutcome: printFindings } : {}),
  };
}

interface StatePlace {
  readonly location: SourceLocation;
  readonly path: string;
  /** The state root on this machine; absent for a remote. */
  readonly root: string | undefined;
}

function whereStateIs({ repo, path }: ServeFlags): StatePlace {
  const location = parseSourceLocation(repo ?? ".");
  if (location.kind === "remote") return { location, path: path ?? "releases", root: undefined };
  const folder = resolve(location.folder);
  if (repo !== undefined && path !== undefined) {
    return { location: { kind: "local", folder }, path, root: join(folder, path) };
  }
  const located = locateState(folder, path);
  if (located.repository === undefined) throw notInRepository(folder, located.root);
  return { location: { kind: "local", folder: located.repository }, path: located.path, root: located.root };
}

/** What somebody meets who downloaded the files of a repository instead of cloning it. */
function notInRepository(folder: string, root: string): ServeError {
  const isBelow = !relative(folder, root).startsWith("..");
  return new ServeError(
    "serve/no-repository",
    `\`${root}\` is in no git repository, and only what is committed is served`,
    {
      help:
        "clone the repository instead of downloading its files, or make one of them: in " +
        `\`${isBelow ? folder : root}\` run \`git init && git add --all && git commit -m "Begin"\``,
    },
  );
}

/** @returns who may sign; `undefined` when nobody has to */
function allowedSigners(flags: ServeFlags): AllowedSigners | undefined {
  const { requireSignedCommits, allowedSigners, gnupgHome, worktree } = flags;
  const isNamed = allowedSigners !== undefined || gnupgHome !== undefined;
  if (requireSignedCommits === undefined) {
    if (!isNamed) return undefined;
    throw new ServeError("serve/bad-option", "signers are listed, but no commit has to be signed", {
      help: "add --require-signed-commits",
    });
  }
  if (worktree === true) {
    throw new ServeError("serve/bad-option", "what is not committed cannot be signed", {
      help: "use --worktree without --require-signed-commits",
    });
  }
  if (!isNamed) {
    throw new ServeError("serve/no-signers", "commits must be signed, and nobody is listed who may sign", {
      help: "list them with --allowed-signers FILE (SSH keys) or --gnupg-home DIR (OpenPGP keys)",
    });
  }
  for (const path of [allowedSigners, gnupgHome]) {
    if (path === undefined || existsSync(path)) continue;
    throw new ServeError("serve/no-signers", `\`${path}\` is not there`, {
      help: "without it every commit would be held",
    });
  }
  return {
    allowedSigners: allowedSigners === undefined ? undefined : resolve(allowedSigners),
    gnupgHome: gnupgHome === undefined ? undefined : resolve(gnupgHome),
  };
}

/** The editing mode says at each save what is wrong, as `validate` would. */
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
    // said below
  }
  throw new InvalidArgumentError("expected a length of time such as 30s or 5m");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("expected a number from 0 to 65535");
}

function readSecret(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  let secret = "";
  try {
    secret = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new ServeError(
      "serve/no-webhook-secret",
      `\`${file}\` cannot be read: ${(error as Error).message}`,
      {
        help: "write the secret that the forge has into that file",
        cause: error,
      },
    );
  }
  if (secret.length >= 16) return secret;
  throw new ServeError("serve/no-webhook-secret", `the secret in \`${file}\` has fewer than 16 characters`, {
    help: "make one with `openssl rand -hex 32` and give it to the forge",
  });
}
