import { isLoopbackName } from "../http/known-hosts.ts";

/** Where a listener is. */
export type ListenAddress =
  | {
      readonly kind: "tcp";
      readonly host: string;
      /** 0: a free one. */
      readonly port: number;
    }
  | {
      readonly kind: "unix";
      /** Of the socket, absolute. */
      readonly path: string;
    };

/**
 * Reads `127.0.0.1:8080`, `[::1]:8080`, `:8080` (this machine only) and `unix:/run/fairlead/agents.sock`; `undefined`
 * where it is none of them.
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, path] = /^unix:(\/.{1,100})$/.exec(text) ?? [];
  if (path !== undefined) return { kind: "unix", path };
  const [, address, name, digits = ""] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/\s]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === "" || port > 65_535) return undefined;
  return { kind: "tcp", host: address ?? (name || "127.0.0.1"), port };
}

/** Whether only this machine can reach it. */
export function isLocal(address: ListenAddress): boolean {
  return address.kind === "unix" || isLoopbackName(address.host.toLowerCase());
}
