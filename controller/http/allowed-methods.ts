/** A route as the framework knows it: `/tuf/*`, `/healthz`, `/api/v1/agents/:id`. */
export interface MethodRoute {
  readonly url: string;
  readonly methods: readonly string[];
}

/**
 * The methods that a path takes, for the `Allow` header (RFC 9110, section 10.2.1); empty where nothing is.
 *
 * @param path of the request, without its query
 */
export function allowedMethods(routes: readonly MethodRoute[], path: string): string[] {
  const methods = routes.flatMap((route) => (isAt(route.url, path) ? route.methods : []));
  return [...new Set(methods)].sort();
}

function isAt(url: string, path: string): boolean {
  if (url.endsWith("*")) return path.startsWith(url.slice(0, -1));
  const parts = url.split("/");
  const given = path.split("/");
  return parts.length === given.length && parts.every((part, index) => fits(part, given[index] ?? ""));
}

/** Whether a part of a path is what `:name`, `:name.atom` or a plain part of a route stands for. */
function fits(part: string, given: string): boolean {
  const [, suffix] = /^:\w+(.*)$/.exec(part) ?? [];
  if (suffix === undefined) return part === given;
  return given.length > suffix.length && given.endsWith(suffix);
}
