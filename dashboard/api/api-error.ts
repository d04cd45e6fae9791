/** What the controller says of an error (RFC 9457), or what kept it from saying anything. */
export class ApiError extends Error {
  /** Of HTTP; absent where nothing answered. */
  readonly status: number | undefined;
  /** Stable, such as `http/not-found`; `page/unreachable` where nothing answered. */
  readonly code: string;
  /** What to do about it. */
  readonly help: string | undefined;

  constructor(code: string, message: string, { status, help }: { status?: number; help?: string } = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.help = help;
  }
}

/** Nothing answered: the network, a proxy, or a controller that is being started. */
export function unreachable(): ApiError {
  return new ApiError("page/unreachable", "the controller does not answer");
}

/** @param body of an answer that is an error; anything, since proxies answer too */
export function errorOf(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "code" in body && "detail" in body) {
    const { code, detail } = body;
    const help = "help" in body && typeof body.help === "string" ? { help: body.help } : {};
    return new ApiError(String(code), String(detail), { status, ...help });
  }
  return new ApiError("page/unreadable", `the answer ${status} is not the controller's`, { status });
}
