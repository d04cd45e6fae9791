import { ServerResponse } from "node:http";

/** An answer that knows when its request began and which route it is for, for metrics and the access log. */
export class CountedResponse extends ServerResponse {
  /** Milliseconds, as `performance.now()` counts. */
  readonly startedAt = performance.now();
  /** As the API description writes it, such as `/targets/*`; `none` where no route was found. */
  route = "none";
}
