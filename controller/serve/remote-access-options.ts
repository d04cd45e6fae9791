import { X509Certificate } from "node:crypto";
import { accessSync, constants, readFileSync, type Stats, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { callRemote, type RemoteAccess } from "../source/remote-access.ts";
import type { SourceLocation } from "../source/source-location.ts";
import { ServeError } from "./serve-error.ts";

/** How a private repository is reached, as the command line says it. */
export interface RemoteAccessOptions {
  readonly gitCa?: string | undefined;
  readonly gitCredentials?: string | undefined;
  readonly gitCredentialHelper?: string | undefined;
  readonly sshKnownHosts?: string | undefined;
  readonly sshKey?: string | undefined;
}

/**
 * Looks at each file once at the start: git and ssh say late, or not at all, what is wrong with one.
 *
 * @returns with absolute files
 * @throws ServeError `serve/bad-file`, `serve/bad-option`, `serve/exposed-secret`; SourceError `source/bad-source` for
 *   an address or a helper that cannot be used
 */
export function remoteAccessOf(options: RemoteAccessOptions, location: SourceLocation): RemoteAccess {
  requireRemote(options, location);
  const { gitCa, gitCredentials, gitCredentialHelper, sshKnownHosts, sshKey } = options;
  const access: RemoteAccess = {
    ...(gitCa === undefined ? {} : { caFile: checkAuthority(gitCa) }),
    ...(gitCredentials === undefined ? {} : { credentialsFile: checkCredentials(gitCredentials, location) }),
    ...(gitCredentialHelper === undefined ? {} : { credentialHelper: checkHelper(gitCredentialHelper) }),
    ...(sshKnownHosts === undefined ? {} : { sshKnownHosts: checkKnownHosts(sshKnownHosts) }),
    ...(sshKey === undefined ? {} : { sshKey: checkKey(sshKey) }),
  };
  if (location.kind === "remote") callRemote(location.url, access, {});
  return access;
}

const FLAGS: Readonly<Record<keyof RemoteAccessOptions, string>> = {
  gitCa: "--git-ca",
  gitCredentials: "--git-credentials",
  gitCredentialHelper: "--git-credential-helper",
  sshKnownHosts: "--ssh-known-hosts",
  sshKey: "--ssh-key",
};

/** An option that has no effect is a mistake that nobody would see. */
function requireRemote(options: RemoteAccessOptions, location: SourceLocation): void {
  const useless = (flag: string, why: string, help: string): ServeError =>
    new ServeError("serve/bad-option", `${flag} has no effect: ${why}`, { help });
  if (location.kind === "local") {
    const given = Object.entries(FLAGS).find(
      ([key]) => options[key as keyof RemoteAccessOptions] !== undefined,
    );
    if (given === undefined) return;
    throw useless(
      given[1],
      "the state repository is a folder of this machine",
      "leave it out, or name a URL with --repo",
    );
  }
  const ssh = options.sshKey === undefined ? FLAGS.sshKnownHosts : FLAGS.sshKey;
  if (location.protocol !== "ssh" && (options.sshKey ?? options.sshKnownHosts) !== undefined) {
    throw useless(
      ssh,
      `\`--repo\` is reached by ${location.protocol}`,
      "give an address of ssh, as in git@host:path",
    );
  }
}

const LIMIT = 1024 * 1024;

/** A file that an option names: what it holds, and what `stat` says of it. */
function readNamed(flag: string, file: string, what: string): { path: string; text: string; stats: Stats } {
  const path = resolve(file);
  const bad = (why: string, cause?: unknown): ServeError =>
    new ServeError("serve/bad-file", `\`${file}\` ${why}`, { help: `${flag} takes ${what}`, cause });
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    throw bad(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (!stats.isFile()) throw bad("is not a file");
  if (stats.size > LIMIT) throw bad(`has ${stats.size} bytes, and at most ${LIMIT} are read`);
  try {
    return { path, text: readFileSync(path, "utf8"), stats };
  } catch (error) {
    throw bad(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

/** Whoever can replace what is trusted can stand between the controller and its git server. */
function requireUnchangeable(file: string, stats: Stats): void {
  if ((stats.mode & 0o002) === 0) return;
  throw new ServeError("serve/exposed-secret", `everybody on this machine may change \`${file}\``, {
    help: `run: chmod o-w ${file}`,
  });
}

/** A group may read a secret, as Kubernetes mounts it; others may not. */
function requireSecret(file: string, stats: Stats): void {
  if ((stats.mode & 0o007) === 0) return;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, "0");
  throw new ServeError(
    "serve/exposed-secret",
    `everybody on this machine may read \`${file}\` (mode ${mode})`,
    {
      help: `run: chmod o-rwx ${file}; then change the secret if somebody could have read it`,
    },
  );
}

function checkAuthority(file: string): string {
  const what = "a PEM file with the certificates of the authorities";
  const { path, text, stats } = readNamed(FLAGS.gitCa, file, what);
  requireUnchangeable(file, stats);
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    if (certificates.length === 0) throw new Error("there is none in it");
    for (const each of certificates) new X509Certificate(each);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ServeError("serve/bad-file", `\`${file}\` holds no certificates that can be read: ${why}`, {
      help: `${FLAGS.gitCa} takes ${what}`,
      cause: error,
    });
  }
  return path;
}

function checkCredentials(file: string, location: SourceLocation): string {
  const what = "a file with a line such as https://name:token@git.acme.example for each host";
  const { path, text, stats } = readNamed(FLAGS.gitCredentials, file, what);
  requireSecret(file, stats);
  const known = text.split("\n").flatMap((line) => {
    const url = URL.parse(line.trim());
    return url === null || url.password === "" ? [] : [url];
  });
  if (known.length === 0) {
    throw new ServeError("serve/bad-file", `\`${file}\` holds no credentials`, {
      help: `${FLAGS.gitCredentials} takes ${what}`,
    });
  }
  const url = location.kind === "remote" ? URL.parse(location.url) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return path;
  if (known.some(({ protocol, host }) => protocol === url.protocol && host === url.host)) return path;
  throw new ServeError("serve/bad-file", `\`${file}\` holds nothing for ${url.protocol}//${url.host}`, {
    help: "scheme, host and port must be those of --repo",
  });
}

function checkHelper(helper: string): string {
  if (!isAbsolute(helper)) return helper;
  try {
    accessSync(helper, constants.X_OK);
  } catch (error) {
    throw new ServeError("serve/bad-file", `\`${helper}\` is no program that this user may run`, {
      help: `${FLAGS.gitCredentialHelper} takes a helper's name, or the absolute path of a program`,
      cause: error,
    });
  }
  return helper;
}

function checkKnownHosts(file: string): string {
  const what =
    "a file of host keys, as `ssh-keyscan` prints them; compare them with what the operator publishes";
  const { path, text, stats } = readNamed(FLAGS.sshKnownHosts, file, what);
  requireUnchangeable(file, stats);
  if (text.split("\n").some((line) => /^[^#\s]\S* +\S+ +\S/.test(line.trim()))) return path;
  throw new ServeError("serve/bad-file", `\`${file}\` holds no host keys`, {
    help: `${FLAGS.sshKnownHosts} takes ${what}`,
  });
}

function checkKey(file: string): string {
  const what = "a private key of OpenSSH without a passphrase: `ssh-keygen -t ed25519 -N '' -f FILE`";
  const { path, text, stats } = readNamed(FLAGS.sshKey, file, what);
  requireSecret(file, stats);
  // ssh itself passes over a key of its user that a group may read, and then says no more than "permission denied".
  if (stats.uid === process.getuid?.() && (stats.mode & 0o077) !== 0) {
    throw new ServeError(
      "serve/exposed-secret",
      `ssh takes no key of its own user that a group may read: \`${file}\``,
      {
        help: `run: chmod 600 ${file}`,
      },
    );
  }
  const [, kind = "", body = ""] =
    /-----BEGIN ((?:[A-Z]+ )*PRIVATE KEY)-----\s([\s\S]+?)-----END/.exec(text) ?? [];
  if (kind === "") {
    throw new ServeError("serve/bad-file", `\`${file}\` holds no private key`, {
      help: `${FLAGS.sshKey} takes ${what}`,
    });
  }
  if (isLocked(kind, body)) {
    throw new ServeError(
      "serve/bad-file",
      `the key in \`${file}\` has a passphrase, and nobody is there to type it`,
      {
        help: `make one for the controller alone: ${FLAGS.sshKey} takes ${what}`,
      },
    );
  }
  return path;
}

/** Whether a private key is encrypted: PEM says it in words, OpenSSH's own format by its cipher (PROTOCOL.key). */
function isLocked(kind: string, body: string): boolean {
  if (kind !== "OPENSSH PRIVATE KEY") return kind.startsWith("ENCRYPTED") || body.includes("ENCRYPTED");
  const magic = "openssh-key-v1\0";
  const bytes = Buffer.from(body, "base64");
  if (bytes.length < magic.length + 8 || bytes.toString("latin1", 0, magic.length) !== magic) return false;
  const length = bytes.readUInt32BE(magic.length);
  const from = magic.length + 4;
  return bytes.toString("latin1", from, from + Math.min(length, 64)) !== "none";
}
