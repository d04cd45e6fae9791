import { spawn } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface GitHttpsServer {
  /** Ends in `/`; repositories are below it. */
  readonly url: string;
  /** What each request came with. */
  readonly requests: { readonly authorization: string | undefined; readonly host: string | undefined }[];
}

/**
 * Git's own HTTP server (`git http-backend`, the CGI program) behind TLS, with basic authentication.
 *
 * @param onRequest awaited before each answer
 */
export async function startGitHttpsServer(
  t: TestContext,
  options: {
    readonly projects: string;
    readonly key: Buffer;
    readonly cert: Buffer;
    readonly user: string;
    readonly password: string;
    readonly onRequest?: () => Promise<void>;
    /** Answers, of what is let in, what is not for git. @returns whether it has */
    readonly handle?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  },
): Promise<GitHttpsServer> {
  const expected = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString("base64")}`;
  const requests: { authorization: string | undefined; host: string | undefined }[] = [];
  const server = createServer({ key: options.key, cert: options.cert }, async (request, response) => {
    const { authorization, host } = request.headers;
    requests.push({ authorization, host });
    await options.onRequest?.();
    if (authorization !== expected) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="state"' }).end();
      return;
    }
    if ((await options.handle?.(request, response)) === true) return;
    const url = new URL(request.url ?? "/", "https://localhost");
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env.PATH ?? "",
        GIT_PROJECT_ROOT: options.projects,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method ?? "GET",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: "*",
      },
    });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    for await (const chunk of backend.stdout) chunks.push(chunk);
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf("\r\n\r\n");
    const headers = answer.subarray(0, end).toString().split("\r\n");
    let status = 200;
    for (const line of headers) {
      const [name = "", value = ""] = line.split(": ", 2);
      if (name === "Status") status = Number(value.slice(0, 3));
      else response.setHeader(name, value);
    }
    response.writeHead(status).end(answer.subarray(end + 4));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}/`, requests };
}
