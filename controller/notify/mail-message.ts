import type { Message } from "./message.ts";
import type { MailWay } from "./receiver.ts";

/** What the mail library is given. */
export interface MailMessage {
  readonly from: string;
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly references?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A message as plain text. Its id is the same at each attempt, so that a mail server that took it twice can tell; the begin
 * of a state, its repetitions and its end are one thread.
 */
export function mailMessage(
  { id, thread, title, lines, link, type }: Message,
  { from, to }: MailWay,
): MailMessage {
  const text = [title, "", ...lines, ...(link === undefined ? [] : ["", link])].join("\n");
  return {
    ...{ from, to: [...to], subject: `[Fairlead] ${title}`, text: `${text}\n` },
    messageId: `<${id}@fairlead>`,
    ...(thread === id ? {} : { references: `<${thread}@fairlead>` }),
    // RFC 3834: nobody's absence notice answers it.
    headers: { "Auto-Submitted": "auto-generated", "X-Fairlead-Event": type },
  };
}
