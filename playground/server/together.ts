/**
 * Makes a function that runs `act` at once. `act` answers with a pause in ms. However often the function is called during the pause, `act`
 * runs once after it.
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
