/**
 * Whoever goes to another view begins at its heading, with eyes and with a screen reader. The heading may come later, or
 * be replaced when what the view shows is known: until a key or a finger says otherwise, focus goes along.
 */
let isArriving = false;

/** Once in the page. */
export function watchForHands(): void {
  const settle = (): void => {
    isArriving = false;
  };
  // Before what the key or the finger does, which may be going elsewhere.
  addEventListener("keydown", settle, { capture: true });
  addEventListener("pointerdown", settle, { capture: true });
}

/** The page is at another view, whose heading is there or will be. */
export function arrive(): void {
  isArriving = true;
  if (location.hash === "") scrollTo(0, 0);
  const heading = document.querySelector<HTMLElement>("main h1");
  (heading ?? document.getElementById("main"))?.focus({ preventScroll: true });
}

/** A heading has come. It takes the focus where that is nowhere. */
export function meet(heading: HTMLElement | null): void {
  const { activeElement, body } = document;
  const isNowhere = activeElement === body || activeElement === null || activeElement.id === "main";
  if (isArriving && isNowhere) heading?.focus({ preventScroll: true });
}
