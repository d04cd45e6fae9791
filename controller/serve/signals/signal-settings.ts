import { resolve } from "node:path";
import { parseDuration } from "../../../protocol/duration.ts";
import type {
  CommitStatusConfig,
  EmailConfig,
  ReceiverConfig,
  SlackConfig,
  WebhookConfig,
} from "../../../schemas/controller.generated.ts";
import type { ForgeSettings } from "../../commit-status/forge-request.ts";
import type { MailWay, Receiver, Route, SlackWay, WebhookWay } from "../../notify/receiver.ts";
import type { ConfigSections } from "../config-file.ts";
import { readHmacSecret, readMailSecret, readOutgoingSecret } from "../secret-file.ts";
import { ServeError } from "../serve-error.ts";

/** Who is told what, with secrets read. Plain data, and never logged. */
export interface SignalSettings {
  readonly receivers: readonly Receiver[];
  readonly commitStatus: ForgeSettings | undefined;
}

export const NO_SIGNALS: SignalSettings = { receivers: [], commitStatus: undefined };

const DEFAULT_REPEAT = "24h";
const DEFAULT_BURST = 10;

/**
 * Takes what the configuration says, and reads the files with secrets.
 *
 * @throws ServeError `serve/bad-config`, `serve/no-outgoing-secret`
 */
export function signalSettingsOf({ notify = [], commitStatus, folder }: ConfigSections): SignalSettings {
  const file = (name: string): string => resolve(folder, name);
  const receivers = notify.map((receiver) => receiverOf(receiver, file));
  const names = receivers.map(({ name }) => name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined)
    throw bad(`two receivers are called \`${double}\``, "give each a name of its own");
  return {
    receivers,
    commitStatus: commitStatus === undefined ? undefined : forgeOf(commitStatus, file),
  };
}

function receiverOf(config: ReceiverConfig, file: (name: string) => string): Receiver {
  const { name, repeat = DEFAULT_REPEAT, burst = DEFAULT_BURST } = config;
  const seconds = parseDuration(repeat);
  return {
    ...{ name, burst, route: routeOf(config), way: wayOf(config, file) },
    repeatAfter: seconds === 0 ? null : seconds,
  };
}

function routeOf({ events, products, channels, tenants }: ReceiverConfig): Route {
  return {
    ...(events === undefined ? {} : { events }),
    ...(products === undefined ? {} : { products }),
    ...(channels === undefined ? {} : { channels }),
    ...(tenants === undefined ? {} : { tenants }),
  };
}

function wayOf(
  { name, webhook, slack, email }: ReceiverConfig,
  file: (name: string) => string,
): Receiver["way"] {
  const ways = [
    ...(webhook === undefined ? [] : [() => webhookOf(name, webhook, file)]),
    ...(slack === undefined ? [] : [() => slackOf(name, slack, file)]),
    ...(email === undefined ? [] : [() => mailOf(name, email, file)]),
  ];
  const [only] = ways;
  if (only !== undefined && ways.length === 1) return only();
  throw bad(
    `the receiver \`${name}\` is told by ${ways.length === 0 ? "no way" : `${ways.length} ways`}`,
    "give it exactly one of webhook, slack and email; two receivers may have the same events",
  );
}

function webhookOf(name: string, config: WebhookConfig, file: (name: string) => string): WebhookWay {
  const { url, urlFile, hmacSecretFile, tokenFile, tokenHeader, privateAddress } = config;
  if ((url === undefined) === (urlFile === undefined)) {
    throw bad(
      `the webhook of \`${name}\` needs one of url and urlFile`,
      "name the address, or a file with it",
    );
  }
  if (tokenHeader !== undefined && tokenFile === undefined) {
    throw bad(
      `the webhook of \`${name}\` has a tokenHeader and no tokenFile`,
      "name the file with the token",
    );
  }
  const address = url ?? readOutgoingSecret(file(urlFile ?? ""));
  const token = tokenFile === undefined ? undefined : readOutgoingSecret(file(tokenFile));
  return {
    ...{ kind: "webhook", url: webAddress(name, address, url !== undefined) },
    allowPrivate: privateAddress === "allow",
    ...(hmacSecretFile === undefined ? {} : { hmacSecret: readHmacSecret(file(hmacSecretFile)) }),
    ...(token === undefined ? {} : { token: tokenIn(tokenHeader, token) }),
  };
}

function tokenIn(
  header: string | undefined,
  token: string,
): { readonly header: string; readonly value: string } {
  return header === undefined
    ? { header: "authorization", value: `Bearer ${token}` }
    : { header, value: token };
}

function slackOf(
  name: string,
  { urlFile, privateAddress }: SlackConfig,
  file: (name: string) => string,
): SlackWay {
  const url = webAddress(name, readOutgoingSecret(file(urlFile)), false);
  return { kind: "slack", url, allowPrivate: privateAddress === "allow" };
}

/** @param isShown the address stands in the configuration, and may be shown */
function webAddress(name: string, text: string, isShown: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url !== undefined && isWeb && url.username === "" && url.password === "" && url.hash === "")
    return url.href;
  const shown = isShown ? `, got \`${text.replace(/\/\/[^/]*@/, "//***@")}\`` : "";
  throw bad(
    `the address of the receiver \`${name}\` is none of http or https without a password${shown}`,
    "give an address such as https://hooks.acme.example/fairlead",
  );
}

function mailOf(name: string, config: EmailConfig, file: (name: string) => string): MailWay {
  const { host, security = "starttls", userFile, passwordFile, from, to } = config;
  const { port = security === "tls" ? 465 : 587 } = config;
  if ((userFile === undefined) !== (passwordFile === undefined)) {
    throw bad(
      `the e-mail of \`${name}\` needs both of userFile and passwordFile, or none`,
      "name both files",
    );
  }
  if (security === "none" && passwordFile !== undefined) {
    throw bad(
      `the e-mail of \`${name}\` would send a password without TLS`,
      "leave `security: none` out, or the password",
    );
  }
  const login =
    userFile === undefined || passwordFile === undefined
      ? {}
      : { user: readMailSecret(file(userFile)), password: readMailSecret(file(passwordFile)) };
  return { kind: "mail", host, port, security, from, to, ...login };
}

const APIS: Readonly<Record<CommitStatusConfig["forge"], string | undefined>> = {
  github: "https://api.github.com",
  gitlab: "https://gitlab.com/api/v4",
  gitea: undefined,
};

function forgeOf(config: CommitStatusConfig, file: (name: string) => string): ForgeSettings {
  const { forge, repository, api = APIS[config.forge], tokenFile, privateAddress } = config;
  if (api === undefined) {
    throw bad("commitStatus needs the address of the API", "add `api: https://git.acme.example/api/v1`");
  }
  if (forge !== "gitlab" && repository.split("/").length !== 2) {
    throw bad(`\`${repository}\` is no repository of ${forge}`, "give owner/name");
  }
  return {
    ...{ forge, repository, api: webAddress("commitStatus", api, true).replace(/\/+$/, "") },
    ...{ token: readOutgoingSecret(file(tokenFile)), allowPrivate: privateAddress === "allow" },
  };
}

function bad(message: string, help: string): ServeError {
  return new ServeError("serve/bad-config", message, { help });
}
