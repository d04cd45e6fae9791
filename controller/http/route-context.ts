import type { Logger } from "pino";
import type { FleetService } from "../fleet/fleet-service.ts";
import type { FeedAccess } from "./feeds/feed-access.ts";
import { HttpError } from "./http-error.ts";
import type { HostedArtifacts } from "./manifest/hosted-artifacts.ts";
import type { ServedManifest } from "./manifest/served-manifest.ts";
import type { Metrics } from "./metrics.ts";
import type { OperatorToken } from "./operator-token.ts";
import type { PreviewSide } from "./preview-api/preview-side.ts";
import type { Push } from "./push/push.ts";
import type { QuietLog } from "./quiet-log.ts";
import type { ServedState } from "./served-state.ts";
import type { WrongTokens } from "./wrong-tokens.ts";

/** Who is served on a listener. */
export interface Audience {
  /** The manifest, `latest` and webhooks are here. */
  readonly agents: boolean;
  /** Whether whoever reaches the listener is an operator, or has to show the token. */
  readonly operators: "open" | "token";
}

/** What the routes are given. There is no way from here to the source of the state or to a signing key. */
export interface RouteContext {
  readonly state: () => ServedState;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly quietLog: QuietLog;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Absent: nothing is hosted. */
  readonly artifacts: HostedArtifacts | undefined;
  readonly webhook: WebhookSettings | undefined;
  /** Absent: nobody asks this controller about machines. */
  readonly fleet: FleetService | undefined;
  readonly audience: Audience;
  readonly operatorToken: OperatorToken;
  readonly wrongTokens: WrongTokens;
  /** Whether somebody has the key of a tenant. It takes the same time for tenants that there are and for any others. */
  readonly isTenantKey: (tenant: string, given: string) => boolean;
  /**
   * Releases a held commit, once, from what is served now.
   *
   * @throws AcceptError
   */
  readonly accept: (commit: string) => { readonly servedCommit: string };
  /** What hosted artifacts' URLs begin with: `https://host:port`; absent: whatever host the request names. */
  readonly publicOrigin: string | undefined;
  /** Who may read the feeds of versions; absent: everybody. */
  readonly feeds?: FeedAccess;
  /** Absent: nobody is told of anything, everybody polls. */
  readonly push?: Push;
  /** Absent: nobody is told of commits and branches. */
  readonly preview?: PreviewSide;
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

/** What a request has to show for what is not everybody's. */
interface Asker {
  readonly headers: { readonly authorization?: string | undefined };
}

/**
 * For what changes something: also who is let in without it elsewhere has to show the token, as a page in an operator's
 * browser cannot.
 *
 * @throws HttpError `http/token-required`
 */
export function requireToken({ operatorToken, quietLog }: RouteContext, { headers }: Asker): void {
  if (operatorToken.opens(headers.authorization)) return;
  const isGiven = headers.authorization !== undefined;
  if (isGiven) quietLog.warn("operator.refused", {}, "somebody showed a wrong operator's token");
  throw new HttpError("http/token-required", `the operator's token is ${isGiven ? "wrong" : "missing"}`, {
    help: "send it as `Authorization: Bearer TOKEN`, or ask on the operators' address",
  });
}
