/** `open()` and `close()` of several tabs: all of them end in the state that the newest command asks for. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWorld, openTabs, type SharingTab, type TabOptions, type World } from '../../support/tabs';

const phases = (tabs: readonly SharingTab[]): string[] => tabs.map(({ view }) => view.phase);

/** The server takes each connection, and time passes. */
async function goOn(world: World, ms = 1_000): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    await world.pass(100);
    for (const socket of world.live) if (socket.readyState === 0) socket.accept();
  }
  await world.settle();
}

async function openThree(options: TabOptions = {}): Promise<{ world: World; tabs: SharingTab[] }> {
  return openTabs(3, options);
}

describe('commands of two tabs at the same moment', () => {
  test.each([
    [0, 1],
    [1, 0],
    [1, 2],
  ])('close() in tab %s and open() in tab %s: all tabs agree', async (closes, opens) => {
    for (const closesFirst of [true, false]) {
      const { world, tabs } = await openThree();
      const close = (): void => tabs[closes]?.connection.close(1000);
      if (closesFirst) close();
      tabs[opens]?.connection.open();
      if (!closesFirst) close();
      await goOn(world);
      expect(new Set(phases(tabs)).size, `close first: ${closesFirst}`).toBe(1);
      expect(world.live).toHaveLength(phases(tabs)[0] === 'open' ? 1 : 0);
    }
  });

  test('the later one holds, also where it is heard first', async () => {
    const { world, tabs } = await openThree();
    const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
    b.connection.close(1000);
    world.clock.advance(1);
    a.connection.open();
    // The third tab hears of the later command before the earlier one.
    const [first, second] = world.tabs.news.filter(({ tab, kind }) => tab === c.tab.number && kind === 'channel');
    if (second) world.tabs.come(second);
    if (first) world.tabs.come(first);
    await goOn(world);
    expect(phases(tabs)).toEqual(['open', 'open', 'open']);
  });

  test('a leader that is blocked hears of both later, and agrees', async () => {
    const { world, tabs } = await openThree();
    const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
    a.tab.isBlocked = true;
    b.connection.open();
    c.connection.close(1000);
    await goOn(world);
    a.tab.isBlocked = false;
    await goOn(world);
    expect(new Set(phases(tabs)).size).toBe(1);
  });

  test('the leader is gone before it hears of either', async () => {
    const { world, tabs } = await openThree();
    const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
    b.connection.open();
    c.connection.close(1000);
    a.crash();
    await goOn(world);
    expect(new Set(phases([b, c])).size).toBe(1);
  });

  test('open() ends a close({ drain }) that is under way, in all tabs', async () => {
    for (const opens of [0, 1, 2]) {
      const world = createWorld();
      const tabs = [world.open(), world.open(), world.open()];
      await world.settle();
      for (const tab of tabs) tab.connection.send('x');
      tabs[1]?.connection.drain(60_000);
      await world.settle();
      tabs[opens]?.connection.open();
      await goOn(world, 3_000);
      expect(phases(tabs), `tab ${opens}`).toEqual(['open', 'open', 'open']);
    }
  });
});

describe('a page that was away', () => {
  const away = {
    cached: [(tab: SharingTab) => tab.hide(), (tab: SharingTab) => tab.show()],
    // The browser need not keep what is said to a page that it has frozen.
    frozen: [
      (tab: SharingTab) => {
        tab.tab.signal('freeze');
        tab.tab.isBlocked = true;
      },
      (tab: SharingTab, { tabs }: World) => {
        const missed = tabs.news.filter((news) => news.tab === tab.tab.number && news.kind === 'channel');
        for (const one of missed) tabs.news.splice(tabs.news.indexOf(one), 1);
        tab.tab.isBlocked = false;
        tab.tab.signal('resume');
        tab.ports.signal('resume');
      },
    ],
  } as const;

  describe.each(['cached', 'frozen'] as const)('(%s)', (how) => {
    const [go, comeBack] = away[how];
    test.each([0, 1, 2])('tab %s learns that another tab has closed, and does not connect', async (which) => {
      const { world, tabs } = await openThree();
      const tab = tabs[which] as SharingTab;
      go(tab);
      await goOn(world);
      tabs[(which + 1) % 3]?.connection.close(4000, 'logged out');
      await goOn(world);
      const before = world.sockets.length;
      comeBack(tab, world);
      await goOn(world);
      expect(phases(tabs)).toEqual(['closed', 'closed', 'closed']);
      expect(world.sockets).toHaveLength(before);
      expect(tab.log.filter((event) => event === 'leads').length).toBeLessThanOrEqual(which === 0 ? 1 : 0);
    });

    test.each([0, 1])('tab %s learns that another tab has opened, and is open', async (which) => {
      const { world, tabs } = await openThree();
      const tab = tabs[which] as SharingTab;
      tabs[2]?.connection.close(1000);
      await goOn(world);
      go(tab);
      await goOn(world);
      tabs[2]?.connection.open();
      await goOn(world);
      comeBack(tab, world);
      await goOn(world);
      expect(phases(tabs)).toEqual(['open', 'open', 'open']);
      expect(world.live).toHaveLength(1);
    });

    test('learns it from whoever is there, also if the tab that gave the command is gone', async () => {
      const { world, tabs } = await openThree();
      const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
      go(b);
      await goOn(world);
      a.connection.close(1000);
      await goOn(world);
      a.crash();
      comeBack(b, world);
      await goOn(world);
      expect(phases([b, c])).toEqual(['closed', 'closed']);
    });

    test('that is alone when it comes back is as it was', async () => {
      for (const wasClosed of [true, false]) {
        const { world, tabs } = await openTabs(2);
        const [a, b] = tabs as [SharingTab, SharingTab];
        if (wasClosed) b.connection.close(1000);
        await goOn(world);
        go(b);
        await goOn(world);
        if (wasClosed) a.connection.open();
        else a.connection.close(1000);
        await goOn(world);
        a.crash();
        comeBack(b, world);
        await goOn(world, 2_000);
        expect(b.view.phase).toBe(wasClosed ? 'closed' : 'open');
      }
    });
  });

  test('a page that comes back after both a close() and an open() is open, without a socket of its own', async () => {
    const { world, tabs } = await openThree();
    const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
    c.hide();
    a.connection.close(1000);
    await goOn(world);
    b.connection.open();
    await goOn(world);
    c.show();
    await goOn(world);
    expect(phases(tabs)).toEqual(['open', 'open', 'open']);
    expect(world.sockets).toHaveLength(2);
    expect(c.log).not.toContain('changed to closed');
  });

  test.each([false, true])(
    'a leader that closes and is then left or frozen keeps the lock from nobody (frozen: %s)',
    async (freezes) => {
      const { world, tabs } = await openThree();
      const [a, b] = tabs as [SharingTab, SharingTab];
      a.connection.close(1000);
      if (freezes) a.tab.signal('freeze');
      else a.hide();
      await world.settle();
      expect(world.tabs.holders('ws://server/')).toBe(0);
      b.connection.open();
      await world.settle();
      expect(b.view.isLeader).toBe(true);
    },
  );

  test('a page that alone knows of a command tells it when it comes back', async () => {
    const { world, tabs } = await openThree();
    const [a, b, c] = tabs as [SharingTab, SharingTab, SharingTab];
    a.hide();
    b.hide();
    await goOn(world);
    c.connection.close(1000);
    await goOn(world);
    c.hide();
    await goOn(world);
    a.show();
    b.show();
    await goOn(world);
    expect(phases([a, b])).toEqual(['open', 'open']);
    c.show();
    await goOn(world);
    expect(phases(tabs)).toEqual(['closed', 'closed', 'closed']);
    expect(world.live).toEqual([]);
  });

  test('that closes as it is left tells it when it comes back', async () => {
    const { world, tabs } = await openThree();
    tabs[1]?.hide();
    await goOn(world);
    tabs[1]?.connection.close(1000);
    await goOn(world);
    tabs[1]?.show();
    await goOn(world);
    expect(phases(tabs)).toEqual(['closed', 'closed', 'closed']);
  });

  test('a page that has missed nothing is told nothing', async () => {
    const { world, tabs } = await openThree();
    tabs[0]?.connection.open();
    await goOn(world);
    tabs[1]?.hide();
    await goOn(world);
    const before = world.tabs.said.length;
    tabs[1]?.show();
    await goOn(world);
    const said = world.tabs.said.slice(before).map((message) => Object(message).type);
    expect(said).toContain('hello');
    expect(said).not.toContain('open');
    expect(said.filter((type) => type === 'hello')).toHaveLength(1);
  });

  test('a tab that is opened after close() connects by itself, and hears nothing of that close() when it comes back', async () => {
    const { world, tabs } = await openThree();
    tabs[0]?.connection.close(1000);
    await goOn(world);
    const late = world.open();
    await goOn(world);
    late.hide();
    await goOn(world);
    late.show();
    await goOn(world);
    expect(phases([...tabs, late])).toEqual(['closed', 'closed', 'closed', 'open']);
  });
});

describe("the system's clock is an hour ahead, and is set right", () => {
  const HOUR = 3_600_000;

  function createAhead(): { world: World; setRight(): void } {
    const world = createWorld();
    let ahead = HOUR;
    world.clock.toEpoch = (at) => at + ahead;
    return {
      world,
      setRight() {
        ahead = 0;
      },
    };
  }

  test('a tab that is opened after close() connects', async () => {
    const { world, setRight } = createAhead();
    const tabs = [world.open(), world.open()] as const;
    await goOn(world);
    tabs[0].connection.close(1000);
    await goOn(world);
    setRight();
    const late = world.open();
    await goOn(world);
    expect(phases([...tabs, late])).toEqual(['closed', 'closed', 'open']);
    tabs[1].connection.open();
    await goOn(world);
    late.connection.close(1000);
    await goOn(world);
    expect(phases([...tabs, late])).toEqual(['closed', 'closed', 'closed']);
  });

  test('a page that was away learns of a later close()', async () => {
    const { world, setRight } = createAhead();
    const tabs = [world.open(), world.open()] as const;
    await goOn(world);
    setRight();
    tabs[1].hide();
    await goOn(world);
    tabs[0].connection.close(1000);
    await goOn(world);
    tabs[1].show();
    await goOn(world);
    expect(phases(tabs)).toEqual(['closed', 'closed']);
  });

  test('a page that was away learns of what a tab has commanded that is opened meanwhile', async () => {
    const { world, setRight } = createAhead();
    const a = world.open();
    await goOn(world);
    a.connection.close(1000);
    await goOn(world);
    a.hide();
    await goOn(world);
    setRight();
    const others = [world.open(), world.open()] as const;
    await goOn(world);
    others[1].connection.open();
    await goOn(world);
    const before = world.sockets.length;
    a.show();
    await goOn(world);
    expect(phases([a, ...others])).toEqual(['open', 'open', 'open']);
    // The page knows a term that is newer than the one of the tab that leads.
    expect(world.sockets.length - before).toBeLessThanOrEqual(1);
    a.connection.close(1000);
    await goOn(world);
    expect(phases([a, ...others])).toEqual(['closed', 'closed', 'closed']);
  });

  test('the later one of two commands holds', async () => {
    const { world, setRight } = createAhead();
    const tabs = [world.open(), world.open()] as const;
    await goOn(world);
    tabs[0].connection.close(1000);
    await goOn(world);
    setRight();
    tabs[1].connection.open();
    await goOn(world);
    expect(phases(tabs)).toEqual(['open', 'open']);
  });
});

test('commands in any tab, while tabs come and go, are frozen and blocked: all agree in the end', async () => {
  const agreed = { open: 0, closed: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 17 })), { minLength: 3, maxLength: 25, size: 'max' }),
      async (deeds) => {
        const { world, tabs } = await openThree();
        const hidden = new Set<SharingTab>();
        const frozen = new Set<SharingTab>();
        const path: string[] = [];
        let last = '';
        for (const [at, deed] of deeds) {
          const tab = tabs[at] as SharingTab;
          path.push(`${at} ${deed}`);
          const runs = !hidden.has(tab) && !frozen.has(tab) && !tab.tab.isBlocked;
          if (deed < 3 && runs) {
            tab.connection.close(1000);
            last = 'closed';
          } else if (deed < 6 && runs) {
            tab.connection.open();
            last = 'open';
          } else if (deed === 6 && runs) {
            hidden.add(tab);
            tab.hide();
          } else if (deed === 7 && hidden.delete(tab)) tab.show();
          else if (deed === 8 && runs) {
            frozen.add(tab);
            tab.tab.signal('freeze');
          } else if (deed === 9 && frozen.delete(tab)) tab.tab.signal('resume');
          else if (deed === 10) tab.tab.isBlocked = !tab.tab.isBlocked && runs;
          else if (deed === 11) await goOn(world, 200);
          else if (deed === 12) for (const socket of world.live) if (socket.readyState === 0) socket.accept();
          if (deed > 12) {
            // Each tab hears its channel in order.
            const { news } = world.tabs;
            const next = news.filter((one, index) => {
              const isFirst = !news.slice(0, index).some(({ tab, kind }) => tab === one.tab && kind === one.kind);
              return isFirst && !tabs[one.tab]?.tab.isBlocked;
            });
            const chosen = next[deed % Math.max(1, next.length)];
            if (chosen) world.tabs.come(chosen);
          } else world.clock.advance(1);
          for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        }
        for (const tab of tabs) {
          tab.tab.isBlocked = false;
          if (hidden.has(tab)) tab.show();
          if (frozen.has(tab)) tab.tab.signal('resume');
        }
        await goOn(world, 8_000);
        const [phase, ...others] = phases(tabs);
        expect(others, path.join(', ')).toEqual([phase, phase]);
        if (last) expect(phase, path.join(', ')).toBe(last);
        agreed[phase as 'open'] += 1;
        expect(world.live).toHaveLength(phase === 'open' ? 1 : 0);
      },
    ),
    { numRuns: Number(process.env['WALKS'] ?? 500), endOnFailure: true },
  );
  expect(agreed.open).toBeGreaterThan(20);
  expect(agreed.closed).toBeGreaterThan(20);
});
