import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { printable } from "../../protocol/printable.ts";
import { mailMessage } from "./mail-message.ts";
import type { Message } from "./message.ts";
import type { Delivery } from "./outbox.ts";
import type { MailWay } from "./receiver.ts";

/** Milliseconds for a connection, for the server's greeting, and without a byte; and for all of it. */
const PATIENCE_MS = 10_000;
const TIME_LIMIT_MS = 15_000;

/** Sends one message by SMTP, on a connection of its own. Never rejects. @param stop ends it early */
export async function sendMail(
  way: MailWay,
  message: Message,
  authorities: string | undefined,
  stop: AbortSignal,
): Promise<Delivery> {
  // Loaded where mail is sent, and nowhere else.
  const { createTransport } = await import("nodemailer");
  const { host, port, security, user, password } = way;
  const ca =
    authorities === undefined ? {} : { ca: [...getCACertificates(), readFileSync(authorities, "utf8")] };
  const transport = createTransport({
    ...{ host, port, secure: security === "tls", requireTLS: security === "starttls" },
    ignoreTLS: security === "none",
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    ...{ connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS },
    tls: { minVersion: "TLSv1.2", ...ca },
    // What a message says can name no file and no address to be read.
    ...{ disableFileAccess: true, disableUrlAccess: true, logger: false, debug: false },
  });
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => limit.reject(new Error(`no answer within ${TIME_LIMIT_MS / 1000} s`)),
    TIME_LIMIT_MS,
  );
  const onStop = (): void => limit.reject(new Error("the controller stops"));
  stop.addEventListener("abort", onStop);
  if (stop.aborted) onStop();
  try {
    await Promise.race([transport.sendMail(mailMessage(message, way)), limit.promise]);
    return { kind: "delivered" };
  } catch (error) {
    return judgeError(error, host);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", onStop);
    transport.close();
  }
}

/** Of these, what the server says is about the message or its addresses; of all others, about us, which can be mended. */
const ABOUT_MESSAGE: readonly unknown[] = ["EENVELOPE", "EMESSAGE"];

/** A 5yz answer is permanent (RFC 5321, 4.2.1). */
function judgeError(error: unknown, host: string): Delivery {
  const reply = error instanceof Error && "responseCode" in error ? Number(error.responseCode) : 0;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const why = `\`${host}\`: ${printable(error instanceof Error ? error.message : String(error), 200)}`;
  const isPermanent = reply >= 500 && reply < 600 && ABOUT_MESSAGE.includes(code);
  return isPermanent ? { kind: "refused", why } : { kind: "failed", why };
}
