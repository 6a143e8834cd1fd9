/**
 * Who is at the other processes. Each process tells all others of its own people, again and again, since a process that dies cannot
 * tell them.
 */
import { randomBytes } from 'node:crypto';
import type { Person } from '../../protocol/chat.ts';
import { MAX_PEOPLE, MAX_PROCESSES } from '../bounds.ts';
import type { Bus } from './bus.ts';
import { type PeopleByRoom, readReport, writeReport } from './bus-words.ts';

export interface Neighbours {
  /** The people of each room, those of all processes together: each is there once. */
  together(here: PeopleByRoom): Map<string, Person[]>;
  /** Tells the other processes who is here. */
  tell(here: PeopleByRoom): void;
  /** Calls the listener, in place of the one before, when something has changed at the other processes. */
  listen(listener: () => void): void;
  /** Tells the others that nobody is here any more. */
  close(): void;
}

export interface NeighbourOptions {
  /** ms between two reports of one process. */
  every?: number;
  /** A process that has missed so many reports counts as dead, and its people are gone. */
  missed?: number;
}

interface Neighbour {
  readonly people: PeopleByRoom;
  /** `people` as text, to tell whether a report changes anything. */
  readonly text: string;
  /**
   * How many reports this process has sent since the neighbour's last one. Time would not do: this process may have been halted
   * itself.
   */
  silence: number;
}

/** A server without a bus has no neighbours. */
export const NO_NEIGHBOURS: Neighbours = {
  together: (here) => mergePeople([here]),
  tell() {},
  listen() {},
  close() {},
};

export function createNeighbours(bus: Bus, { every = 1_000, missed = 5 }: NeighbourOptions = {}): Neighbours {
  const own = randomBytes(9).toString('base64url');
  const neighbours = new Map<string, Neighbour>();
  let here: PeopleByRoom = new Map();
  let changed = (): void => {};

  let told = '';
  const report = (): void => bus.tell(writeReport({ process: own, people: here }));

  bus.hear((bytes) => {
    const heard = readReport(bytes);
    if (!heard || heard.process === own) return;
    const { process, people } = heard;
    const before = neighbours.get(process);
    if (!before && neighbours.size >= MAX_PROCESSES) return;
    const text = textOf(people);
    neighbours.set(process, { people, text, silence: 0 });
    if (before?.text !== text) changed();
  });

  function forgetTheDead(): void {
    let isChanged = false;
    for (const [process, neighbour] of neighbours) {
      neighbour.silence += 1;
      if (neighbour.silence > missed) isChanged = neighbours.delete(process);
    }
    if (isChanged) changed();
  }

  const beats = setInterval(() => {
    report();
    forgetTheDead();
  }, every).unref();

  return {
    together: (mine) => mergePeople([mine, ...[...neighbours.values()].map(({ people }) => people)]),
    tell(mine) {
      here = mine;
      const text = textOf(here);
      if (text !== told) report();
      told = text;
    },
    listen(listener) {
      changed = listener;
    },
    close() {
      clearInterval(beats);
      here = new Map();
      report();
    },
  };
}

const textOf = (people: PeopleByRoom): string => JSON.stringify([...people]);

/**
 * One person for each id, with the connections of all. Those who come first have their name, and their place among the most there
 * can be.
 */
export function mergePeople(all: readonly PeopleByRoom[]): Map<string, Person[]> {
  const merged = new Map<string, Map<string, Person>>();
  let left = MAX_PEOPLE;
  for (const [room, people] of all.flatMap((byRoom) => [...byRoom])) {
    const known = merged.get(room) ?? new Map<string, Person>();
    for (const person of people) {
      const before = known.get(person.id);
      if (!before && left-- <= 0) continue;
      known.set(person.id, before ? both(before, person) : person);
    }
    if (known.size) merged.set(room, known);
  }
  return new Map([...merged].map(([room, known]) => [room, [...known.values()]]));
}

const both = (one: Person, other: Person): Person => ({
  ...one,
  connections: one.connections + other.connections,
  isSilent: one.isSilent && other.isSilent,
});
