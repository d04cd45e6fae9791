import type { ApiError } from "./api-error.ts";

/** What is known of an answer. What was shown stays while it is asked for again, and when that fails. */
export type Reading<T> =
  /** Nothing yet. */
  | { readonly kind: "awaited"; readonly isSlow: boolean; readonly again: () => void }
  | {
      readonly kind: "shown";
      readonly value: T;
      /** When it was answered, milliseconds since 1970. */
      readonly at: number;
      /** It is the answer to another question than the one that is asked now, such as the filter before. */
      readonly isOther: boolean;
      /** Asked for again for so long that somebody should be told. */
      readonly isSlow: boolean;
      /** Why it is not newer. */
      readonly trouble: ApiError | undefined;
      readonly again: () => void;
    }
  /** Nothing was ever shown. */
  | { readonly kind: "failed"; readonly trouble: ApiError; readonly again: () => void };

/** An answer, and the question. */
export interface Shown<T> {
  readonly url: string;
  readonly value: T;
  readonly at: number;
}

/** What is asked for now. */
export interface Asking {
  readonly url: string;
  readonly isSlow: boolean;
  readonly trouble: ApiError | undefined;
}

export function readingOf<T>(shown: Shown<T> | undefined, asking: Asking, again: () => void): Reading<T> {
  const { isSlow, trouble } = asking;
  if (shown !== undefined) {
    const { value, at, url } = shown;
    return { kind: "shown", value, at, isOther: url !== asking.url, isSlow, trouble, again };
  }
  return trouble === undefined ? { kind: "awaited", isSlow, again } : { kind: "failed", trouble, again };
}
