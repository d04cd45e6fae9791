import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const HTTP_ERRORS = {
  "http/artifact-awaited": {
    cause: "the artifact is released, and the controller has not fetched it from its Git LFS server yet",
    remedy: "ask again later; if it stays, the controller's status and log say why it cannot be fetched",
    status: 503,
  },
  "http/artifact-differs": {
    cause: "the hosted file of an artifact does not have the length or the digest that was signed",
    remedy: "put the released file back into the artifact folder",
    status: 503,
  },
  "http/artifact-missing": {
    cause: "the artifact is released, and this controller does not host its file",
    remedy: "put it into the folder that `fairlead serve --artifacts DIR` names",
    status: 404,
  },
  "http/bad-request": {
    cause: "the request, or one of its parameters, could not be understood",
    remedy: "see `/openapi.json` for what the path takes",
    status: 400,
  },
  "http/bad-signature": {
    cause: "the signature of a webhook is missing or wrong",
    remedy: "give the forge the same secret as `--webhook-secret-file`",
    status: 401,
  },
  "http/base-moved": {
    cause: "the branch that is followed has a newer commit than the one that a change was looked at on",
    remedy: "look at the change again with `dryRun`, and confirm it then",
    status: 409,
  },
  "http/body-too-large": {
    cause: "the body of the request is too large",
    remedy: "send at most 64 KiB, or 26 MiB to the webhook",
    status: 413,
  },
  "http/branch-exists": {
    cause: "there is a branch with that change already",
    remedy: "merge it, or delete it and try again",
    status: 409,
  },
  "http/change-refused": {
    cause: "the change of state cannot be made, or would make a mistake in it",
    remedy: "follow the message, which is the same as that of the command",
    status: 422,
  },
  "http/expectation-failed": {
    cause: "the request has an `Expect` header other than `100-continue`",
    remedy: "leave the header out",
    status: 417,
  },
  "http/fleet-unavailable": {
    cause: "the database of the fleet does not answer, or has no room; the manifest is served all the same",
    remedy: "try again as the `Retry-After` header says; if it stays, the controller's log says why",
    status: 503,
  },
  "http/git-unavailable": {
    cause:
      "the part that reads git is busy, does not answer, or cannot reach the state repository; what is served stays",
    remedy: "try again as the `Retry-After` header says; if it stays, the controller's log says why",
    status: 503,
  },
  "http/headers-too-large": {
    cause: "the headers of the request are larger than 8 KiB",
    remedy: "send fewer or shorter headers; cookies of other services are the usual reason",
    status: 431,
  },
  "http/internal": {
    cause: "the controller failed to answer in a way that nobody foresaw",
    remedy: "look into its log, which says why, and please report it",
    status: 500,
  },
  "http/method-not-allowed": {
    cause: "the path is there, and does not take the method of the request",
    remedy: "use a method that the `Allow` header of the answer names",
    status: 405,
  },
  "http/more-than-agreed": {
    cause: "more machines would move by now than whoever asked had agreed to",
    remedy: "ask with `dryRun` again, and agree to what it says",
    status: 409,
  },
  "http/name-taken": {
    cause: "somebody of that name may sign in already, or the name is the controller's own",
    remedy: "choose another name, or remove that person first",
    status: 409,
  },
  "http/no-manifest": {
    cause: "no manifest has been published yet",
    remedy: "ask `/readyz` why; the first good commit ends this",
    status: 503,
  },
  "http/not-found": {
    cause: "there is nothing at this path",
    remedy: "look at `/`, which lists what there is",
    status: 404,
  },
  "http/not-held": {
    cause: "the commit that was to be accepted is not held for a rewritten history",
    remedy: "look at what is held with `fairlead status`",
    status: 409,
  },
  "http/nothing-active": {
    cause: "the channel has no version that could be offered",
    remedy: "promote a version that is not yanked and that the platform has",
    status: 404,
  },
  "http/page-changes-off": {
    cause: "the controller is not set to make commits for people",
    remedy: "use the command, or start the controller with `--page-changes branch`",
    status: 403,
  },
  "http/range-not-satisfiable": {
    cause: "the `Range` of the request lies outside the file",
    remedy: "begin anew without `Range`; the `Content-Range` header says how long the file is",
    status: 416,
  },
  "http/request-ended": {
    cause: "the request to a device has ended, so that it cannot be cancelled",
    remedy: "look at how it ended with `fairlead requests list --all`",
    status: 409,
  },
  "http/request-timeout": {
    cause: "the request did not arrive in time",
    remedy: "try again; check the network and the proxies between",
    status: 408,
  },
  "http/role-required": {
    cause: "the token is right, and its owner may not do this",
    remedy: "ask somebody with the role that the answer names; `fairlead people add` gives a token with it",
    status: 403,
  },
  "http/tenant-key-required": {
    cause: "a tenant was named without its key, or with a wrong one",
    remedy: "send the key that `fairlead tenant key NAME` prints, as `Authorization: Bearer KEY`",
    status: 401,
  },
  "http/token-required": {
    cause: "what operators and people ask for was asked without a token, or with a wrong or an expired one",
    remedy:
      "send the token of `--operator-token-file`, or of `fairlead people add`, as `Authorization: Bearer TOKEN`, or ask on the operators' address",
    status: 401,
  },
  "http/too-many-machines": {
    cause: "one request names or filters more machines than may be asked at once",
    remedy: "narrow the filter; what a whole fleet should run is for a channel to say, in waves",
    status: 422,
  },
  "http/too-many-questions": {
    cause: "a person waits for as many answers about git as one may at a time",
    remedy: "ask again when one of them is answered",
    status: 429,
  },
  "http/too-many-requests": {
    cause: "this address sent too many requests",
    remedy: "wait as long as the `Retry-After` header says",
    status: 429,
  },
  "http/too-many-streams": {
    cause:
      "as many agents hold a stream open as the controller takes, or too many ask for one at the same time",
    remedy: "nothing: agents without a stream poll; raise `--max-connections` where the machine has room",
    status: 503,
  },
  "http/unexpected-body": {
    cause: "a body was sent with a method that has none, such as GET",
    remedy: "send the request without a body",
    status: 400,
  },
  "http/unknown-channel": {
    cause: "the product has no channel of that name",
    remedy: "check the spelling; the answer lists what there is",
    status: 404,
  },
  "http/unknown-host": {
    cause: "the `Host` of the request is no name of this controller",
    remedy: "use an address that the controller was given with `--public-url`, or add this one",
    status: 421,
  },
  "http/unknown-product": {
    cause: "the manifest has no product of that name",
    remedy: "check the spelling; the answer lists what there is",
    status: 404,
  },
  "http/unknown-tenant": {
    cause: "the manifest has no tenant of that name",
    remedy: "check the spelling; the key is right, so the tenant may have been removed",
    status: 404,
  },
  "http/unknown-token": {
    cause: "there is no enrolment token of that name",
    remedy: "`fairlead tokens list` shows those that there are",
    status: 404,
  },
  "http/unsupported-media-type": {
    cause: "the body of the request has a `Content-Type` that this path does not take",
    remedy: "send the type that `/openapi.json` names for the path, usually `application/json`",
    status: 415,
  },
  "http/uri-too-long": {
    cause: "the path of the request, or a part of it, is longer than anything that is here",
    remedy: "check the address",
    status: 414,
  },
} as const satisfies ErrorTable<{ readonly status: number }>;
export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** A request that cannot be answered as asked, with the status that says so. */
export class HttpError extends DomainError<HttpErrorCode> {
  get status(): number {
    return HTTP_ERRORS[this.code].status;
  }

  /** How to ask with what is missing (`WWW-Authenticate`, RFC 6750, section 3). */
  get challenge(): string | undefined {
    switch (this.code) {
      case "http/tenant-key-required":
        return 'Bearer realm="tenant"';
      case "http/token-required":
        return 'Bearer realm="operator"';
      default:
        return undefined;
    }
  }
}

/** Turns whatever a handler or Fastify threw into an `HttpError`. The client learns nothing of a defect. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof DomainError && STORE_CODE.test(error.code)) {
    return new HttpError("http/fleet-unavailable", "the fleet's database does not answer", {
      help: "try again later; the controller's log says why",
      cause: error,
    });
  }
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  const text = typeof message === "string" ? lowerFirst(message) : "the request could not be understood";
  switch (statusCode) {
    case 400:
      return new HttpError("http/bad-request", text, {
        help: "see /openapi.json for what this path takes",
        cause: error,
      });
    case 413:
      return new HttpError("http/body-too-large", text, { help: "send at most 64 KiB", cause: error });
    case 414:
      return new HttpError("http/uri-too-long", "a part of the path is longer than anything that is here", {
        cause: error,
      });
    case 415:
      return new HttpError("http/unsupported-media-type", text, { cause: error });
    default:
      return new HttpError("http/internal", "the controller failed to answer", {
        help: "its log says why; trying again later may help",
        cause: error,
      });
  }
}

const STORE_CODE = /^(store|fleet)\//;

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
