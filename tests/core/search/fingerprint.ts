import { MAX_AGE, TICK, TIMES } from './choice';
import type { World } from './world';

const capped = (ms: number, most: number): number => Math.min(ms, most) / TICK;

/**
 * All that may decide what an engine does next, seen from now: distances instead of times, no further than they matter, and
 * the two urls told apart only by which of them is meant. Worlds with the same fingerprint have the same future.
 */
export function fingerprint(world: World): string {
  const { view, clock, ports, now, choice, knownUrl, wishes, beats } = world;
  const urls = (one: string | undefined): string => (one === undefined ? '-' : one === knownUrl ? '=' : '/');
  const dueIn = clock.dueIn();
  const parts: unknown[] = [
    view.phase,
    dueIn === undefined ? '' : capped(Math.max(dueIn, -2 * TICK), Infinity),
    ports.listening(),
    view.ws?.readyState,
    world.old ? 'old' : '',
    world.preparing ? 'preparing' : '',
    world.stalePreparations.length ? 'stale' : '',
    [...world.messages.kept.values()].map(urls).join(''),
  ];
  // Nothing of the rest can matter any more.
  if (view.phase === 'left') return parts.join();
  parts.push(
    // Whether it failed at all: a number as delay makes no more of it.
    view.failures > 0,
    choice.retries < 0 ? wishes.retried > 0 : wishes.retried,
    world.url ? 'url' : '',
    urls(wishes.lastUrl),
    urls(wishes.bufferUrl),
    ports.isOnline,
    ports.isVisible,
    [...wishes.away].join('+'),
    [...wishes.heardAway].join('+'),
    wishes.wanted,
    wishes.renewed,
  );
  parts.push(world.attempt.timeouts);
  if (choice.proof) parts.push(capped(Math.max(0, world.drainsUntil - now), TIMES.drain), world.view.pending);
  if (choice.also === 'age') parts.push(...world.messages.ages(now).map((age) => capped(age, MAX_AGE)));
  if (choice.also === 'page') {
    parts.push(ports.isPrerendering, ports.isVisible ? '' : capped(now - world.hiddenSince, TIMES.closeAfter));
  }
  if (view.phase === 'connecting') {
    parts.push(...world.attempt.print(now), world.shaking ? `shaking ${Math.min(world.unread, 1)}` : '');
  }
  if (world.isOpen) {
    parts.push(world.messages.print);
    if (choice.also === 'link') {
      parts.push(view.ws?.bufferedAmount, capped(now - beats.drainedAt, beats.pongTimeout), view.pending);
    }
    parts.push(capped(now - beats.openedAt, TIMES.stableAfter));
    if (choice.heartbeat) {
      const { awaited } = beats;
      parts.push(capped(now - beats.heardAt, TIMES.interval), capped(now - beats.sentAt, TIMES.interval));
      parts.push(beats.lateTimers, beats.isAnswered, beats.unanswered);
      if (awaited) parts.push(awaited.timeout, Math.max(0, awaited.at + awaited.timeout - now));
    }
  }
  return parts.join();
}
