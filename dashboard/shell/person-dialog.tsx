import type { JSX } from "preact";
import { useSession } from "../api/session.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Pairs } from "../parts/head.tsx";

/** Who is signed in, with which role. */
export function PersonDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { caller, signOut } = useSession();
  const { name, role, tenants, readOnly, version } = caller;
  return (
    <Dialog title="Signed in" onClose={onClose}>
      <div class="in">
        <Pairs
          pairs={[
            { name: "As", value: readOnly ? "nobody: this address needs no token to look" : name },
            { name: "Role", value: readOnly ? `${role}, but a token is needed to change anything` : role },
            { name: "Tenants", value: tenants === null ? "all" : tenants.join(", ") },
            { name: "Controller", value: version },
          ]}
        />
        <p class="dialog-do">
          <Button onPress={signOut}>{readOnly ? "Sign in with a token" : "Sign out"}</Button>
        </p>
      </div>
    </Dialog>
  );
}
