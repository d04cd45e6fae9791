import type { LocalChoices } from "../../protocol/device.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import { parseDuration } from "../../protocol/duration.ts";
import { isChannelName } from "../../protocol/manifest-names.ts";
import { printable } from "../../protocol/printable.ts";
import { CONFIG_ERRORS, ConfigError } from "../config/config-error.ts";
import { type ConfigChanges, changeConfig } from "../config/config-file.ts";
import type { Evaluation } from "../decision/evaluate.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { agentHome } from "../home/agent-home.ts";
import { nearestWord } from "../output/nearest-word.ts";
import type { LocalProduct } from "../product/local-product.ts";
import { type Invocation, text } from "./agent-command.ts";
import type { Session } from "./open-session.ts";
import { UsageError } from "./usage-error.ts";

/** What a person chose on the command line, as it is now kept in config.yaml. */
export interface KeptChoices {
  readonly lines: readonly string[];
  readonly values: object;
  /** Nothing that was set asks for a look now. */
  readonly isAll: boolean;
}

/**
 * Keeps `--channel`, `--pin`, `--unpin`, `--auto` and `--interval`, after a look whether they can count.
 *
 * @throws UsageError, and ConfigError where policy takes the choice away, or there is no such channel or version; nothing
 *   is kept then
 */
export async function keepChoices({ agent, log }: Session, { values }: Invocation): Promise<KeptChoices> {
  const interval = intervalOf(values);
  const choices = choicesOf(values);
  const home = agentHome(text(values, "home"), process.env);
  const lines: string[] = [];
  if (Object.keys(choices).length > 0) {
    const product = agent.product(text(values, "product"));
    const evaluation = await knownEvaluation(product, ({ message }) =>
      log.event("warn", "offline", `${message}; judged by the last verified manifest`),
    );
    requireChoosable(product.name, evaluation, choices);
    await changeConfig(home, choices, product.config);
    lines.push(...describeChoices(product.name, choices));
  }
  if (interval !== undefined) {
    await changeConfig(home, { update_check_interval: interval });
    const isOff = parseDuration(interval) === 0;
    lines.push(
      isOff ? "this machine does not look by itself any more" : `this machine looks every ${interval}`,
    );
  }
  if (lines.length > 0) await agent.followChoices();
  return {
    lines,
    values: { ...choices, ...(interval === undefined ? {} : { update_check_interval: interval }) },
    isAll: lines.length > 0 && !["channel", "pin", "unpin"].some((name) => values[name] !== undefined),
  };
}

/** From the manifest brought up to date, else as it was last verified. */
export async function knownEvaluation(
  product: LocalProduct,
  onOffline: (error: FetchError) => void,
): Promise<Evaluation> {
  return product.check(false).catch((error: unknown) => {
    if (!(error instanceof FetchError)) throw error;
    onOffline(error);
    return product.evaluateWithVerified(false);
  });
}

/** No version begins with `v`, though people write it: a tag of git is called so. */
export function versionMeant(given: string): string {
  return given.replace(/^v(?=\d)/, "");
}

function choicesOf(values: Invocation["values"]): Pick<ConfigChanges, "channel" | "pin" | "auto_update"> {
  const channel = text(values, "channel");
  const pin = text(values, "pin");
  const auto = text(values, "auto");
  if (channel !== undefined && !isChannelName(channel)) {
    throw badValue("channel", channel, "the name of a channel", "such as stable or beta");
  }
  if (pin !== undefined && !/^[\x21-\x7e]{1,128}$/.test(pin)) {
    throw badValue("pin", pin, "a version", "such as 1.4.2");
  }
  if (auto !== undefined && auto !== "on" && auto !== "off") {
    throw badValue("auto", auto, "on or off", "off: updates wait until somebody asks for them");
  }
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(pin === undefined ? {} : { pin: versionMeant(pin) }),
    ...(values.unpin === true ? { pin: undefined } : {}),
    ...(auto === undefined ? {} : { auto_update: auto === "on" }),
  };
}

function intervalOf(values: Invocation["values"]): string | undefined {
  const given = text(values, "interval");
  if (given === undefined || given === "0") return given === undefined ? undefined : "0s";
  try {
    parseDuration(given);
    return given;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw badValue("interval", given, "a duration", "such as 90s, 5m or 24h, or 0s for never");
  }
}

function badValue(option: string, given: string, expected: string, help: string): UsageError {
  return new UsageError("usage/bad-value", `--${option}: \`${printable(given, 80)}\` is not ${expected}`, {
    help,
  });
}

/** A choice that can never count is told to whoever makes it, not found out later. */
function requireChoosable(
  product: string,
  evaluation: Evaluation,
  choices: Pick<ConfigChanges, "channel" | "pin" | "auto_update">,
): void {
  const { policy, releases, choicesDenied } = evaluation;
  const { channel, pin } = choices;
  // To take a choice back is always possible.
  const isChosen = Object.values(choices).some((value) => value !== undefined);
  if (isChosen && choicesDenied !== undefined) {
    throw new ConfigError(
      "config/choice-denied",
      `this machine may not choose for itself (${choicesDenied})`,
      {
        help: CONFIG_ERRORS["config/choice-denied"].remedy,
      },
    );
  }
  const channels = Object.keys(policy.channels);
  if (typeof channel === "string" && !channels.includes(channel)) {
    const nearest = nearestWord(channel, channels);
    throw new ConfigError("config/unknown-channel", `${product} has no channel \`${channel}\``, {
      help: nearest === undefined ? `there are ${channels.join(", ")}` : `did you mean \`${nearest}\`?`,
    });
  }
  if (typeof pin === "string") requireSignedVersion(product, releases, pin);
}

/** @throws ConfigError with the version that was probably meant */
export function requireSignedVersion(
  product: string,
  releases: Evaluation["releases"],
  version: string,
): void {
  const versions = releases.map((release) => release.version);
  if (versions.includes(version)) return;
  const nearest = nearestWord(version, versions);
  throw new ConfigError("config/version-unavailable", `nobody has signed ${product} ${version}`, {
    help:
      nearest === undefined ? "see `fairlead-agent explain` for what is offered" : `did you mean ${nearest}?`,
  });
}

function describeChoices(
  product: string,
  choices: Pick<ConfigChanges, "channel" | "pin" | "auto_update">,
): readonly string[] {
  const lines: string[] = [];
  if (choices.channel !== undefined) lines.push(`${product} follows the channel ${choices.channel}`);
  if ("pin" in choices) {
    lines.push(
      choices.pin === undefined
        ? `${product} is not pinned any more`
        : `${product} is pinned to ${choices.pin}`,
    );
  }
  if (choices.auto_update !== undefined) {
    lines.push(`${product} is updated ${choices.auto_update === true ? "by itself" : "on request only"}`);
  }
  return lines;
}

/** The choices that a config holds, in words; empty: none. */
export function describeLocalChoices({ channel, pin, autoUpdate }: LocalChoices): string {
  return [
    ...(channel === undefined ? [] : [`channel ${channel}`]),
    ...(pin === undefined ? [] : [`pinned to ${pin}`]),
    ...(autoUpdate === undefined ? [] : [autoUpdate ? "updates by itself" : "updates on request only"]),
  ].join(", ");
}
