import { spawn } from 'node:child_process';

/** Runs a script in a Node of its own, and answers with the JSON that it prints. */
export async function runScript<T>(script: string, args: readonly string[], flags: readonly string[] = []): Promise<T> {
  const child = spawn(process.execPath, [...flags, script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  // The script is one line of hundreds of kilobytes, and Node shows the line that failed.
  if (code) throw new Error(`${script} ${args.join(' ')} failed: ${complaint.slice(-2_000)}`);
  return JSON.parse(printed);
}
