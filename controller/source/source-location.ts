import { redactCredentials } from "./redact-credentials.ts";
import { SourceError } from "./source-error.ts";

/** Where the state repository is: on this machine, read in place, or behind a URL, mirrored. */
export type SourceLocation =
  | { readonly kind: "local"; readonly folder: string }
  | { readonly kind: "remote"; readonly url: string; readonly protocol: Transport };

export type Transport = "https" | "ssh" | "file" | "http";

const SCP_LIKE = /^(?:[\w.+-]+@)?([\w.-]+|\[[0-9a-f:]+\]):(?!\/\/)/i;

/**
 * Reads what an operator set as the source: a folder, `https://`, `ssh://` or `file://`, or `user@host:path`.
 * `http://` must be allowed on purpose. Transports that run a program (`ext::`) and anything that git could take
 * for an option are refused.
 *
 * @throws SourceError `source/bad-source`
 */
export function parseSourceLocation(text: string, options: { allowHttp?: boolean } = {}): SourceLocation {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  if (text === "" || text.startsWith("-") || /[\u0000-\u001f\u007f]/.test(text)) throw badSource(text);
  if (/^[a-z0-9+.-]+::/i.test(text)) throw badSource(text);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) {
    const host = URL.parse(text)?.hostname;
    if (host === undefined || host.startsWith("-")) throw badSource(text);
    switch (scheme) {
      case "https":
      case "ssh":
      case "file":
        return { kind: "remote", url: text, protocol: scheme };
      case "http":
        if (options.allowHttp === true) return { kind: "remote", url: text, protocol: "http" };
        throw badSource(text, "use https, which cannot be changed on its way");
      default:
        throw badSource(text);
    }
  }
  const host = SCP_LIKE.exec(text)?.[1];
  if (host === undefined || /^[a-z]:[\\/]/i.test(text)) return { kind: "local", folder: text };
  if (host.startsWith("-")) throw badSource(text);
  return { kind: "remote", url: text, protocol: "ssh" };
}

function badSource(
  text: string,
  help = "give a folder, https://, ssh://, file:// or user@host:path",
): SourceError {
  return new SourceError("source/bad-source", `\`${redactCredentials(text)}\` cannot be a source`, { help });
}
