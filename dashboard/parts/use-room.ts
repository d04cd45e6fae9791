import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

const PHONE = "(max-width: 719px)";

/**
 * How wide something is drawn: as it is made for, and on a phone as wide as what it stands in.
 *
 * @param width pixels
 */
export function useRoom<Frame extends Element>(
  width: number,
): { readonly frame: RefObject<Frame | null>; readonly room: number } {
  const frame = useRef<Frame | null>(null);
  const [room, setRoom] = useState(width);
  useLayoutEffect(() => {
    const parent = frame.current?.parentElement;
    if (parent === null || parent === undefined) return;
    const phone = matchMedia(PHONE);
    const measure = (): void => {
      const free = Math.floor(parent.getBoundingClientRect().width);
      setRoom(phone.matches && free > 0 ? free : width);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(parent);
    return () => observer.disconnect();
  }, [width]);
  return { frame, room };
}
