/** Runs one task at a time: what a task raises waits until it is done. What a task throws goes to `failed`. */
export function createTurnQueue(failed: (thrown: unknown) => void): (task: () => void) => void {
  const tasks: (() => void)[] = [];
  let busy = false;
  return (task) => {
    tasks.push(task);
    if (busy) return;
    busy = true;
    for (let next = tasks.shift(); next; next = tasks.shift()) {
      try {
        next();
      } catch (thrown) {
        failed(thrown);
      }
    }
    busy = false;
  };
}
