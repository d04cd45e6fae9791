/**
 * `npm test` loads this before each test: what the memories of `protocol/kept-by-identity.ts` are kept by cannot be
 * changed from then on. Objects, lists, maps and sets are frozen through and through; bytes cannot be, so they are
 * compared with a copy whenever they are asked about.
 */
import { watchKept } from "../../protocol/kept-by-identity.ts";

const copies = new WeakMap<Uint8Array, Buffer>();
const frozen = new WeakSet<object>();

/** @throws Error for bytes that are not what they were */
export function freezeKept(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Uint8Array) {
    requireSameBytes(value);
    return;
  }
  if (frozen.has(value)) return;
  frozen.add(value);
  if (value instanceof Map || value instanceof Set) {
    for (const method of ["set", "add", "delete", "clear"]) {
      if (method in value) Object.defineProperty(value, method, { value: refuse });
    }
    for (const entry of value.entries()) for (const member of entry) freezeKept(member);
    return;
  }
  for (const member of Object.values(value)) freezeKept(member);
  // An object of a class may compute a part of itself late; what it holds is frozen all the same.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === Array.prototype || prototype === null)
    Object.freeze(value);
}

function refuse(): never {
  throw new Error("something is kept by this: nobody may change it");
}

function requireSameBytes(bytes: Uint8Array): void {
  const copy = copies.get(bytes);
  if (copy === undefined) copies.set(bytes, Buffer.from(bytes));
  else if (!copy.equals(bytes))
    throw new Error("something is kept by these bytes, and somebody changed them");
}

watchKept(freezeKept);
