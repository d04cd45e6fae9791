import { memberOf, textAt } from "../source/unchecked-yaml.ts";
import { removeFromYaml } from "./edit-yaml.ts";

/** What the file of a channel says of one version: it has no effect on the next one, and would only mislead its readers. */
const OF_ONE_VERSION = ["halted", "resumed", "opened"] as const;

/**
 * Removes from a channel's file what it says of versions other than the one that it points to now.
 *
 * @param channel the file's content before, as `readUncheckedYaml` reads it
 */
export function leaveVersion(text: string, channel: unknown, version: string): string {
  return OF_ONE_VERSION.reduce((kept, key) => {
    const of = textAt(memberOf(channel, key), "version");
    return of === undefined || of === version ? kept : removeFromYaml(kept, [key]);
  }, text);
}
