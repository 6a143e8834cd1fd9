/** The rules by which one tab decides who leads, each for itself: no lock, no channel, no clock. */
import { describe, expect, test } from 'vitest';
import { NEVER } from '../../../src/core/connection-state';
import { elect } from '../../../src/tabs/election';
import { type Body, message } from '../../../src/tabs/protocol';
import {
  type ElectionEvent,
  type ElectionEvents,
  LAST_WORDS,
  NEXT,
  OUTSIDE,
  PING,
  SEARCH,
} from '../../../src/tabs/standing';

const STATE: Body = {
  type: 'state',
  connection: 1,
  view: { phase: 'open', failures: 0, retryAt: undefined, latency: undefined, error: undefined },
};

/** One tab, with the id `me`, and what its machine asks for. */
class OneTab {
  state = OUTSIDE;
  now = 1_000_000;
  visible = true;

  raise<Event extends ElectionEvent>(event: Event, about: ElectionEvents[Event]): string[] {
    const moment = { id: 'me', now: this.now, epoch: this.now, random: 0.5, visible: this.visible };
    const [next, ...effects] = elect(this.state, moment, event, about);
    this.state = next;
    return effects.map(([name, body]) => (name === 'post' ? `says ${body.type}` : name));
  }

  /** Another tab says something, `ago` ms before this tab hears it. */
  hear(from: string, term: number, body: Body, ago = 0): string[] {
    return this.raise('heard', message(from, term, this.now - ago, body));
  }

  /** Time passes, and the timer fires as often as it is due. */
  pass(ms: number): string[] {
    const until = this.now + ms;
    const done: string[] = [];
    while (this.state.deadline <= until) {
      this.now = this.state.deadline;
      done.push(...this.raise('deadline', undefined));
    }
    this.now = until;
    return done;
  }

  follow(leader = 'a', term = 5): this {
    this.raise('join', undefined);
    this.hear(leader, term, STATE);
    return this;
  }

  lead(): this {
    this.raise('join', undefined);
    this.raise('granted', undefined);
    this.raise('queried', { isHeld: true, isAwaited: false, isOwn: true });
    return this;
  }
}

describe('who has the lock leads', () => {
  test('a tab that joins asks for the lock, and for whoever leads', () => {
    expect(new OneTab().raise('join', undefined)).toEqual(['request', 'says hello']);
  });

  test('a tab that is granted the lock asks whether it is still its own, and leads', () => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    expect(tab.raise('granted', undefined)).toEqual(['query']);
    expect(tab.raise('queried', { isHeld: true, isAwaited: false, isOwn: true })).toEqual(['lead']);
    expect(tab.state).toMatchObject({ role: 'leading', leader: 'me', deadline: NEVER });
  });

  test('a tab whose lock was stolen before it heard of it waits anew', () => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    tab.raise('granted', undefined);
    expect(tab.raise('queried', { isHeld: true, isAwaited: false, isOwn: false })).toEqual([
      'lost',
      'release',
      'request',
    ]);
    expect(tab.state.role).toBe('waiting');
  });

  test('a tab that was granted the lock hears the last words of the leader before, and then leads', () => {
    const tab = new OneTab().follow();
    expect(tab.raise('granted', undefined)).toEqual([]);
    expect(tab.hear('a', 5, STATE)).toEqual([]);
    expect(tab.state.leader).toBe('a');
    expect(tab.pass(LAST_WORDS - 1)).toEqual([]);
    expect(tab.pass(1)).toEqual(['query']);
  });

  test('the bye of the leader is its last word: the tab that has the lock waits no longer', () => {
    const tab = new OneTab().follow();
    tab.raise('granted', undefined);
    expect(tab.hear('a', 5, { type: 'bye' })).toEqual(['lost', 'query']);
  });

  test('a tab that was blocked since it asked whose the lock is asks again: another tab may have stolen the lock', () => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    tab.raise('granted', undefined);
    tab.now += SEARCH;
    expect(tab.raise('queried', { isHeld: true, isAwaited: false, isOwn: true })).toEqual(['query']);
    expect(tab.state.role).toBe('granted');
    tab.now += SEARCH - 1;
    expect(tab.raise('queried', { isHeld: true, isAwaited: false, isOwn: true })).toEqual(['lead']);
  });

  test('a tab that is gone when its lock comes gives it back', () => {
    expect(new OneTab().raise('granted', undefined)).toEqual(['release']);
  });
});

describe('terms', () => {
  test('each lead has a greater one, also over tabs that knew a later time', () => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    tab.hear('a', 9_000_000_000_000, STATE);
    tab.hear('a', 9_000_000_000_000, { type: 'bye' });
    tab.raise('granted', undefined);
    tab.raise('queried', { isHeld: true, isAwaited: false, isOwn: true });
    expect(tab.state.term).toBe(9_000_000_000_001);
    expect(new OneTab().lead().state.term).toBe(1_000_000_500);
  });

  test('a leader of an older term is ignored', () => {
    const tab = new OneTab().follow('a', 5);
    const { state } = tab;
    tab.now += 10;
    expect(tab.hear('b', 4, STATE)).toEqual([]);
    expect(tab.hear('b', 5, STATE)).toEqual([]);
    expect(tab.hear('b', 4, { type: 'bye' })).toEqual([]);
    expect(tab.state).toEqual(state);
  });

  test('a leader of a newer term is followed, and the one before is lost', () => {
    const tab = new OneTab().follow('a', 5);
    expect(tab.hear('b', 6, STATE)).toEqual(['lost']);
    expect(tab.state).toMatchObject({ leader: 'b', term: 6 });
  });

  test('a tab that has left ignores everybody', () => {
    const tab = new OneTab().follow('a', 5);
    tab.raise('leave', undefined);
    expect(tab.hear('b', 6, STATE)).toEqual([]);
    expect(tab.state).toMatchObject({ role: 'out', term: 5 });
  });
});

describe('no fence but the term: a leader that was deposed does not act', () => {
  test('it steps down when it hears of a newer term, before the news of its lock', () => {
    const tab = new OneTab().lead();
    const newer = tab.state.term + 1;
    expect(tab.hear('b', newer, STATE)).toEqual(['stepDown', 'release', 'request']);
    expect(new OneTab().lead().hear('c', newer, { type: 'hello' })).toEqual([
      'stepDown',
      'says bye',
      'release',
      'request',
    ]);
  });

  test('it steps down when it hears what is older than 3 s: it was blocked', () => {
    const tab = new OneTab().lead();
    expect(tab.hear('b', tab.state.term, { type: 'ping' }, 3_000)).toEqual(['says pong']);
    expect(tab.hear('b', tab.state.term, { type: 'ping' }, 3_001)).toEqual([
      'stepDown',
      'says bye',
      'release',
      'request',
    ]);
  });

  test('it steps down when its lock is stolen', () => {
    expect(new OneTab().lead().raise('stolen', undefined)).toEqual(['stepDown', 'request']);
  });
});

describe('frozen pages', () => {
  test('a leader lets the lock go, and asks for it when it thaws', () => {
    const tab = new OneTab().lead();
    expect(tab.raise('freeze', undefined)).toEqual(['stepDown', 'says bye', 'release']);
    expect(tab.raise('granted', undefined)).toEqual(['release']);
    expect(tab.raise('resume', undefined)).toEqual(['request', 'says hello']);
  });

  test('a tab that waits asks for the lock no longer, and keeps its leader', () => {
    const tab = new OneTab().follow();
    expect(tab.raise('freeze', undefined)).toEqual(['release']);
    expect(tab.raise('resume', undefined)).toEqual(['request', 'says hello']);
    expect(tab.state.leader).toBe('a');
  });

  test('a leader that is frozen without a word hears pings, and steps down as its timer does not fire', () => {
    const tab = new OneTab().lead();
    const ping = (): string[] => tab.hear('b', tab.state.term, { type: 'ping' });
    expect(ping()).toEqual(['says pong']);
    tab.now += 2_500;
    expect(ping()).toEqual(['says pong']);
    tab.now += 1;
    expect(ping()).toEqual(['stepDown', 'says bye', 'release', 'request']);
  });

  test('a leader whose timer fires goes on', () => {
    const tab = new OneTab().lead();
    for (let count = 0; count < 10; count += 1) {
      expect(tab.hear('b', tab.state.term, { type: 'ping' })).toEqual(['says pong']);
      expect(tab.pass(1_000)).toEqual([]);
    }
    expect(tab.state.role).toBe('leading');
  });
});

describe('a page that was away', () => {
  const away = {
    cached(tab: OneTab) {
      tab.raise('leave', undefined);
      tab.raise('away', undefined);
      tab.raise('join', undefined);
    },
    'cached, and the connection heard of that later'(tab: OneTab) {
      tab.raise('away', undefined);
      tab.raise('leave', undefined);
      tab.raise('join', undefined);
    },
    frozen(tab: OneTab) {
      tab.raise('freeze', undefined);
      tab.raise('resume', undefined);
    },
  };

  test.each(Object.keys(away) as (keyof typeof away)[])('(%s) waits for what others know before it leads', (how) => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    away[how](tab);
    expect(tab.raise('granted', undefined)).toEqual([]);
    expect(tab.pass(LAST_WORDS - 1)).toEqual([]);
    expect(tab.pass(1)).toEqual(['query']);
    expect(tab.raise('queried', { isHeld: true, isAwaited: false, isOwn: true })).toEqual(['lead']);
    expect(tab.state.wasAway).toBe(false);
  });

  test.each(['cached', 'frozen'] as const)('(%s) and hears the leader has missed nothing', (how) => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    away[how](tab);
    tab.hear('a', 5, STATE);
    tab.hear('a', 5, { type: 'bye' });
    expect(tab.raise('granted', undefined)).toEqual(['query']);
  });

  test('and whose connection was closed asks what has happened', () => {
    const tab = new OneTab();
    tab.raise('away', undefined);
    expect(tab.raise('resume', undefined)).toEqual(['says hello']);
    tab.raise('freeze', undefined);
    expect(tab.raise('resume', undefined)).toEqual(['says hello']);
  });
});

describe('pages that are left', () => {
  test('the leader says so and lets the lock go', () => {
    expect(new OneTab().lead().raise('leave', undefined)).toEqual(['stepDown', 'says bye', 'release']);
  });

  test('a tab that waits asks for the lock no longer', () => {
    expect(new OneTab().follow().raise('leave', undefined)).toEqual(['lost', 'says gone', 'release']);
  });
});

describe('a leader that does not answer', () => {
  test('for 5 s, while somebody looks, loses the lock', () => {
    const tab = new OneTab().follow();
    expect(tab.pass(4_999)).toEqual(Array(4).fill('says ping'));
    expect(tab.pass(1)).toEqual(['lost', 'release', 'steal']);
  });

  test('loses it 5 s after it was last heard', () => {
    const tab = new OneTab().follow();
    tab.pass(PING + 900);
    tab.hear('a', 5, { type: 'pong', to: 'me' });
    expect(tab.pass(5_000)).toEqual(Array(5).fill('says ping'));
    expect(tab.pass(100)).toEqual(['lost', 'release', 'steal']);
  });

  test('keeps it while nobody looks, and nobody asks', () => {
    const tab = new OneTab();
    tab.visible = false;
    tab.follow();
    expect(tab.pass(60_000)).toEqual([]);
  });

  test('is asked for 4 s by a tab that is looked at again', () => {
    const tab = new OneTab().follow();
    tab.visible = false;
    tab.raise('look', undefined);
    tab.pass(60_000);
    tab.visible = true;
    expect(tab.raise('look', undefined)).toEqual(['says ping']);
    expect(tab.pass(3_999)).toEqual(Array(3).fill('says ping'));
    expect(tab.pass(1)).toEqual(['lost', 'release', 'steal']);
  });

  test('keeps it if it was the tab that asks that was blocked', () => {
    const tab = new OneTab().follow();
    tab.pass(PING);
    tab.now += 10_000;
    expect(tab.raise('deadline', undefined)).toEqual(['says ping']);
    expect(tab.hear('a', 5, { type: 'pong', to: 'me' })).toEqual([]);
    expect(tab.pass(PING)).toEqual(['says ping']);
  });

  test('keeps it if it answers, or says anything at all', () => {
    const tab = new OneTab().follow();
    for (let count = 0; count < 20; count += 1) {
      expect(tab.pass(PING)).toEqual(['says ping']);
      tab.hear('a', 5, { type: 'data', connection: 1, unsent: 0, data: '' });
    }
    expect(tab.state.leader).toBe('a');
  });
});

describe('a lock with nobody', () => {
  const empty = { isHeld: false, isAwaited: true, isOwn: false };

  test('that is seen twice while somebody waits is asked for anew', () => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    expect(tab.pass(SEARCH)).toEqual(['says hello', 'query']);
    expect(tab.raise('queried', empty)).toEqual([]);
    expect(tab.raise('queried', { ...empty, isHeld: true })).toEqual([]);
    expect(tab.raise('queried', empty)).toEqual([]);
    expect(tab.raise('queried', empty)).toEqual(['release', 'request']);
  });

  test('for which nobody waits is no fault', () => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    for (let count = 0; count < 5; count += 1) expect(tab.raise('queried', { ...empty, isAwaited: false })).toEqual([]);
  });

  test.each(['bye', 'departed'] as const)(
    'that another tab was granted and says nothing of for 1 s is stolen (%s)',
    (how) => {
      const tab = new OneTab().follow();
      if (how === 'bye') tab.hear('a', 5, { type: 'bye' });
      else {
        tab.raise('departed', { id: 'a' });
        tab.pass(LAST_WORDS);
        tab.raise('queried', { isHeld: true, isAwaited: true, isOwn: false });
      }
      expect(tab.pass(NEXT - 1)).toEqual(['says hello', 'query']);
      expect(tab.pass(1)).toEqual(['lost', 'release', 'steal']);
    },
  );

  test('that the next leader has is not stolen', () => {
    const tab = new OneTab().follow();
    tab.hear('a', 5, { type: 'bye' });
    tab.pass(SEARCH);
    tab.hear('b', 6, STATE);
    expect(tab.pass(4_999)).not.toContain('steal');
  });

  test('that another tab has for 5 s without a word is stolen', () => {
    const tab = new OneTab();
    tab.raise('join', undefined);
    expect(tab.pass(5_000).slice(-3)).toEqual(['lost', 'release', 'steal']);
  });
});

describe('within 1 s a tab says that nobody leads', () => {
  test('at once when the leader says bye', () => {
    const tab = new OneTab().follow();
    expect(tab.hear('b', 5, { type: 'bye' })).toEqual([]);
    expect(tab.hear('a', 5, { type: 'bye' })).toEqual(['lost']);
    expect(tab.state.leader).toBeUndefined();
  });

  test('after its last words when the leader is gone', () => {
    const tab = new OneTab().follow();
    expect(tab.raise('departed', { id: 'b' })).toEqual([]);
    expect(tab.pass(100)).toEqual([]);
    expect(tab.raise('departed', { id: 'a' })).toEqual([]);
    expect(tab.hear('a', 5, STATE)).toEqual([]);
    expect(tab.pass(LAST_WORDS)).toEqual(['query']);
    expect(tab.raise('queried', { isHeld: true, isAwaited: true, isOwn: false })).toEqual(['lost']);
  });

  test('not when the same tab leads anew meanwhile', () => {
    const tab = new OneTab().follow();
    tab.raise('departed', { id: 'a' });
    expect(tab.hear('a', 6, STATE)).toEqual(['lost']);
    expect(tab.pass(LAST_WORDS)).toEqual([]);
    expect(tab.state.leader).toBe('a');
  });
});
