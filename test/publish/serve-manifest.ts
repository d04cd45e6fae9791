import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { allDocuments, type PublishedManifest } from "../../controller/publish/published-manifest.ts";

/** Serves what `current` gives at each request, as a plain file server would. @returns the base URL, with `/` */
export async function serveManifest(
  t: TestContext,
  current: () => PublishedManifest,
  artifacts: ReadonlyMap<string, Buffer> = new Map(),
): Promise<string> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    const manifest = current();
    const bytes = path.startsWith("/tuf/")
      ? manifest.metadata.get(path.slice("/tuf/".length))
      : (allDocuments(manifest).get(path.slice("/targets/".length)) ??
        artifacts.get(path.slice("/targets/".length)));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  // A test that computes for long must not find that the connection it kept was closed meanwhile.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
