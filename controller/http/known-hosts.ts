import { HttpError } from "./http-error.ts";

/** The names under which a listener answers. */
export interface KnownHosts {
  /** Host names of `--public-url`, lower case, without a port. */
  readonly names: ReadonlySet<string>;
  /** Loopback names count wherever the connection comes in, as behind a published port of a container. */
  readonly development: boolean;
}

/** Different `Host` headers of which a listener remembers that they are known. */
const MOST_REMEMBERED = 64;

/** `checkHost` for one listener, which remembers what it found: nearly all requests have the same few headers. */
export class HostCheck {
  private readonly known: KnownHosts;
  /** Of each `Host` header that was let through, the addresses that the connections came in on. */
  private readonly passed = new Map<string, Set<string | undefined>>();

  constructor(known: KnownHosts) {
    this.known = known;
  }

  /** @throws HttpError as {@link checkHost} */
  check(rawHeaders: readonly string[], localAddress: string | undefined): void {
    const header = theOnlyHost(rawHeaders);
    const addresses = this.passed.get(header);
    if (addresses?.has(localAddress) === true) return;
    checkHost(header, localAddress, this.known);
    if (addresses !== undefined && addresses.size < MOST_REMEMBERED) addresses.add(localAddress);
    else if (this.passed.size < MOST_REMEMBERED) this.passed.set(header, new Set([localAddress]));
  }
}

/**
 * Refuses a request for another host. A page in somebody's browser can give its own name the address of this controller
 * (DNS rebinding) and read what it answers, but it cannot choose the `Host` that the browser then sends: that name. So
 * what is known is answered, and so is the very address that the connection came in on; ports do not matter.
 *
 * @param header       the `Host` header of the request
 * @param localAddress where the connection came in; absent on a unix socket
 * @throws HttpError `http/bad-request` unless there is exactly one `Host` that can be read (RFC 9112, section 3.2);
 *   `http/unknown-host`
 */
function checkHost(header: string, localAddress: string | undefined, known: KnownHosts): void {
  const host = hostName(header);
  if (known.names.has(host)) return;
  const here = localAddress?.replace(/^::ffff:/i, "").toLowerCase();
  if (host === here) return;
  if (isLoopbackName(host) && (known.development || here === undefined || isLoopbackName(here))) return;
  throw new HttpError("http/unknown-host", "this is not the host that the request is for", {
    help: "use the address that the controller was given with --public-url, or add this one there",
  });
}

/** @param rawHeaders names and values in turns, as node gives them */
function theOnlyHost(rawHeaders: readonly string[]): string {
  let host: string | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length !== 4 || name.toLowerCase() !== "host") continue;
    if (host !== undefined) throw new HttpError("http/bad-request", "the request has two `Host` headers");
    host = rawHeaders[at + 1];
  }
  if (host === undefined) throw new HttpError("http/bad-request", "the request has no `Host` header");
  return host;
}

const HOST = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,255}))(?::\d{1,5})?$/i;

/** A `Host` header without its port, brackets and final dot, in lower case. */
function hostName(header: string): string {
  const [, address, name] = HOST.exec(header) ?? [];
  const host = (address ?? name)?.toLowerCase().replace(/\.$/, "");
  if (host === undefined) throw new HttpError("http/bad-request", "the `Host` header cannot be read");
  return host;
}

/** Whether a name or an address means this machine alone; nobody else can have it resolved to one of theirs. */
export function isLoopbackName(name: string): boolean {
  return (
    name === "localhost" ||
    name === "::1" ||
    name.endsWith(".localhost") ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  );
}
