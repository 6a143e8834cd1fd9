/** Action Cable on puma ends a connection that is open: what the server wants is what the page does. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Client, startClient } from '../support/client';
import type { Running } from '../support/real-server';
import { actionCableServer } from './action-cable';

const identifier = '{"channel":"EchoChannel"}';

let server: Running;
let client: Client;

const seen = (look: () => void): Promise<void> => vi.waitFor(look, { timeout: 20_000, interval: 50 });

/** The server closes the connection with a message that says whether to come back. */
async function thrownOut(reason: string, reconnect: boolean): Promise<void> {
  await seen(() => expect(client.messages.join()).toContain('confirm_subscription'));
  const data = JSON.stringify({ action: 'throw_out', reason, reconnect });
  client.send(JSON.stringify({ command: 'message', identifier, data }) as never);
}

beforeEach(async () => {
  server = await actionCableServer.start();
  client = startClient(server.url, actionCableServer.options(), actionCableServer.greets);
}, 60_000);

afterEach(async () => {
  client.end();
  await server.end();
});

test('after a disconnect with reconnect true the page is back by itself', async () => {
  await thrownOut('server_restart', true);
  await seen(() => expect(client.opened()).toBe(2));
  expect(client.ends()).toMatchObject([{ code: 1012, reason: 'server_restart' }]);
  expect(client.messages.join()).not.toContain('disconnect');
}, 60_000);

test('after a disconnect with reconnect false the page gives up, with the words of the server', async () => {
  await thrownOut('remote', false);
  await seen(() => expect(client.phase()).toBe('failed'));
  expect(client.errors()).toEqual(['final-code: closed 1008 remote']);
  expect(client.opened()).toBe(1);
}, 60_000);
