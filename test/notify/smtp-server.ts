import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { Cleanups } from "../support/cleanups.ts";
import type { PrivateAuthority } from "../support/private-authority.ts";

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came. */
  readonly data: string;
  readonly isEncrypted: boolean;
  /** `user password` */
  readonly login: string | undefined;
}

export interface SmtpOptions {
  /** Offers STARTTLS with this certificate. */
  readonly authority?: PrivateAuthority;
  /** Answers to `RCPT TO`; absent: 250. */
  readonly recipient?: string;
  /** Says nothing at all. */
  readonly isSilent?: boolean;
}

/** As much of a mail server as RFC 5321, 3207 and 4954 ask of one that takes a message. */
export class SmtpServer {
  readonly port: number;
  readonly got: ReceivedMail[] = [];
  readonly commands: string[] = [];

  private constructor(port: number) {
    this.port = port;
  }

  static async start(t: Cleanups, options: SmtpOptions = {}): Promise<SmtpServer> {
    const sockets = new Set<Socket>();
    let smtp: SmtpServer | undefined;
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      if (options.isSilent !== true && smtp !== undefined) converse(smtp, socket, options);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    smtp = new SmtpServer((server.address() as AddressInfo).port);
    return smtp;
  }
}

function converse(server: SmtpServer, first: Socket, options: SmtpOptions): void {
  let socket = first;
  let login: string | undefined;
  let from = "";
  let to: string[] = [];
  let data: string | undefined;
  let rest = "";
  const say = (text: string): void => void socket.write(`${text}\r\n`);
  const onLine = (line: string): void => {
    if (data !== undefined) {
      if (line !== ".") {
        data += `${line.replace(/^\./, "")}\r\n`;
        return;
      }
      server.got.push({ from, to, data, isEncrypted: socket instanceof TLSSocket, login });
      data = undefined;
      say("250 taken");
      return;
    }
    server.commands.push(line.split(" ")[0]?.toUpperCase() ?? "");
    const [, sender] = /^MAIL FROM:<([^>]*)>/i.exec(line) ?? [];
    const [, recipient] = /^RCPT TO:<([^>]*)>/i.exec(line) ?? [];
    const [, plain] = /^AUTH PLAIN (\S+)$/i.exec(line) ?? [];
    if (/^EHLO /i.test(line)) {
      const isPlain = options.authority !== undefined && !(socket instanceof TLSSocket);
      say(isPlain ? "250-stand-in\r\n250 STARTTLS" : "250-stand-in\r\n250 AUTH PLAIN");
    } else if (/^STARTTLS$/i.test(line) && options.authority !== undefined) {
      say("220 go on");
      const { key, cert } = options.authority;
      socket.removeAllListeners("data");
      socket = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key, cert }) });
      socket.on("error", () => undefined);
      listen();
    } else if (plain !== undefined) {
      const [, user = "", password = ""] = Buffer.from(plain, "base64").toString("utf8").split("\0");
      login = `${user} ${password}`;
      say(password === "right" ? "235 welcome" : "535 5.7.8 no");
    } else if (sender !== undefined) {
      from = sender;
      to = [];
      say("250 ok");
    } else if (recipient !== undefined) {
      to.push(recipient);
      say(options.recipient ?? "250 ok");
    } else if (/^DATA$/i.test(line)) {
      data = "";
      say("354 go on");
    } else if (/^QUIT$/i.test(line)) {
      say("221 bye");
      socket.end();
    } else {
      say("502 what?");
    }
  };
  const listen = (): void => {
    socket.setEncoding("utf8").on("data", (text: string) => {
      rest += text;
      const lines = rest.split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
  };
  listen();
  say("220 stand-in ESMTP");
}
