/** The playground as a newcomer starts it: an npm command that prints an address. */
import { spawn } from 'node:child_process';

export interface PlaygroundSite {
  readonly address: string;
  end(): void;
}

/** `dev` serves the sources; `preview` builds first. */
export const startPlayground = (command: 'dev' | 'preview'): Promise<PlaygroundSite> =>
  new Promise((resolve, reject) => {
    // Vite decides by this variable that it runs under Vitest.
    const { VITEST: _, ...env } = process.env;
    let printed = '';
    const site = spawn('npm', ['run', command, '--', '--host', '127.0.0.1', '--port', '0'], {
      env: { ...env, NO_COLOR: '1', NODE_ENV: command === 'dev' ? 'development' : 'production' },
      // With children of its own, that end with it as a group.
      detached: true,
    });
    const hear = (chunk: Buffer): void => {
      printed += chunk;
      const [, address] = /Local:\s+(http:\S+)/.exec(printed) ?? [];
      if (address) resolve({ address, end: () => void (site.pid && process.kill(-site.pid, 'SIGTERM')) });
    };
    site.stdout.on('data', hear);
    site.stderr.on('data', hear);
    site.once('exit', () => reject(new Error(`npm run ${command} ended: ${printed}`)));
  });
