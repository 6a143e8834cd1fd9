/** The timeline of Vue's devtools: the events of a connection, and what the messages in it show. */
import { describe, expect, test, vi } from 'vitest';
import { devtoolsApps } from '../support/devtools-app';
import { useRecordingDevtools } from '../support/recording-devtools';
import { useFakeSockets } from '../support/use-fake-sockets';

const fake = useFakeSockets();
const devtools = useRecordingDevtools();
const { openApp } = devtoolsApps(fake, devtools);

describe('the timeline', () => {
  const titles = (events: { title: string; subtitle: string }[]): string[][] =>
    events.map(({ title, subtitle }) => [title, subtitle.replace(' · ws://app/', '')]);

  test('the timeline shows each event with its cause, and those of one socket as a group', () => {
    vi.setSystemTime('2026-11-23T10:00:00Z');
    const { wrapper, panel } = openApp({ autoReconnect: { delay: 3_000 }, heartbeat: { interval: 1_000 } });
    expect(panel.layers.map(({ id }) => id)).toEqual(['vue-heartbeat-socket']);
    vi.advanceTimersByTime(1_000);
    fake.newest.say('HeartBeat');
    fake.newest.say('news');
    fake.newest.end(1012, 'restart');
    vi.advanceTimersByTime(3_000);
    expect(titles(panel.events)).toEqual([
      ['idle → connecting', 'open'],
      ['attempted', 'open'],
      ['connecting → open', 'opened'],
      ['opened', 'opened'],
      ['beat', 'deadline'],
      ['answered', 'message'],
      ['received', 'message'],
      ['open → waiting', 'ended'],
      ['ended', 'ended'],
      ['erred', 'ended'],
      ['waiting → connecting', 'deadline'],
      ['attempted', 'deadline'],
    ]);
    const [, , opened, , , , , , ended, erred, , attempted] = panel.events;
    expect(opened?.subtitle).toBe('opened · ws://app/');
    expect(opened?.time).toBe(Date.parse('2026-11-23T10:00:00Z'));
    expect(ended).toMatchObject({ logType: 'warning', data: { code: 1012, reason: 'restart', cause: 'ended' } });
    expect(erred).toMatchObject({ logType: 'error', data: { error: expect.stringContaining('1012') } });
    expect(attempted?.data).toMatchObject({ url: 'ws://app/', phase: 'connecting' });
    expect(attempted?.groupId).not.toBe(opened?.groupId);
    wrapper.unmount();
    expect(titles(panel.events).slice(-2)).toEqual([
      ['connecting → left', 'leave'],
      ['ended', 'leave'],
    ]);
  });

  describe('what messages carry', () => {
    /** The payloads of what comes after the setting is switched on. */
    const carried = (...messages: unknown[]): unknown[] => {
      const { wrapper, panel } = openApp();
      panel.set('payloads', true);
      for (const message of messages) fake.newest.say(message);
      wrapper.unmount();
      return panel.events.filter(({ title }) => title === 'received').map(({ data }) => data['data']);
    };

    test('the timeline does not show what messages carry until a setting is on, and then from then on', () => {
      const { wrapper, panel } = openApp();
      fake.newest.say('a secret');
      fake.newest.say(new ArrayBuffer(16));
      expect(JSON.stringify(panel.events)).not.toContain('secret');
      expect(panel.events.slice(-2).map(({ data }) => data['data'])).toEqual(['text of 8 characters', '16 bytes']);
      // Another plugin's setting of the same name.
      panel.set('payloads', true, 'pinia');
      panel.set('other', true);
      fake.newest.say('a secret');
      expect(JSON.stringify(panel.events)).not.toContain('secret');
      panel.set('payloads', true);
      fake.newest.say('a secret');
      expect(panel.events.at(-1)?.data['data']).toBe('a secret');
      panel.set('payloads', false);
      fake.newest.say('a secret');
      expect(panel.events.at(-1)?.data['data']).toBe('text of 8 characters');
      wrapper.unmount();
    });

    test('a reply to a control message of the server is shown as messages are', () => {
      const { wrapper, panel } = openApp({
        heartbeat: { control: (data) => (data === 'challenge' ? { reply: 'a secret' } : undefined) },
      });
      fake.newest.say('challenge');
      expect(panel.events.at(-1)?.data).toMatchObject({ data: 'text of 9 characters', reply: 'text of 8 characters' });
      panel.set('payloads', true);
      fake.newest.say('challenge');
      expect(panel.events.at(-1)?.data).toMatchObject({ data: 'challenge', reply: 'a secret' });
      wrapper.unmount();
    });

    test('the setting to show what messages carry is kept from an earlier visit', () => {
      devtools.restart({ payloads: true });
      const { wrapper, panel } = openApp();
      expect(panel.plugin.settings['payloads']).toMatchObject({ type: 'boolean', defaultValue: false });
      fake.newest.say('hello');
      expect(panel.events.at(-1)?.data['data']).toBe('hello');
      wrapper.unmount();
    });

    test('a message in the timeline is cut at 2 KB', () => {
      const [whole, long, chinese, mixed] = carried(
        'x'.repeat(2_048),
        'x'.repeat(2_049),
        '断'.repeat(1_000),
        `xx${'断'.repeat(1_000)}`,
      );
      expect(whole).toBe('x'.repeat(2_048));
      expect(long).toBe(`${'x'.repeat(2_048)}… (2049 characters)`);
      // Three bytes each: 682 fit, and none is cut in two.
      expect(chinese).toBe(`${'断'.repeat(682)}… (1000 characters)`);
      expect(mixed).toBe(`xx${'断'.repeat(682)}… (1002 characters)`);
    });

    test('a binary message is shown as digits in the timeline', () => {
      const view = new DataView(Uint8Array.of(9, 1, 2, 255, 9).buffer, 1, 3);
      const [buffer, part, long, blob] = carried(
        Uint8Array.of(0, 16, 255).buffer,
        view,
        new Uint8Array(1_025).buffer,
        new Blob(['abc']),
      );
      expect(buffer).toBe('0010ff');
      expect(part).toBe('0102ff');
      expect(long).toBe(`${'00'.repeat(1_024)}… (1025 bytes)`);
      expect(blob).toBe('Blob of 3 bytes');
    });

    test('a parser that quotes the message in its error does not leak what the message carries', () => {
      const onError = vi.fn();
      const { wrapper, panel, id } = openApp({ serializer: 'json', onError });
      fake.newest.say('secret');
      expect(onError).toHaveBeenCalledTimes(1);
      expect(panel.events.at(-1)?.data['error']).toBe('serializer');
      expect(panel.state(id)?.['error']).toBe('serializer');
      panel.set('payloads', true);
      fake.newest.say('secret');
      expect(panel.events.at(-1)?.data['error']).toMatch(/secret|JSON/);
      expect(panel.state(id)?.['error']).toMatch(/secret|JSON/);
      wrapper.unmount();
    });
  });
});
