import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cleanups } from "../support/cleanups.ts";
import { run, runOk, TOP } from "../support/run-command.ts";

/** The package as `npm run package` makes it. */
export interface PackedPackage {
  readonly version: string;
  readonly tarball: Buffer;
  readonly manifest: object;
}

export async function packPackage(t: Cleanups): Promise<PackedPackage> {
  const folder = await temporaryFolder(t);
  const made = join(folder, "made");
  await runOk(process.execPath, [join(TOP, "tools", "make-package.ts"), made]);
  const said = await runOk("npm", ["pack", made, "--json", "--pack-destination", folder]);
  const [{ filename }] = JSON.parse(said.slice(said.indexOf("[")));
  const manifest = JSON.parse(await readFile(join(made, "package.json"), "utf8"));
  return { version: manifest.version, tarball: await readFile(join(folder, filename)), manifest };
}

async function temporaryFolder(t: Cleanups): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-places-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function listen(t: Cleanups, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A web server that has the tarball, as that of any company does. @returns its URL */
export async function tarballServer(t: Cleanups, { tarball }: PackedPackage): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(tarball);
  });
  return `${await listen(t, server)}/fairlead.tgz`;
}

/**
 * A private registry that has the package, and sends whoever asks for another one to the registry that this machine uses:
 * `GET /fairlead` is its packument, https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
export async function privateRegistry(t: Cleanups, packed: PackedPackage, upstream: string): Promise<string> {
  const { version, tarball, manifest } = packed;
  let url = "";
  const packument = (): object => {
    const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    const dist = { tarball: `${url}/fairlead/-/fairlead-${version}.tgz`, integrity };
    return {
      name: "fairlead",
      "dist-tags": { latest: version },
      versions: { [version]: { ...manifest, dist } },
    };
  };
  const server = createServer(({ url: path = "/" }, response) => {
    if (path === "/fairlead") response.end(JSON.stringify(packument()));
    else if (path.startsWith("/fairlead/-/")) response.end(tarball);
    else response.writeHead(302, { location: `${upstream.replace(/\/$/, "")}${path}` }).end();
  });
  url = await listen(t, server);
  return url;
}

/**
 * What a commit of this checkout would hold, on a git server that speaks git's smart HTTP by git's own `http-backend`.
 *
 * @returns the URL that npm installs it from
 */
export async function gitServer(t: Cleanups): Promise<string> {
  const folder = await temporaryFolder(t);
  const source = join(folder, "source");
  await mkdir(source);
  const folders = [
    "agent",
    "bin",
    "controller",
    "dashboard",
    "deploy",
    "protocol",
    "schemas",
    "simulated-fleet",
    "tools",
  ];
  for (const path of [...folders, "package.json", "package-lock.json", ".npmrc", ".gitignore"]) {
    await cp(join(TOP, path), join(source, path), { recursive: true });
  }
  await runOk("git", ["init", "-q", "-b", "main", source]);
  await runOk("git", ["add", "--all"], { cwd: source });
  await runOk("git", ["commit", "-q", "-m", "a copy"], { cwd: source });
  await runOk("git", ["clone", "-q", "--bare", source, join(folder, "fairlead.git")]);
  const { stdout: backends } = await run("git", ["--exec-path"]);
  const server = createServer((request, response) => {
    answerByGit(join(backends.trim(), "git-http-backend"), folder, request, response);
  });
  return `git+${await listen(t, server)}/fairlead.git`;
}

/** One request by CGI (RFC 3875). */
function answerByGit(
  program: string,
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, search } = new URL(request.url ?? "/", "http://git");
  const {
    "content-type": type = "",
    "content-encoding": encoding,
    "git-protocol": protocol,
  } = request.headers;
  const child = spawn(program, [], {
    env: {
      ...{ PATH: process.env.PATH, GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: "1" },
      ...{
        REQUEST_METHOD: request.method,
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        CONTENT_TYPE: type,
      },
      ...(encoding === undefined ? {} : { HTTP_CONTENT_ENCODING: encoding }),
      ...(protocol === undefined ? {} : { GIT_PROTOCOL: String(protocol) }),
    },
  });
  request.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("close", () => {
    const said = Buffer.concat(chunks);
    const end = said.indexOf("\r\n\r\n");
    const headers = said.subarray(0, end).toString("latin1").split("\r\n");
    let status = 200;
    for (const header of headers) {
      const [name = "", value = ""] = header.split(/: ?(.*)/);
      if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.writeHead(status).end(said.subarray(end + 4));
  });
}
