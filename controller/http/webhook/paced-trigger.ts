/**
 * Calls `act` at once, and then at most every `pauseMs`: what comes within a pause causes one more call at its end, so
 * that nothing which came is ever missed.
 */
export function pacedTrigger(act: () => void, pauseMs: number): () => void {
  let isPausing = false;
  let isDue = false;
  const pause = (): void => {
    isPausing = true;
    setTimeout(() => {
      isPausing = false;
      if (isDue) fire();
    }, pauseMs).unref();
  };
  const fire = (): void => {
    isDue = false;
    act();
    pause();
  };
  return () => {
    if (isPausing) isDue = true;
    else fire();
  };
}
