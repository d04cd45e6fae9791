import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

/** Writes bytes to a port and gives back all that comes until the server closes the connection. */
export async function sendRaw(port: number, ...pieces: readonly string[]): Promise<string> {
  const socket: Socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
  });
  socket.on("error", () => {}); // a reset is a way to close, too
  await once(socket, "connect");
  for (const piece of pieces) socket.write(piece);
  await once(socket, "close");
  return answer;
}

/** One request exactly as written, bytes of the body untouched (fetch would decode them). */
export async function requestRaw(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Map<string, string>; body: Buffer }> {
  const lines = Object.entries({ host: "localhost", connection: "close", ...headers }).map(
    ([k, v]) => `${k}: ${v}`,
  );
  const answer = await sendRaw(port, `GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  const split = answer.indexOf("\r\n\r\n");
  const [statusLine = "", ...headerLines] = answer.slice(0, split).split("\r\n");
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: new Map(
      headerLines.map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    ),
    body: Buffer.from(answer.slice(split + 4), "latin1"),
  };
}

export function decode(encoding: string | undefined, body: Buffer): Buffer {
  switch (encoding) {
    case "gzip":
      return gunzipSync(body);
    case "br":
      return brotliDecompressSync(body);
    default:
      return body;
  }
}
