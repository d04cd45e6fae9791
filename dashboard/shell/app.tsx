import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ApiError } from "../api/api-error.ts";
import { createClient } from "../api/client.ts";
import { Live } from "../api/live.ts";
import { type Session, SessionContext } from "../api/session.ts";
import { heldToken, holdToken } from "../api/token.ts";
import type { Caller } from "../api/types.ts";
import { forgetAnswers } from "../api/use-read.ts";
import { IconSprite } from "../parts/icon.tsx";
import { TroubleLine } from "../parts/reading-view.tsx";
import { NowContext } from "../parts/time.tsx";
import { NavigationContext, useBrowserNavigation } from "./navigation.ts";
import { Shell } from "./shell.tsx";
import { SignIn } from "./sign-in.tsx";

/** Milliseconds between two times that what is relative is written anew. */
const CLOCK_MS = 10_000;

type State =
  | { readonly kind: "asking" }
  | { readonly kind: "unanswered"; readonly trouble: ApiError }
  /** @property refusal why the token is not enough; absent where there is none */
  | { readonly kind: "out"; readonly refusal: string | undefined }
  | { readonly kind: "in"; readonly session: Session };

/** Finds out who looks, then shows the page to that person. */
export function App(): JSX.Element {
  const navigation = useBrowserNavigation();
  const [state, setState] = useState<State>({ kind: "asking" });
  const [turn, setTurn] = useState(0);
  const [wantsToken, setWantsToken] = useState(false);
  const now = useClock();

  useEffect(() => {
    const refuse = (error: ApiError): void => {
      setState({ kind: "out", refusal: heldToken() === undefined ? undefined : refusalOf(error) });
    };
    const client = createClient(heldToken, refuse);
    const live = new Live(client.headers);
    const stop = new AbortController();
    const signOut = (): void => {
      holdToken(undefined);
      setWantsToken(true);
      setState({ kind: "out", refusal: undefined });
    };
    client.get("/api/v1/me", {}, stop.signal).then(
      (caller: Caller) => {
        live.start(caller.fleet);
        setState({ kind: "in", session: { caller, client, live, signOut } });
      },
      (error: ApiError) => {
        if (!stop.signal.aborted && error.status !== 401) setState({ kind: "unanswered", trouble: error });
      },
    );
    return () => {
      stop.abort();
      live.stop();
      forgetAnswers();
    };
  }, [turn]);

  const again = (): void => {
    setWantsToken(false);
    setState({ kind: "asking" });
    setTurn((before) => before + 1);
  };
  const signIn = (token: string): void => {
    holdToken(token);
    again();
  };
  return (
    <NowContext.Provider value={now}>
      <NavigationContext.Provider value={useMemo(() => navigation, [navigation.place])}>
        <IconSprite />
        <Content state={state} again={again} signIn={signIn} canLook={wantsToken} />
      </NavigationContext.Provider>
    </NowContext.Provider>
  );
}

interface ContentProps {
  readonly state: State;
  readonly again: () => void;
  readonly signIn: (token: string) => void;
  readonly canLook: boolean;
}

function Content({ state, again, signIn, canLook }: ContentProps): JSX.Element | null {
  switch (state.kind) {
    case "asking":
      return null;
    case "unanswered":
      return (
        <main id="main">
          <h1 tabIndex={-1}>The controller does not answer</h1>
          <TroubleLine trouble={state.trouble} again={again} />
        </main>
      );
    case "out":
      return <SignIn refusal={state.refusal} onToken={signIn} {...(canLook ? { onLook: again } : {})} />;
    case "in":
      return (
        <SessionContext.Provider value={state.session}>
          <Shell />
        </SessionContext.Provider>
      );
  }
}

function refusalOf(error: ApiError): string {
  return /expired/.test(error.message) ? "This token has expired" : "This token is not known here";
}

/** Seconds since 1970. */
function useClock(): number {
  const read = (): number => Math.floor(Date.now() / 1000);
  const [now, setNow] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setNow(read()), CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
