import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Client } from "./client.ts";
import type { Live, LiveState } from "./live.ts";
import type { Caller } from "./types.ts";

/** Who is signed in, and what asks for that person. */
export interface Session {
  readonly caller: Caller;
  readonly client: Client;
  readonly live: Live;
  readonly signOut: () => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** Only inside the page, which shows nothing else before somebody is signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("nobody is signed in");
  return session;
}

export function useLiveState(): LiveState {
  const { live } = useSession();
  const [state, setState] = useState(live.state);
  useEffect(() => {
    setState(live.state);
    return live.watch(setState);
  }, [live]);
  return state;
}

const ROLES = ["viewer", "operator", "admin"] as const;

/** Why somebody may not do what needs a role, as it stands beside a button; absent: that person may. */
export function useLack(needed: Caller["role"]): string | undefined {
  return lackOf(useSession().caller, needed);
}

export function lackOf(
  { role, readOnly }: Pick<Caller, "role" | "readOnly">,
  needed: Caller["role"],
): string | undefined {
  if (readOnly) return "Sign in with a token to do this";
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
    ? undefined
    : `This needs the role ${needed}, and yours is ${role}`;
}
