import { useEffect, useRef } from "preact/hooks";
import { isCharacterKey, matchKey, nameOfKey, SEQUENCE_MS } from "./keys.ts";
import { recall, remember } from "./remembered.ts";

/** What is done when a key, or two after each other, is pressed: `{ j: next, "g o": overview }`. */
export type KeyMap = Readonly<Record<string, () => void>>;

const KEY = "fairlead-letters";
/** Those of the shell first, then those of the view, which go before them. */
const maps: KeyMap[] = [];
let before: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Whether single letters do something. */
export function areLettersOn(): boolean {
  return recall(KEY) !== "off";
}

export function turnLetters(on: boolean): void {
  remember(KEY, on ? "on" : "off");
}

/** Keys that count while what calls this is shown; not in fields, and not behind a dialog. */
export function useKeys(map: KeyMap): void {
  const current = useRef(map);
  current.current = map;
  useEffect(() => {
    const own: KeyMap = new Proxy(
      {},
      {
        get: (_, name) => (typeof name === "string" ? current.current[name] : undefined),
        ownKeys: () => Object.keys(current.current),
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      },
    );
    maps.push(own);
    return () => void maps.splice(maps.indexOf(own), 1);
  }, []);
}

/** Once in the page. */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isTyping(event.target) || document.querySelector("dialog[open]") !== null)
      return;
    const name = nameOfKey(event);
    if (name === undefined || (isCharacterKey(name) && !areLettersOn())) return;
    const { act, wait } = matchKey(name, before, new Set(maps.flatMap((map) => Object.keys(map))));
    clearTimeout(timer);
    before = wait;
    timer = setTimeout(() => {
      before = undefined;
    }, SEQUENCE_MS);
    if (act === undefined) return;
    event.preventDefault();
    maps.findLast((map) => Object.keys(map).includes(act))?.[act]?.();
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  ) {
    return true;
  }
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}
