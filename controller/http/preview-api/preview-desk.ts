import { HttpError } from "../http-error.ts";
import type { Caller } from "../sign-in.ts";
import { answered } from "./preview-problems.ts";

/**
 * Questions about git that one person may have at a time. The thread that answers them takes one after the other and lets
 * sixteen wait: a page asks three at once, and a script that asks more leaves room for everybody else.
 */
const MOST_OF_ONE = 6;

/** Where people ask the part that reads git: nobody fills its queue alone. */
export class PreviewDesk {
  private readonly waiting = new Map<string, number>();

  /**
   * Waits for an answer, and turns refusals of that part into those of HTTP.
   *
   * @throws HttpError `http/too-many-questions` for who waits for as many answers already
   */
  async ask<T>({ actor: { name } }: Caller, question: () => Promise<T>): Promise<T> {
    const before = this.waiting.get(name) ?? 0;
    if (before >= MOST_OF_ONE) {
      throw new HttpError("http/too-many-questions", `${before} of your questions about git wait already`, {
        help: "ask the next one when one of them is answered",
      });
    }
    this.waiting.set(name, before + 1);
    try {
      return await answered(question());
    } finally {
      const after = (this.waiting.get(name) ?? 1) - 1;
      if (after === 0) this.waiting.delete(name);
      else this.waiting.set(name, after);
    }
  }
}
