import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

interface BatchRequest {
  readonly operation: "upload" | "download";
  readonly objects: readonly { readonly oid: string; readonly size: number }[];
}

/** A Git LFS server (batch API, basic transfer) for whoever stands in front of it: it is handed requests. */
export class LfsServer {
  readonly objects = new Map<string, Buffer>();
  /** `GET <oid> <range>` and `batch`, in their order. */
  readonly asked: string[] = [];
  /** Where it is reached: `https://localhost:1234`. */
  origin = "";
  /** Of the next download, after how many bytes the connection is cut. */
  cutAfter: number | undefined;
  /** Awaited before a download is answered. */
  hold: Promise<void> | undefined;

  add(bytes: Buffer): string {
    const oid = createHash("sha256").update(bytes).digest("hex");
    this.objects.set(oid, bytes);
    return oid;
  }

  /** @returns whether the request was for Git LFS */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { method = "", url = "" } = request;
    if (/\/info\/lfs\/objects\/batch$/.test(url)) {
      this.asked.push("batch");
      this.answerBatch(JSON.parse((await readAll(request)).toString()), response);
      return true;
    }
    if (/\/info\/lfs\/locks/.test(url)) {
      response.writeHead(404, { "content-type": "application/vnd.git-lfs+json" }).end("{}");
      return true;
    }
    const oid = /^\/lfs-objects\/([0-9a-f]{64})$/.exec(url)?.[1];
    if (oid === undefined) return false;
    if (method === "PUT") {
      this.objects.set(oid, await readAll(request));
      response.end();
    } else {
      this.asked.push(`GET ${oid.slice(0, 6)} ${request.headers.range ?? "whole"}`);
      await this.hold;
      this.send(oid, request, response);
    }
    return true;
  }

  private answerBatch({ operation, objects }: BatchRequest, response: ServerResponse): void {
    const answers = objects.map(({ oid, size }) => {
      const there = this.objects.has(oid);
      if (operation === "download" && !there) return { oid, size, error: { code: 404, message: "not here" } };
      if (operation === "upload" && there) return { oid, size };
      const href = `${this.origin}/lfs-objects/${oid}`;
      const action = { href, header: { Authorization: this.authorization } };
      return { oid, size, actions: { [operation]: action } };
    });
    response.setHeader("content-type", "application/vnd.git-lfs+json");
    response.end(JSON.stringify({ transfer: "basic", objects: answers, hash_algo: "sha256" }));
  }

  /** What it tells clients to show at the download. */
  authorization = "";

  private send(oid: string, request: IncomingMessage, response: ServerResponse): void {
    const bytes = this.objects.get(oid) ?? Buffer.alloc(0);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const part = bytes.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": part.length,
      ...(from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (this.cutAfter === undefined) {
      response.end(part);
      return;
    }
    response.write(part.subarray(0, this.cutAfter), () => setTimeout(() => response.destroy(), 50));
    this.cutAfter = undefined;
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What stands in git for such a file. */
export function pointerOf(oid: string, size: number): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
}
