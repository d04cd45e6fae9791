import { createContext, type JSX } from "preact";
import { useContext } from "preact/hooks";
import { writeClock, writeExact, writeMachine, writeRelative, writeSpan } from "./times.ts";

/** Seconds since 1970, which the shell moves on twice a minute, so that what is relative stays true. */
export const NowContext = createContext(0);

export function useNow(): number {
  return useContext(NowContext);
}

interface TimeProps {
  /** Seconds since 1970. */
  readonly at: number;
  /** `relative`: 12 min ago. `clock`: 14:31, Mon 12:40, 13 Nov. `span`: for how long already, 12 min. */
  readonly as?: "relative" | "clock" | "span";
}

/** A moment: short to read, exact on hover and for machines. */
export function Time({ at, as = "relative" }: TimeProps): JSX.Element {
  const now = useNow();
  const text =
    as === "relative" ? writeRelative(at, now) : as === "clock" ? writeClock(at, now) : writeSpan(now - at);
  return (
    <time datetime={writeMachine(at)} title={writeExact(at)} class="nowrap">
      {text}
    </time>
  );
}
