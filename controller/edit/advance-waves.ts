import { flagAt, memberOf, textAt } from "../source/unchecked-yaml.ts";
import { changeFile } from "./change-file.ts";
import { chooseProduct, requireActiveVersion, requireChannel } from "./choose-product.ts";
import { type Edit, type EditContext, effectiveChanges } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { setInYaml } from "./edit-yaml.ts";
import { channelFile, type StateFiles, versionFile } from "./state-files.ts";

export interface AdvanceRequest {
  readonly product: string | undefined;
  readonly channel: string;
  /** How many waves are to be open, counted from the first; absent: one more than now. */
  readonly waves: number | "all" | undefined;
}

/**
 * Opens waves of what a channel points to, where a person opens them. Each still waits for its own time.
 *
 * @throws EditError `edit/opens-by-time`, `edit/halted`, `edit/all-open`, `edit/bad-argument`, `edit/yanked-version`, or a
 *   name that does not exist
 */
export function advanceWaves({ files }: EditContext, request: AdvanceRequest): Edit {
  const { channel } = request;
  const product = chooseProduct(files, request.product);
  const { version } = requireChannel(files, product, channel);
  if (version === undefined) {
    throw new EditError("edit/unknown-version", `channel \`${channel}\` of ${product} points to no version`);
  }
  requireActiveVersion(files, product, version);
  const file = channelFile(product, channel);
  const said = files.value(file);
  const waves = wavesByHand(files, product, version, channel);
  const halted = memberOf(said, "halted");
  if (textAt(halted, "version") === version) {
    throw new EditError(
      "edit/halted",
      `${version} is halted on ${channel}: ${textAt(halted, "reason") ?? "no reason"}`,
      {
        help: `promote a version that mends it; only if the halt was a mistake: \`fairlead resume --channel ${channel} --halt\``,
      },
    );
  }

  const opened = memberOf(said, "opened");
  const isOfThis = textAt(opened, "version") === version;
  const open = isOfThis ? (wholeNumberAt(opened, "waves") ?? 0) : 0;
  const next = wavesToOpen(request, open, waves.length, version);
  const which = next - open === 1 ? `wave ${next}` : `waves ${open + 1} to ${next}`;
  const subject = `open ${which} of ${waves.length} of ${product} ${version} on ${channel}`;
  if (next === open) {
    return {
      subject: `open ${next} waves of ${product} ${version} on ${channel}`,
      changes: [],
      notices: [`${next} of ${waves.length} waves are open`],
    };
  }
  const change = changeFile(files, file, (text) =>
    isOfThis
      ? setInYaml(text, ["opened", "waves"], next)
      : setInYaml(text, ["opened"], { version, waves: next }, "rollout"),
  );
  return { subject, changes: effectiveChanges([change]), notices: noticesOf(said, waves[next - 1], which) };
}

/** The waves of the channel as they stand in its file. @throws EditError `edit/opens-by-time` */
function wavesByHand(
  files: StateFiles,
  product: string,
  version: string,
  channel: string,
): readonly unknown[] {
  const rollout = memberOf(files.value(channelFile(product, channel)), "rollout");
  const advance = textAt(rollout, "advance") ?? "time";
  if (advance === "time") {
    throw new EditError("edit/opens-by-time", `time opens the waves of ${channel}, or it has none`, {
      help: "set `rollout.advance: manual` first: then each wave waits for this command",
    });
  }
  const isUrgent = textAt(files.value(versionFile(product, version)), "severity") === "security";
  if (isUrgent && memberOf(rollout, "bySeverity") !== undefined) {
    throw new EditError("edit/opens-by-time", `${version} is a security release: time opens its waves`, {
      help: "they are those under `rollout.bySeverity.security`",
    });
  }
  const waves = memberOf(rollout, "waves");
  return Array.isArray(waves) ? waves : [];
}

/** @throws EditError `edit/all-open`, `edit/bad-argument` */
function wavesToOpen({ waves, channel }: AdvanceRequest, open: number, all: number, version: string): number {
  if (typeof waves === "number") {
    if (waves > all) {
      throw new EditError("edit/bad-argument", `${channel} has ${all} waves, not ${waves}`, {
        help: "`--all` opens all of them",
      });
    }
    if (waves < open) {
      throw new EditError("edit/bad-argument", `${open} waves of ${channel} are open, and none shuts again`, {
        help: `stop the rollout with \`fairlead pause --channel ${channel}\`, or write \`halted\` into the channel`,
      });
    }
    return waves;
  }
  if (open >= all) {
    throw new EditError("edit/all-open", `all ${all} waves of ${version} on ${channel} are open`);
  }
  return waves === "all" ? all : open + 1;
}

function noticesOf(channel: unknown, wave: unknown, which: string): string[] {
  const percent = textAt(wave, "percent")?.replace(/%$/, "");
  const share = percent === undefined ? "" : `: ${percent}% of the fleet`;
  const notices = [
    `${which}${share}, from ${textAt(wave, "after") ?? "0s"} after the start of the rollout on`,
  ];
  if (textAt(memberOf(channel, "rollout"), "advance") === "healthy") {
    notices.push("`advance: healthy`: the gate opens the others once the waves before are proven");
  }
  const paused = memberOf(channel, "paused");
  if (paused !== undefined && flagAt(channel, "paused") !== false) {
    notices.push("the channel is paused: nothing moves before it is resumed");
  }
  return notices;
}

function wholeNumberAt(value: unknown, key: string): number | undefined {
  const text = textAt(value, key);
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}
