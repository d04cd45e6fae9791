import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLiveState, useSession } from "../api/session.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Time } from "../parts/time.tsx";

/** Milliseconds for which a controller may be away, as when it is started anew, before a line says so. */
const PATIENCE_MS = 4_000;

/** Says above everything that is still shown how old it is, while nothing is heard of the controller. */
export function LostLine(): JSX.Element | null {
  const { live } = useSession();
  const state = useLiveState();
  const since = state.kind === "lost" ? state.since : undefined;
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (since === undefined) return;
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [since]);
  if (since === undefined || !isLong) return null;
  const at = since / 1000;
  return (
    <div class="trouble" role="status">
      <Icon name="silent" tone="warn" />
      <span>
        <b>
          Not live since <Time at={at} as="clock" />
        </b>
        , showing <Time at={at} as="clock" />.{" "}
        <span class="q2">It goes on by itself when the controller answers.</span>
      </span>
      <Button small onPress={() => live.retry()}>
        Try now
      </Button>
    </div>
  );
}
