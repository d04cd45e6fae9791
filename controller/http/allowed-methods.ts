/** A route as the framework knows it: `/tuf/*`, `/healthz`. */
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
  return url.endsWith("*") ? path.startsWith(url.slice(0, -1)) : path === url;
}
