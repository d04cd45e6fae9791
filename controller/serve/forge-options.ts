import { FORGES, type Forge, type ForgeRepository, forgeOf, pageOf } from "../forge/forge.ts";
import type { SourceLocation } from "../source/source-location.ts";
import { ServeError } from "./serve-error.ts";

/** Where commits can be looked at, as the command line says it. */
export interface ForgeOptions {
  readonly forge?: Forge | "none";
  /** Of the repository's page. */
  readonly forgeUrl?: string;
}

export const FORGE_CHOICES = [...FORGES, "none"] as const;

/**
 * The repository's page at its forge: what was said, else what the address of a remote tells. A name or a password in the
 * address stays out of it.
 *
 * @throws ServeError `serve/bad-option`
 */
export function forgeRepositoryOf(
  { forge, forgeUrl }: ForgeOptions,
  location: SourceLocation,
): ForgeRepository | undefined {
  if (forge === "none") {
    if (forgeUrl === undefined) return undefined;
    throw new ServeError("serve/bad-option", "--forge none has no page", { help: "leave --forge-url out" });
  }
  const address = forgeUrl ?? (location.kind === "remote" ? location.url : "");
  const kind = forge ?? forgeOf(address)?.forge;
  const page = forgeUrl === undefined ? pageOf(address) : plainPage(forgeUrl);
  if (kind !== undefined && page !== undefined) return { forge: kind, page };
  if (forge === undefined && forgeUrl === undefined) return undefined;
  throw new ServeError(
    "serve/bad-option",
    "where commits can be looked at cannot be told from what was given",
    {
      help: `say both: --forge ${FORGES.join("|")} --forge-url https://git.acme.example/fleet/state`,
    },
  );
}

function plainPage(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ServeError("serve/bad-option", "--forge-url is no address of https", {
      help: "give the page of the repository: https://git.acme.example/fleet/state",
    });
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new ServeError("serve/bad-option", "--forge-url holds more than the address of a page", {
      help: "everybody who may use the page sees it: leave name, password, `?` and `#` out",
    });
  }
  return url.href.replace(/\/+$/, "").replace(/\.git$/, "");
}
