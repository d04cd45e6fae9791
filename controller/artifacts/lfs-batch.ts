import type { IncomingMessage } from "node:http";
import { printable } from "../../protocol/printable.ts";
import { ArtifactError } from "./artifact-error.ts";
import type { LfsPointer } from "./lfs-pointer.ts";
import { unreachable, type WebClient } from "./web-client.ts";

/** Where and how to download one object, as the server says. */
export interface LfsDownload {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a Git LFS server is asked with. */
export interface LfsServer {
  /** Of the batch API, without `/objects/batch`. */
  readonly endpoint: string;
  readonly client: WebClient;
  /** Name and password for an address; asked for at each use, so that a new token counts at once. */
  readonly credentials: (
    url: URL,
  ) => Promise<{ readonly name: string; readonly password: string } | undefined>;
}

/** Objects that are asked for at a time: what git-lfs itself asks for. */
export const BATCH_SIZE = 100;
const MEDIA_TYPE = "application/vnd.git-lfs+json";
const MOST_BYTES = 1024 * 1024;

/**
 * Asks a Git LFS server where to download objects (Git LFS API, "Batch"), by its `basic` transfer.
 *
 * @param objects at most {@link BATCH_SIZE}
 * @returns by oid; an object that the server does not have, or does not give out, has an error
 * @throws ArtifactError `artifact/unreachable`, `artifact/bad-answer`, `artifact/not-stored` where it gives out nothing
 */
export async function askBatch(
  server: LfsServer,
  objects: readonly LfsPointer[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LfsDownload | ArtifactError>> {
  const url = new URL(`${server.endpoint}/objects/batch`);
  const account = await server.credentials(url);
  const answer = await server.client.send(url, {
    method: "POST",
    headers: {
      accept: MEDIA_TYPE,
      "content-type": MEDIA_TYPE,
      ...(account === undefined ? {} : { authorization: basic(account) }),
    },
    body: JSON.stringify({
      operation: "download",
      transfers: ["basic"],
      hash_algo: "sha256",
      objects: objects.map(({ oid, size }) => ({ oid, size })),
    }),
    signal,
  });
  const status = answer.statusCode ?? 0;
  const text = await readText(answer, url);
  if (status !== 200) throw refused(url, status);
  return readBatch(text, url);
}

function basic({ name, password }: { readonly name: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}

function refused(url: URL, status: number): ArtifactError {
  const message = `the Git LFS server at \`${url.origin}${url.pathname}\` answers ${status}`;
  if (status === 401 || status === 403 || status === 404) {
    return new ArtifactError("artifact/not-stored", message, {
      help: "check the address, and that the credentials may read the repository: --git-credentials FILE",
    });
  }
  if (status === 429 || status >= 500) return new ArtifactError("artifact/unreachable", message);
  return new ArtifactError("artifact/bad-answer", message, {
    help: "name the Git LFS server with --lfs-url",
  });
}

async function readText(answer: IncomingMessage, url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      size += chunk.length;
      if (size > MOST_BYTES) {
        throw new ArtifactError(
          "artifact/bad-answer",
          `\`${url.host}\` answers more than ${MOST_BYTES} bytes`,
        );
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ArtifactError ? error : unreachable(url, error);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function readBatch(text: string, url: URL): ReadonlyMap<string, LfsDownload | ArtifactError> {
  const bad = (): ArtifactError =>
    new ArtifactError("artifact/bad-answer", `\`${url.host}\` does not answer as a Git LFS server does`, {
      help: "name the Git LFS server with --lfs-url",
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad();
  }
  if (!isRecord(value) || !Array.isArray(value.objects)) throw bad();
  const found = new Map<string, LfsDownload | ArtifactError>();
  for (const object of value.objects) {
    if (!isRecord(object) || typeof object.oid !== "string") throw bad();
    found.set(object.oid, readObject(object, url));
  }
  return found;
}

function readObject(object: Readonly<Record<string, unknown>>, url: URL): LfsDownload | ArtifactError {
  const { error, actions } = object;
  const download = isRecord(actions) ? actions.download : undefined;
  if (!isRecord(error) && isRecord(download) && typeof download.href === "string") {
    const href = URL.canParse(download.href) ? new URL(download.href) : undefined;
    const isSafe = href?.protocol === "https:" || (href?.protocol === "http:" && url.protocol === "http:");
    if (href !== undefined && isSafe) return { url: href, headers: readHeaders(download.header) };
    return new ArtifactError("artifact/bad-answer", `\`${url.host}\` gives an address that is not of https`);
  }
  const said = isRecord(error) ? `${String(error.code)} ${String(error.message)}` : "no download";
  return new ArtifactError("artifact/not-stored", `\`${url.host}\` answers: ${printable(said, 200)}`, {
    help: "push the file: `git lfs push --all origin`",
  });
}

/** Only text, and nothing that would split the request or change whom it is for. */
function readHeaders(given: unknown): Record<string, string> {
  if (!isRecord(given)) return {};
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const isPlain =
      /^[A-Za-z0-9-]{1,100}$/.test(name) && typeof value === "string" && /^[\x20-\x7e]*$/.test(value);
    if (isPlain && !/^(host|content-length|transfer-encoding|connection|range)$/i.test(name))
      headers[name] = value;
  }
  return headers;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
