import { blobId } from "../source/blob-id.ts";
import type { ChannelHistories, PromotionRecord } from "../source/promotion-record.ts";
import type { Snapshot } from "../source/snapshot.ts";
import type { FileChange } from "./edit.ts";
import { StateFiles } from "./state-files.ts";

/** The snapshot as it would be with the changes in it; its commit is called `worktree`. */
export function overlaySnapshot(snapshot: Snapshot, changes: readonly FileChange[], now: number): Snapshot {
  const gone = new Set(changes.flatMap(({ path, after }) => (after === undefined ? [path] : [])));
  const changed = new Map(
    changes.flatMap(({ path, after }) => (after === undefined ? [] : [[path, Buffer.from(after, "utf8")]])),
  );
  const kept = snapshot.files.filter(({ path }) => !gone.has(path));
  const files = kept.map((file) => {
    const bytes = changed.get(file.path);
    changed.delete(file.path);
    return bytes === undefined ? file : { path: file.path, blob: blobId(bytes), bytes };
  });
  for (const [path, bytes] of changed) files.push({ path, blob: blobId(bytes), bytes });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...snapshot, commit: "worktree", committedAt: now, files };
}

/** The histories with what the changes promote as the newest entries. */
export function overlayHistories(
  histories: ChannelHistories,
  snapshot: Snapshot,
  changes: readonly FileChange[],
  now: number,
): ChannelHistories {
  const files = new StateFiles(snapshot);
  const result = new Map(histories);
  for (const { path } of changes) {
    const [, product, channel] = /^products\/([^/]+)\/channels\/([^/]+)\.yaml$/.exec(path) ?? [];
    if (product === undefined || channel === undefined) continue;
    const version = files.channel(product, channel)?.version;
    const past = histories.get(`${product}/${channel}`) ?? [];
    if (version === undefined || past[0]?.version === version) continue;
    const promotion: PromotionRecord = { version, at: now, commit: snapshot.commit, author: "", subject: "" };
    result.set(`${product}/${channel}`, [promotion, ...past]);
  }
  return result;
}
