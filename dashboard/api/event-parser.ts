/** One event of a stream of them. */
export interface ServerEvent {
  /** What to show as `Last-Event-ID` to go on after it; empty where none was said yet. */
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

/** Most characters of one event; more is no event of ours. */
const MOST_CHARACTERS = 256 * 1024;

/**
 * Reads server-sent events piece by piece (HTML Living Standard, section 9.2.6). The browser's own reader cannot send
 * the header that signs in.
 */
export class EventParser {
  private rest = "";
  private lastId = "";

  /** @returns the events that are whole now. @throws Error where one has no end */
  push(piece: string): ServerEvent[] {
    const text = this.rest + piece;
    const blocks = text.split(/\r\n\r\n|\n\n|\r\r/);
    this.rest = blocks.pop() ?? "";
    if (this.rest.length > MOST_CHARACTERS) throw new Error("an event of the stream has no end");
    return blocks.flatMap((block) => this.read(block));
  }

  private read(block: string): ServerEvent[] {
    let name = "message";
    const data: string[] = [];
    for (const line of block.split(/\r\n|\n|\r/)) {
      const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (field === "event") name = value;
      else if (field === "data") data.push(value);
      else if (field === "id" && !value.includes("\0")) this.lastId = value;
    }
    return data.length === 0 ? [] : [{ id: this.lastId, name, data: data.join("\n") }];
  }
}
