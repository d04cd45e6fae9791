import {
  flag,
  integer,
  object,
  oneOf,
  optional,
  type Reader,
  type Shape,
  text,
} from "../../protocol/read-json.ts";

/**
 * What agent and helper say to each other, in this order: the helper's `Hello`, the agent's `Proof` of who it is, the
 * agent's one `Request`; then the helper asks for bytes, as often as it has to, and each time gets a `Gift`; at last it
 * says how it ended. The helper opens no file that an agent names: whatever it is to know comes over the socket.
 */
export const PROTOCOL = 1;

/** Names a file below the folder of challenges, beside the socket. */
const challenge = text({ max: 32, form: /^[0-9a-f]{32}$/, what: "32 hexadecimal digits" });
const secret = text({ max: 64, form: /^[0-9a-f]{64}$/, what: "64 hexadecimal digits" });
const product = text({ max: 63, form: /^[a-z0-9][a-z0-9-]*$/, what: "a product's name" });
const version = text({ max: 64, form: /^[0-9A-Za-z][0-9A-Za-z.-]*$/, what: "a version" });
const id = text({ max: 200, form: /^[0-9A-Za-z][\w.+~:^-]*$/, what: "the id of a build" });
const words = text({ max: 2000 });

const hello = object({ say: oneOf("hello"), protocol: oneOf(PROTOCOL), challenge });
export const readHello: Reader<Hello> = hello;
export type Hello = Shape<{ say: Reader<"hello">; protocol: Reader<1>; challenge: Reader<string> }>;

/** What stands in the file of the challenge, which only the allowed user can read. */
export const readProof = object({ secret });
export type Proof = { readonly secret: string };

/** Everything that can be asked of the helper. Which commands that runs, its own config says. */
export type Request =
  /** Install this version. `kept`: from the copy that the helper kept; `download`: from bytes that it asks for. */
  | {
      readonly do: "install";
      readonly product: string;
      readonly version: string;
      readonly origin: "download" | "kept";
    }
  /** Undo the installation that is open. `kept`: what was installed before it, if anything. */
  | { readonly do: "restore"; readonly product: string; readonly failed: string; readonly kept?: string }
  /** An installation is over: what is installed stays. */
  | { readonly do: "settle"; readonly product: string }
  /** Restart the service that the helper's config names. */
  | { readonly do: "restart"; readonly product: string };

const requests = {
  install: object({ do: oneOf("install"), product, version, origin: oneOf("download", "kept") }),
  restore: object({ do: oneOf("restore"), product, failed: id, kept: optional(id) }),
  settle: object({ do: oneOf("settle"), product }),
  restart: object({ do: oneOf("restart"), product }),
} as const;
const kind = object({ do: oneOf("install", "restore", "settle", "restart") }, "ignore");

export const readRequest: Reader<Request> = (value, at) => requests[kind(value, at).do](value, at);

/** What the helper says once it knows what it is to do. */
export type Reply =
  /** It wants a file of the signed repository, by its path below `tuf/` or `targets/`. */
  | { readonly say: "metadata" | "document"; readonly path: string; readonly max: number }
  /** It wants the artifact, of exactly this many bytes. */
  | { readonly say: "artifact"; readonly size: number }
  /** It wants the package file of what is installed, which it has not kept itself: without it nothing could be put back. */
  | { readonly say: "previous"; readonly id: string; readonly size: number }
  | { readonly say: "done"; readonly changed: boolean }
  | {
      readonly say: "refused";
      /** The installation broke off in the middle: what is there is neither build, and to be restored. */
      readonly halfDone?: true;
      readonly code: string;
      readonly message: string;
      readonly expected?: string;
      readonly got?: string;
      readonly help?: string;
    };

const file = { path: text({ max: 512 }), max: integer(0) };
const replies = {
  metadata: object({ say: oneOf("metadata"), ...file }),
  document: object({ say: oneOf("document"), ...file }),
  artifact: object({ say: oneOf("artifact"), size: integer(0) }),
  previous: object({ say: oneOf("previous"), id, size: integer(0) }),
  done: object({ say: oneOf("done"), changed: flag }),
  refused: object({
    say: oneOf("refused"),
    halfDone: optional(oneOf(true)),
    code: text({ max: 64 }),
    message: words,
    expected: optional(words),
    got: optional(words),
    help: optional(words),
  }),
} as const;
const said = object(
  { say: oneOf("metadata", "document", "artifact", "previous", "done", "refused") },
  "ignore",
);

export const readReply: Reader<Reply> = (value, at) => replies[said(value, at).say](value, at);

/** `bytes`: so many follow. Absent: there is no such file. */
export const readGift = object({ bytes: optional(integer(0)) });
export type Gift = { readonly bytes?: number };
