import type { Logger } from "pino";
import { HttpError } from "./http-error.ts";
import type { ServedManifest } from "./manifest/served-manifest.ts";
import type { Metrics } from "./metrics.ts";
import type { ServedState } from "./served-state.ts";

/** What the routes are given. There is no way from here to the source of the state or to a signing key. */
export interface RouteContext {
  readonly state: () => ServedState;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Folder of the hosted artifacts, absolute; absent: nothing is hosted, only redirected. */
  readonly artifacts: string | undefined;
  readonly webhook: WebhookSettings | undefined;
}

export interface WebhookSettings {
  readonly secret: string;
  /** Looks at the source again. A webhook can do nothing else. */
  readonly trigger: () => void;
}

/** @throws HttpError 503 before the first manifest */
export function requireServing(context: RouteContext): ServedManifest {
  const { serving } = context.state();
  if (serving === undefined) {
    throw new HttpError("http/no-manifest", "no manifest has been published yet", {
      help: "ask /readyz why; the first good commit ends this",
    });
  }
  return serving;
}
