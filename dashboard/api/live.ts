import { ANYTHING, type Change, readChange } from "./change.ts";
import { EventParser, type ServerEvent } from "./event-parser.ts";

/** `off`: this controller tells of nothing, so what is shown is asked for again now and then. */
export type LiveState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly since: number }
  | { readonly kind: "off" };

/** Milliseconds between two attempts: at random up to a bound that doubles, so that pages do not come back at once. */
const BACKOFF = { first: 1_000, longest: 30_000 } as const;
/** Milliseconds without a sign of life after which a stream counts as lost; the controller gives one each 25 seconds. */
const SILENCE_MS = 60_000;
/** Milliseconds between two looks where nothing is told. */
const LOOK_MS = 30_000;
/**
 * Milliseconds after which a tab that nobody sees gives its stream back, and milliseconds between two looks from then on:
 * a browser opens six connections to one address, and tabs that are left open would take them all.
 */
const UNSEEN = { patience: 20_000, look: 60_000 } as const;

/** One stream of changes for the whole page. */
export class Live {
  private readonly headers: () => Record<string, string>;
  private readonly listeners = new Set<(change: Change) => void>();
  private readonly watchers = new Set<(state: LiveState) => void>();
  private current: LiveState = { kind: "connecting" };
  private lastId: string | undefined;
  private failures = 0;
  private stream: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isResting = false;
  private readonly online = (): void => this.retry();
  private readonly seen = (): void => {
    clearTimeout(this.unseen);
    if (document.hidden) this.unseen = setTimeout(() => this.rest(), UNSEEN.patience);
    else if (this.isResting) this.connect();
  };
  private unseen: ReturnType<typeof setTimeout> | undefined;

  constructor(headers: () => Record<string, string>) {
    this.headers = headers;
  }

  get state(): LiveState {
    return this.current;
  }

  /** @param tells whether the controller has anything to tell */
  start(tells: boolean): void {
    if (!tells) {
      this.become({ kind: "off" });
      this.look(LOOK_MS);
      return;
    }
    addEventListener("online", this.online);
    document.addEventListener("visibilitychange", this.seen);
    this.connect();
  }

  /** Tries at once, where it waits for the next attempt. */
  retry(): void {
    if (this.current.kind === "lost") this.connect();
  }

  stop(): void {
    removeEventListener("online", this.online);
    document.removeEventListener("visibilitychange", this.seen);
    clearTimeout(this.unseen);
    clearTimeout(this.timer);
    this.stream?.abort();
  }

  /** @returns how to stop listening */
  listen(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** @returns how to stop watching */
  watch(watcher: (state: LiveState) => void): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  private become(state: LiveState): void {
    this.current = state;
    for (const watcher of this.watchers) watcher(state);
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  private look(pause: number): void {
    this.timer = setTimeout(() => {
      this.tell(ANYTHING);
      this.look(pause);
    }, pause);
  }

  /** Nobody sees the tab: its title is kept about right. */
  private rest(): void {
    if (this.current.kind !== "live") return;
    this.isResting = true;
    this.stream?.abort();
    this.look(UNSEEN.look);
  }

  private connect(): void {
    this.isResting = false;
    clearTimeout(this.timer);
    this.stream?.abort();
    const stream = new AbortController();
    this.stream = stream;
    this.follow(stream).catch(() => {
      if (stream === this.stream && !stream.signal.aborted) this.lose();
    });
  }

  private lose(): void {
    this.stream?.abort();
    if (this.current.kind !== "lost") this.become({ kind: "lost", since: Date.now() });
    const bound = Math.min(BACKOFF.longest, BACKOFF.first * 2 ** this.failures);
    this.failures++;
    this.timer = setTimeout(() => this.connect(), bound * (0.5 + Math.random() / 2));
  }

  /** Ends by throwing, also when the stream ends. */
  private async follow(stream: AbortController): Promise<never> {
    const resume = this.lastId === undefined ? {} : { "last-event-id": this.lastId };
    let silence = setTimeout(() => this.lose(), SILENCE_MS);
    try {
      const response = await fetch("/api/v1/events?digest=true", {
        headers: { ...this.headers(), ...resume },
        cache: "no-store",
        credentials: "omit",
        signal: stream.signal,
      });
      // What is asked for next finds out that nobody is signed in any more, and says so.
      if (response.status === 401) this.tell(ANYTHING);
      if (!response.ok || response.body === null)
        throw new Error(`the stream is answered ${response.status}`);
      const wasLost = this.current.kind === "lost";
      this.failures = 0;
      this.become({ kind: "live" });
      // Nothing is known of what came before the first event that was ever seen.
      if (wasLost && this.lastId === undefined) this.tell(ANYTHING);
      const parser = new EventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) throw new Error("the stream has ended");
        clearTimeout(silence);
        silence = setTimeout(() => this.lose(), SILENCE_MS);
        for (const event of parser.push(value)) this.take(event);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  private take({ id, name, data }: ServerEvent): void {
    if (id !== "") this.lastId = id;
    const change = readChange(name, data);
    if (change !== undefined) this.tell(change);
  }
}
