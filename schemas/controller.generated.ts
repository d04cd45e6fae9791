// Generated from the schemas beside it by `npm run generate`. Do not edit.

/**
 * A folder, absolute or relative to the folder of this file, or an address.
 */
export type Place = string;
/**
 * A file: absolute, or relative to the folder of this file.
 */
export type File = string;
/**
 * A folder: absolute, or relative to the folder of this file.
 */
export type Folder = string;
export type MailAddress = string;
/**
 * Only what is about these.
 *
 * @minItems 1
 * @maxItems 1000
 */
export type Names = string[];
/**
 * Only what is about these: `stable`, or `agent/stable`.
 *
 * @minItems 1
 * @maxItems 1000
 */
export type Names1 = string[];
/**
 * It hears of machines of these alone, of versions without what counts the machines of others, and nothing of commits.
 *
 * @minItems 1
 * @maxItems 1000
 */
export type Names2 = string[];

/**
 * What `fairlead serve --config FILE` is told: each key is the flag of that name. Flags and environment variables go before the file. It is read at the start: a change needs a restart. Relative files and folders are below the folder of this file. Secrets stand in files of their own.
 */
export interface ControllerConfig {
  /**
   * The state repository: a folder or a URL without a password in it.
   */
  repo?: Place;
  /**
   * What to follow: a branch, or a ref in full. Without it HEAD of a folder, main of a URL.
   */
  ref?: string;
  /**
   * The state root inside the repository. Without it the folder that holds fleet.yaml.
   */
  path?: string;
  /**
   * Certificate authorities of the git server, instead of the system's: a PEM file.
   */
  gitCa?: File;
  /**
   * What a git server over https is shown: a file of lines `https://name:token@host` that others may not read.
   */
  gitCredentials?: File;
  /**
   * Who is asked for it: a helper as in gitcredentials(7), or the absolute path of a program.
   */
  gitCredentialHelper?: string;
  /**
   * The only hosts that ssh talks to, as in sshd(8).
   */
  sshKnownHosts?: File;
  /**
   * The only key that ssh shows: without a passphrase, mode 0600.
   */
  sshKey?: File;
  /**
   * A fetch that takes longer is given up: at most 1d.
   */
  fetchTimeout?: string;
  /**
   * Time between two looks at a remote, at most 1d; a folder is watched.
   */
  interval?: string;
  /**
   * Keys and the last manifest.
   */
  stateDir?: Folder;
  /**
   * Wait while another controller has the state folder, and take over when it ends.
   */
  standby?: boolean;
  /**
   * Where hosted artifacts are: a folder, the https:// prefix of a bucket, which agents are sent to, or `git-lfs` for the LFS server of a remote.
   */
  artifacts?: Place;
  /**
   * The Git LFS server. Without it the one that belongs to the repository's https address.
   */
  lfsUrl?: string;
  /**
   * Address to listen on; $HOST goes before it.
   */
  host?: string;
  /**
   * Port to listen on, 0 for a free one; $PORT goes before it.
   */
  port?: number;
  /**
   * Both in one, and before both: `host:port`, or `unix:/path` for a socket.
   */
  listen?: string;
  /**
   * Serve operators (status, metrics, API) here and not where agents are: `host:port`, or `unix:/path`.
   */
  operatorListen?: string;
  /**
   * What operators show where more than this machine can ask. Without it a token in the state folder.
   */
  operatorTokenFile?: File;
  /**
   * Under which agents reach it; the first is what answers name. Requests for other hosts are refused.
   *
   * @minItems 1
   * @maxItems 100
   */
  publicUrl?: string[];
  /**
   * Proxies whose X-Forwarded headers count: addresses or networks.
   *
   * @minItems 1
   * @maxItems 100
   */
  trustProxy?: string[];
  /**
   * Connections of each listener at a time.
   */
  maxConnections?: number;
  /**
   * Accept webhooks at /hooks/git that are signed with the secret in this file.
   */
  webhookSecretFile?: File;
  /**
   * The Prometheus server of the checks of gates that name none.
   */
  prometheus?: string;
  /**
   * The bearer token that this Prometheus server asks for; sent to no other.
   */
  prometheusTokenFile?: File;
  /**
   * Key of the online role. Without it online.json in the state folder, or in keys/ beside the state.
   */
  onlineKey?: File;
  /**
   * Hold every commit that nobody signed who is listed as a signer.
   */
  requireSignedCommits?: boolean;
  /**
   * Who may sign with an SSH key: a file as in ssh-keygen(1).
   */
  allowedSigners?: File;
  /**
   * Who may sign with OpenPGP: every public key in this GnuPG home folder.
   */
  gnupgHome?: Folder;
  /**
   * Key of the forge, one of those listed: its merges need no signature on the merged side, and it signs nothing else.
   */
  forgeKey?: string;
  /**
   * Most commits whose signatures are verified at once.
   */
  maxCommits?: number;
  /**
   * Let machines enrol and report here; off: only serve what is published.
   */
  fleet?: "on" | "off";
  /**
   * Have halts by a gate, and promotions that are due, proposed to git. `branch`: one commit on a new branch `fairlead/...`, pushed with the credentials of the repository.
   */
  propose?: "off" | "branch";
  /**
   * Author of what is proposed, and committer of what people confirm on the page. Without it, `Fairlead <fairlead@localhost>`.
   */
  proposeAs?: string;
  /**
   * What becomes of a change that somebody confirms on the page. `branch`: a commit on a new branch `fairlead/...`, for people of the role operator. `direct`: the next commit of what is followed, for admins.
   */
  pageChanges?: "off" | "branch" | "direct";
  /**
   * Where commits and lines can be looked at, where the repository's address does not tell: the kind of forge (Forgejo is `gitea`), or `none`.
   */
  forge?: "github" | "gitlab" | "gitea" | "none";
  /**
   * The repository's page there, where that is not its address. Whoever uses the page sees it.
   */
  forgeUrl?: string;
  /**
   * Who is told what happens: by webhook, in a chat, by e-mail.
   *
   * @maxItems 50
   */
  notify?: ReceiverConfig[];
  /**
   * Say at the forge what became of each commit, and of each rollout on the commit that promoted it.
   */
  commitStatus?: CommitStatusConfig;
  /**
   * Who may read the feeds of versions, `/feeds/PRODUCT/CHANNEL.atom` and `.json`: everybody, who shows a token, or nobody.
   */
  feeds?: "public" | "token" | "off";
  /**
   * Log this share of the requests.
   */
  accessLog?: number | string;
  /**
   * Most memory for reading and checking, in MiB; by default half of what there is.
   */
  workerMemory?: number;
  /**
   * What to log.
   */
  logLevel?: "debug" | "info" | "warn" | "error" | "silent";
  /**
   * Sign a state without trust/ by keys made here: to try things out, never for a fleet.
   */
  devKeys?: boolean;
  /**
   * For editing: serve the files as they are saved. Needs devKeys.
   */
  worktree?: boolean;
}
/**
 * One of those who are told. It names exactly one of `webhook`, `slack` and `email`.
 */
export interface ReceiverConfig {
  /**
   * How logs and metrics call it.
   */
  name: string;
  webhook?: WebhookConfig;
  slack?: SlackConfig;
  email?: EmailConfig;
  /**
   * What it is told of; without it, of everything.
   *
   * @minItems 1
   * @maxItems 50
   */
  events?: (
    | "promoted"
    | "finished"
    | "halted"
    | "held"
    | "stale"
    | "refused"
    | "commit-held"
    | "stalled"
    | "source-unseen"
    | "expiring"
    | "expired"
    | "below-minimum"
    | "silent"
  )[];
  products?: Names;
  channels?: Names1;
  tenants?: Names2;
  /**
   * What lasts is told again after this time; without it 24h. 0s: never again.
   */
  repeat?: string;
  /**
   * Messages in a minute; what would be more becomes one. Without it 10.
   */
  burst?: number;
}
/**
 * CloudEvents 1.0, structured JSON. It names one of `url` and `urlFile`.
 */
export interface WebhookConfig {
  /**
   * Where to. An address with a secret in it belongs into a file.
   */
  url?: string;
  /**
   * A file: absolute, or relative to the folder of this file.
   */
  urlFile?: string;
  /**
   * A file: absolute, or relative to the folder of this file.
   */
  hmacSecretFile?: string;
  /**
   * A file: absolute, or relative to the folder of this file.
   */
  tokenFile?: string;
  /**
   * The header of the token. Without it `Authorization: Bearer TOKEN`.
   */
  tokenHeader?: string;
  /**
   * Whether its host may be at an address of this machine's own network.
   */
  privateAddress?: "allow" | "refuse";
}
/**
 * An incoming webhook of Slack, or of what takes its messages.
 */
export interface SlackConfig {
  /**
   * A file: absolute, or relative to the folder of this file.
   */
  urlFile: string;
  /**
   * Whether its host may be at an address of this machine's own network.
   */
  privateAddress?: "allow" | "refuse";
}
/**
 * E-mail by SMTP.
 */
export interface EmailConfig {
  /**
   * The mail server.
   */
  host: string;
  /**
   * Its port; without it 587, or 465 with `tls`.
   */
  port?: number;
  /**
   * `starttls` (without it) and `tls` are demanded; `none` is for a relay on this machine, and takes no password.
   */
  security?: "starttls" | "tls" | "none";
  /**
   * A file: absolute, or relative to the folder of this file.
   */
  userFile?: string;
  /**
   * A file: absolute, or relative to the folder of this file.
   */
  passwordFile?: string;
  /**
   * The sender.
   */
  from: string;
  /**
   * @minItems 1
   * @maxItems 50
   */
  to: MailAddress[];
}
/**
 * Where the state repository is at its forge, and what may write statuses there.
 */
export interface CommitStatusConfig {
  forge: "github" | "gitlab" | "gitea";
  /**
   * `owner/name`; at GitLab the whole path.
   */
  repository: string;
  /**
   * The API of a forge of your own: `https://git.acme.example/api/v4`. Without it that of github.com or gitlab.com.
   */
  api?: string;
  /**
   * A file: absolute, or relative to the folder of this file.
   */
  tokenFile: string;
  /**
   * Whether the forge may be at an address of this machine's own network.
   */
  privateAddress?: "allow" | "refuse";
}
