import { expect, test } from 'vitest';
import { addressesOf, shownAddress } from '../../playground/server/bus/bus-address.ts';

test.each([
  ['nats://127.0.0.1:4222', { servers: ['127.0.0.1:4222'] }],
  ['nats://bus.example', { servers: ['bus.example'] }],
  ['nats://me:p%40ss@[::1]:4222', { servers: ['[::1]:4222'], user: 'me', pass: 'p@ss' }],
  ['nats://t0ken@bus.example:4222', { servers: ['bus.example:4222'], token: 't0ken' }],
  ['tls://bus.example:4222', { servers: ['bus.example:4222'], tls: {} }],
])('%s is read as NATS has it', (given, expected) => {
  expect(addressesOf([given])).toEqual(expected);
  expect(shownAddress(given)).not.toMatch(/ss|t0ken/);
});

test('the servers of a cluster are one bus, and the first says who comes', () => {
  expect(addressesOf(['nats://me:pass@a.example', 'nats://b.example:4223'])).toEqual({
    servers: ['a.example', 'b.example:4223'],
    user: 'me',
    pass: 'pass',
  });
});

test.each(['', 'bus.example:4222', 'ws://bus.example', 'nats://', 'nats:bus'])('%s is no address', (given) => {
  expect(() => addressesOf([given])).toThrow('--bus needs the address of a NATS server');
});
