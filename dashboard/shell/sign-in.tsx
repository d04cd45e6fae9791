import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isToken } from "../api/token-form.ts";
import { Button } from "../parts/button.tsx";
import { CommandLine } from "../parts/copy.tsx";
import { Mark } from "./mark.tsx";
import { useTitle } from "./use-title.ts";

interface SignInProps {
  /** Why the token that was shown is not enough; absent where none was. */
  readonly refusal: string | undefined;
  readonly onToken: (token: string) => void;
  /** Goes on without one, where that may be enough to look. */
  readonly onLook?: () => void;
}

/** Asks for a token, which stays in this tab. */
export function SignIn({ refusal, onToken, onLook }: SignInProps): JSX.Element {
  useTitle("Sign in");
  const [mistake, setMistake] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get("token");
    const token = typeof given === "string" ? given.trim() : "";
    if (isToken(token)) onToken(token);
    else setMistake(token === "" ? "Paste a token first" : "This holds characters that no token has");
  };
  const wrong = mistake ?? refusal;
  return (
    <main id="main" class="sign-in">
      <p class="brand">
        <Mark />
        Fairlead
      </p>
      <h1 tabIndex={-1}>Sign in</h1>
      <p class="q2">This controller shows its fleet to those who have a token.</p>
      <form onSubmit={submit}>
        <label for="token">Token</label>
        <input
          ref={field}
          id="token"
          name="token"
          class="field"
          type="password"
          autocomplete="current-password"
          spellcheck={false}
          aria-invalid={wrong === undefined ? undefined : "true"}
          aria-describedby={wrong === undefined ? undefined : "token-wrong"}
        />
        {wrong !== undefined && (
          <p id="token-wrong" class="halt" role="alert">
            {wrong}
          </p>
        )}
        <div class="sign-in-do">
          <Button first type="submit">
            Sign in
          </Button>
          {onLook !== undefined && <Button onPress={onLook}>Go on without</Button>}
        </div>
      </form>
      <p class="q2 s">An admin gives you one with a role:</p>
      <CommandLine>fairlead people add you@example.com --role operator</CommandLine>
      <p class="q s">It stays in this tab, and ends with it.</p>
    </main>
  );
}
