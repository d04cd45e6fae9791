import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../protocol/duration.ts";
import type { ArtifactPlace } from "../artifacts/artifact-place.ts";
import { findOnlineKey } from "../keys/state-folder-keys.ts";
import { type ArtifactOptions, artifactPlaceOf, GIT_LFS } from "../serve/artifact-options.ts";
import { locateSource } from "../serve/locate-source.ts";
import { type RemoteAccessOptions, remoteAccessOf } from "../serve/remote-access-options.ts";
import type { GitSourceOptions } from "../source/git-source.ts";
import { carriesSecret } from "../source/remote-access.ts";

/** Flags of every command that publishes: where the state is, how to reach it, and what goes with it. */
export interface SourceFlags extends RemoteAccessOptions, ArtifactOptions {
  readonly repo?: string;
  readonly ref?: string;
  readonly path?: string;
  /** Seconds. */
  readonly fetchTimeout: number;
  readonly stateDir: string;
  readonly devKeys?: true;
  readonly onlineKey?: string;
}

/** What these flags say. */
export interface PublishingSource {
  readonly source: GitSourceOptions;
  /** The state root on this machine; absent for a remote. */
  readonly root: string | undefined;
  /** Absolute. */
  readonly stateFolder: string;
  readonly artifacts: ArtifactPlace;
  readonly devKeys: boolean;
  readonly onlineKeyFile: string | undefined;
  /** What somebody should know who gave these flags. */
  readonly warning: string | undefined;
}

/** @param verb what the command does with the ref */
export function addSourceOptions(command: Command, verb: "follow" | "export"): Command {
  return command
    .option("--repo <path>", "the state repository: a folder or a URL (default: the one around this folder)")
    .option(
      "--ref <ref>",
      `what to ${verb}: a branch, or a ref in full (default: HEAD of a folder, main of a URL)`,
    )
    .option("--path <dir>", "the state root inside the repository (default: where fleet.yaml is)")
    .option(
      "--git-ca <file>",
      "certificate authorities of the git server, instead of the system's: a PEM file",
    )
    .option(
      "--git-credentials <file>",
      "what a git server over https is shown: lines https://name:token@host",
    )
    .option(
      "--git-credential-helper <name>",
      "who is asked for it: a helper as in gitcredentials(7), or its path",
    )
    .option("--ssh-known-hosts <file>", "the only hosts that ssh talks to, as in sshd(8)")
    .option("--ssh-key <file>", "the only key that ssh shows, without a passphrase")
    .addOption(
      new Option("--fetch-timeout <time>", "a fetch that takes longer is given up")
        .default(120, "2m")
        .argParser(parseSeconds),
    )
    .option("--state-dir <dir>", "keys and the last manifest", ".fairlead")
    .option(
      "--artifacts <place>",
      "where hosted artifacts are: a folder, the https:// prefix of a bucket, which agents are sent to, or " +
        `\`${GIT_LFS}\` for the LFS server of a remote (default: artifacts/ of the state root)`,
    )
    .option(
      "--lfs-url <url>",
      "the Git LFS server (default: the one that belongs to a repository's https address)",
    )
    .option(
      "--dev-keys",
      "sign a state without trust/ by keys made here: to try things out, never for a fleet",
    )
    .option(
      "--online-key <file>",
      "key of the online role (default: online.json in the state folder, or in keys/ beside the state)",
    );
}

/** Ends the help of these commands. */
export function privateForgeExample(command: string): string {
  return `
A private repository, with its authority and a token in files (mode 0600); a password
in the address of --repo would stand in the process list:
  ${command} --repo https://git.acme.example/fleet/state.git \\
    --git-ca /etc/fairlead/acme-ca.pem --git-credentials /etc/fairlead/git-credentials
  ${command} --repo git@git.acme.example:fleet/state.git \\
    --ssh-known-hosts /etc/fairlead/known_hosts --ssh-key /etc/fairlead/deploy_key
Proxies are taken from https_proxy, http_proxy and no_proxy, and authorities of the
whole service from SSL_CERT_FILE.`;
}

/** @throws SourceError, StateLocationError, ServeError for what cannot work */
export function sourceOf(flags: SourceFlags): PublishingSource {
  const { location, path, defaultRef, root } = locateSource(flags.repo, flags.path);
  const stateFolder = resolve(flags.stateDir);
  const isExposed = location.kind === "remote" && carriesSecret(location.url);
  return {
    source: {
      location,
      ref: flags.ref ?? defaultRef,
      path,
      mirrorsFolder: join(stateFolder, "mirrors"),
      fetchDeadlineMs: flags.fetchTimeout * 1000,
      access: remoteAccessOf(flags, location),
    },
    root,
    stateFolder,
    artifacts: artifactPlaceOf(flags, { location, root, stateFolder }),
    devKeys: flags.devKeys === true,
    onlineKeyFile:
      flags.onlineKey === undefined ? findOnlineKey(stateFolder, root) : resolve(flags.onlineKey),
    warning: isExposed
      ? "the address of --repo carries a name or a password, which everybody on this machine can list with `ps`: " +
        "put it into a file and name that with --git-credentials"
      : undefined,
  };
}

const MOST_SECONDS = 86_400;

export function parseSeconds(text: string): number {
  try {
    const seconds = parseDuration(text);
    // A timer of node runs out at once beyond 24 days.
    if (seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  } catch {
    // Not a duration: the error below says so.
  }
  throw new InvalidArgumentError("expected a length of time such as 30s or 5m, at most 1d");
}
