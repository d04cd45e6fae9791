/** Whom a change is about: the fleet, a product, a channel of one, a tenant, or one site, group or device of a tenant. */
export interface ChangeScope {
  readonly fleet?: boolean;
  readonly product?: string;
  readonly channel?: string;
  readonly tenant?: string;
  readonly site?: string;
  readonly group?: string;
  readonly device?: string;
}

/** One change of state that a person asks for on the page; each is a command of the same name. */
export type ChangeRequest =
  | { readonly kind: "promote"; readonly product: string; readonly channel: string; readonly version: string }
  | {
      readonly kind: "rollback";
      readonly product: string;
      readonly channel: string;
      readonly version: string;
      readonly reason: string;
    }
  | {
      readonly kind: "yank" | "unyank";
      readonly product: string;
      readonly version: string;
      readonly platforms?: readonly string[];
      readonly reason: string;
    }
  | {
      readonly kind: "pause";
      readonly scope: ChangeScope;
      readonly reason: string;
      /** When it ends by itself, as state writes it. */
      readonly until?: string;
    }
  | { readonly kind: "resume"; readonly scope: ChangeScope; readonly reason?: string }
  | {
      /** Ends the halt of what a channel points to. */
      readonly kind: "resume-halt";
      readonly product: string;
      readonly channel: string;
      readonly reason: string;
      readonly restartWaves?: boolean;
    }
  | {
      readonly kind: "advance";
      readonly product: string;
      readonly channel: string;
      /** How many are open then, counted from the first; absent: one more. */
      readonly waves?: number | "all";
    }
  | {
      readonly kind: "pin";
      readonly scope: ChangeScope;
      readonly version: string;
      readonly reason: string;
      readonly owner?: string;
      readonly expires?: string;
    }
  | { readonly kind: "unpin"; readonly scope: ChangeScope; readonly reason?: string }
  | {
      readonly kind: "min-version";
      readonly scope: Pick<ChangeScope, "fleet" | "product" | "channel">;
      readonly version: string;
      readonly reason?: string;
    };

export const CHANGE_KINDS = [
  "promote",
  "rollback",
  "yank",
  "unyank",
  "pause",
  "resume",
  "resume-halt",
  "advance",
  "pin",
  "unpin",
  "min-version",
] as const satisfies readonly ChangeRequest["kind"][];
