/**
 * A function that runs `act` at once, and not again for the ms that `act` answers with: what it is called for meanwhile is done
 * together, after them.
 */
export function together(act: () => number): () => void {
  let rest: NodeJS.Timeout | undefined;
  let isDue = false;
  const run = (): void => {
    isDue = true;
    if (rest) return;
    isDue = false;
    const ms = act();
    rest = setTimeout(() => {
      rest = undefined;
      if (isDue) run();
    }, ms).unref();
  };
  return run;
}
