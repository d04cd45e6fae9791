import type { ComponentChildren, JSX } from "preact";
import type { ApiError } from "../api/api-error.ts";
import type { Reading } from "../api/reading.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { Time } from "./time.tsx";

interface ReadingViewProps<T> {
  readonly of: Reading<T>;
  /** What is drawn before anything is known: heads and the rules of rows. */
  readonly awaiting?: ComponentChildren;
  readonly children: (value: T, isOther: boolean) => ComponentChildren;
}

/** Shows what is known: what was there stays while it is asked for again, and an error is one line above it. */
export function ReadingView<T>({ of, awaiting, children }: ReadingViewProps<T>): JSX.Element {
  switch (of.kind) {
    case "awaited":
      return (
        <div aria-busy="true">
          {of.isSlow && <p class="reading">Reading</p>}
          {awaiting}
        </div>
      );
    case "failed":
      return <TroubleLine trouble={of.trouble} again={of.again} />;
    case "shown":
      return (
        <>
          {of.trouble !== undefined && <TroubleLine trouble={of.trouble} at={of.at} again={of.again} />}
          {of.trouble === undefined && of.isSlow && <p class="reading">Reading</p>}
          {children(of.value, of.isOther)}
        </>
      );
  }
}

interface TroubleLineProps {
  readonly trouble: ApiError;
  /** Of when is what stands below, milliseconds since 1970; absent: nothing does. */
  readonly at?: number;
  readonly again: () => void;
}

/** What went wrong, and what to do about it, in one line. */
export function TroubleLine({ trouble, at, again }: TroubleLineProps): JSX.Element {
  return (
    <div class="trouble" role="status">
      <Icon name="silent" tone="warn" />
      <span>
        <b>{sentence(trouble.message)}</b>
        {at !== undefined && (
          <>
            {" "}
            Showing what was known <Time at={at / 1000} />.
          </>
        )}
        {trouble.help !== undefined && <span class="q2"> {sentence(trouble.help)}</span>}
      </span>
      <Button small onPress={again}>
        Try again
      </Button>
    </div>
  );
}

/** Messages of the API begin in lower case and have no full stop; here they are sentences. */
export function sentence(message: string): string {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
