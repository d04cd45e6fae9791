import type { GitRun } from "./git-process.ts";
import { SourceError } from "./source-error.ts";

/** How a controller reaches a private repository. Files are absolute. */
export interface RemoteAccess {
  /** PEM file of the certificate authorities that the server's certificate may come from, instead of the system's. */
  readonly caFile?: string;
  /** File of lines `https://name:token@host`, as git-credential-store(1) reads it. */
  readonly credentialsFile?: string;
  /** A credential helper, as gitcredentials(7) names it: a program's name, or an absolute path. */
  readonly credentialHelper?: string;
  /** The only hosts that ssh may talk to, as sshd(8) writes them. */
  readonly sshKnownHosts?: string;
  /** The only private key that ssh offers. */
  readonly sshKey?: string;
}

/** What git needs for one remote: an address without secrets, and the rest by settings and environment. */
export interface RemoteCall extends Required<Pick<GitRun, "config" | "env">> {
  readonly url: string;
}

/** Where the name and the password of an address go: a process list shows arguments, and never this. */
const NAME_VARIABLE = "FAIRLEAD_GIT_NAME";
const PASSWORD_VARIABLE = "FAIRLEAD_GIT_PASSWORD";
const FROM_ENVIRONMENT =
  `!printf 'username=%s\\n' "$${NAME_VARIABLE}"; ` +
  `test -z "\${${PASSWORD_VARIABLE}+given}" || printf 'password=%s\\n' "$${PASSWORD_VARIABLE}"; :`;

/** Proxies and certificate authorities as curl and git read them; nothing else of the caller's environment passes. */
const INHERITED = [
  ...["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"],
  ...["GIT_ASKPASS", "SSH_ASKPASS"],
];

/**
 * How to call git for a remote. No secret stands in an argument, where every user of the machine could read it.
 *
 * @param environment of this process
 * @throws SourceError `source/bad-source` for a credential helper that git would read as shell text, and for an address
 *   whose name or password cannot be read
 */
export function callRemote(
  url: string,
  access: RemoteAccess,
  environment: Readonly<Record<string, string | undefined>>,
): RemoteCall {
  const env: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = environment[name];
    if (value !== undefined) env[name] = value;
  }
  const config: string[] = [];
  const caFile = access.caFile ?? environment.SSL_CERT_FILE;
  if (caFile !== undefined) config.push(`http.sslCAInfo=${caFile}`);

  const { bare, name, password } = splitCredentials(url);
  if (name !== undefined) {
    env[NAME_VARIABLE] = name;
    if (password !== undefined) env[PASSWORD_VARIABLE] = password;
    // For that server alone: git asks again where it is sent on to another one.
    config.push(`credential.${new URL(bare).origin}.helper=${FROM_ENVIRONMENT}`);
  }
  if (access.credentialsFile !== undefined) {
    config.push(`credential.helper=${readOnlyStore(access.credentialsFile)}`);
  }
  if (access.credentialHelper !== undefined)
    config.push(`credential.helper=${helperOf(access.credentialHelper)}`);
  const ssh = sshCommand(access);
  if (ssh !== undefined) env.GIT_SSH_COMMAND = ssh;
  return { url: bare, config, env };
}

/** Whether an address carries what opens the repository: a password, or a name that may be a token. */
export function carriesSecret(url: string): boolean {
  return splitCredentials(url).name !== undefined;
}

/** Takes name and password out of an address of HTTP. A name alone may be a token, which forges take without a password. */
function splitCredentials(url: string): { bare: string; name?: string; password?: string } {
  const [, scheme, said] = /^(https?:\/\/)([^/?#]*)@/i.exec(url) ?? [];
  const parsed = scheme === undefined ? null : URL.parse(url);
  if (said === undefined || parsed === null) return { bare: url };
  const [name, password] = [decodeSecret(parsed.username), decodeSecret(parsed.password)];
  parsed.username = "";
  parsed.password = "";
  return { bare: parsed.href, name, ...(said.includes(":") ? { password } : {}) };
}

/** @throws SourceError for what no line of git's credential protocol can hold; its text is not repeated */
function decodeSecret(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
    if (!/[\u0000-\u001f\u007f]/.test(decoded)) return decoded;
  } catch {
    // Not percent-encoded: the error below says so.
  }
  throw new SourceError("source/bad-source", "the name or the password in the address cannot be read", {
    help: "percent-encode it, or better: leave it out, and name a file with --git-credentials",
  });
}

/**
 * git-credential-store(1) that only reads. By itself it writes the file anew after each answer, and takes the line out
 * at the first 401: one bad minute of the forge would cost the operator's token.
 */
function readOnlyStore(file: string): string {
  return `!f() { test "$1" != get || git credential-store --file=${quoteForShell(file)} get; }; f`;
}

function helperOf(helper: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(helper)) return helper;
  // With the mark, git runs it as it is quoted; without, it would part a path at its blanks.
  if (helper.startsWith("/")) return `!${quoteForShell(helper)}`;
  throw new SourceError("source/bad-source", `\`${helper}\` cannot be a credential helper`, {
    help: "give the name of a helper, such as `store` or `manager`, or the absolute path of a program",
  });
}

function sshCommand({ sshKnownHosts, sshKey }: RemoteAccess): string | undefined {
  if (sshKnownHosts === undefined && sshKey === undefined) return undefined;
  const options = ["-oBatchMode=yes", "-oConnectTimeout=15"];
  if (sshKnownHosts !== undefined) {
    options.push("-oStrictHostKeyChecking=yes", "-oGlobalKnownHostsFile=/dev/null");
    options.push(`-oUserKnownHostsFile=${quoteForSsh(sshKnownHosts)}`);
  }
  if (sshKey !== undefined)
    options.push("-oIdentitiesOnly=yes", "-oIdentityAgent=none", `-oIdentityFile=${quoteForSsh(sshKey)}`);
  return ["ssh", ...options.map(quoteForShell)].join(" ");
}

/** ssh parts the value of an option at blanks unless it stands in double quotes. */
function quoteForSsh(path: string): string {
  return `"${path}"`;
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
