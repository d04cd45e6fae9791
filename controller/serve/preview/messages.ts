/** All that the serving thread and the thread that reads git for people say to each other. */

import type { DeviceRecord } from "../../fleet/store/records.ts";
import type { CommitRecord } from "../../preview/commit-records.ts";
import type { PreviewService, ServedLine } from "../../preview/preview-service.ts";
import type { GitIdentity } from "../../source/branch-writer.ts";
import type { FollowedSourceOptions } from "../followed-source.ts";
import type { SentError } from "../sent-error.ts";

/** What the thread is started with. */
export interface PreviewInput {
  readonly source: Omit<FollowedSourceOptions, "intervalMs">;
  readonly stateFolder: string;
  /** Who commits what people ask for. */
  readonly committer: GitIdentity;
}

/** What can be asked of the thread. */
export interface PreviewCalls extends PreviewService {
  /** Notes what became of a commit. */
  note(commit: string, record: CommitRecord, before: string | null, line: ServedLine): Promise<void>;
}

export type PreviewMethod = keyof PreviewCalls;

export type ToPreview =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly method: PreviewMethod;
      readonly args: readonly unknown[];
    }
  /** The answer to `ask-devices`; `null`: the fleet does not answer. */
  | {
      readonly kind: "devices";
      readonly page: { readonly rows: readonly DeviceRecord[]; readonly next?: string } | null;
    }
  | { readonly kind: "stop" };

export type FromPreview =
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "refusal"; readonly id: number; readonly error: SentError }
  /** It cannot begin, and ends. */
  | { readonly kind: "failed"; readonly error: SentError }
  /** The next machines, please. */
  | { readonly kind: "ask-devices"; readonly after?: string }
  /** A process of git started or ended: should the thread be ended in the middle, it has to be ended by somebody else. */
  | { readonly kind: "process"; readonly pid: number; readonly isRunning: boolean };
