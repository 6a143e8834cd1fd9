/**
 * Plays the combinations that the process was started with, one after another. Prints a line when it begins one, and one when that has
 * ended well, so that whoever waits knows where the process hangs. `play` gives what went wrong.
 */
export async function playAll(play: (...combination: string[]) => Promise<string | undefined>): Promise<void> {
  console.log = console.warn = console.error = () => {};
  process.on('unhandledRejection', () => {});
  for (const combination of JSON.parse(process.argv[2] ?? '[]') as string[][]) {
    process.stdout.write(`${JSON.stringify(combination)}\n`);
    const fault = await play(...combination).catch((thrown: unknown) => `threw ${(thrown as Error)?.stack ?? thrown}`);
    process.stdout.write(`${JSON.stringify(fault ?? 'fine')}\n`);
  }
  // A process that exits at once may lose what it has printed.
  process.stdout.write('', () => process.exit());
}
