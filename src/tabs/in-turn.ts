/** Makes a function that runs one task at a time: what a task leads to waits until that task is done. */
export function createTurns(): (task: () => void) => void {
  const waiting: (() => void)[] = [];
  let isBusy = false;
  return (task) => {
    waiting.push(task);
    if (isBusy) return;
    isBusy = true;
    try {
      while (waiting.length) waiting.shift()?.();
    } finally {
      isBusy = false;
    }
  };
}
