/** Reads objects of the caller, which may throw whatever they are asked. */
import { kindOf, unusable } from './kind-of.js';
import type { Serializer } from './serializer.js';

/** Lays the options of the groups beside the others, so that defaults and options can be laid one over the other. */
export function flattenOptions(options: object): Record<string, unknown> {
  const all: Record<string, unknown> = { options };
  const add = (name: string, given: unknown, group: (given: never) => unknown = (own) => own): void => {
    try {
      Object.assign(all, group(given as never));
    } catch {
      all.wrong = `${name} ${unusable(given)}`;
    }
  };
  add('options', options);
  // The plugin's function of a heartbeat stands beside what a component gives in its place.
  for (const name of ['heartbeat', 'autoReconnect', 'buffer']) {
    add(name, typeof all[name] === 'function' ? { [`${name}Of`]: all[name] } : all[name]);
  }
  // `'stay'` holds against the `closeAfter` of the plugin. NaN: it is no time.
  const { whenHidden } = all;
  if (whenHidden === 'stay') all.whenHidden = Infinity;
  else
    add(
      'whenHidden',
      whenHidden,
      () => whenHidden !== undefined && { whenHidden: Object(whenHidden).closeAfter ?? Number.NaN },
    );
  // What the app changes in its own list or object later has no effect.
  add('finalCodes', all.finalCodes, (codes) => Array.isArray(codes) && { finalCodes: [...codes] });
  add(
    'serializer',
    all.serializer,
    (own?: Serializer) =>
      own?.read && own.write && { serializer: { read: own.read.bind(own), write: own.write.bind(own) } },
  );
  // An option given as undefined must not hide a default.
  for (const key in all) if (all[key] === undefined) delete all[key];
  return all;
}

/**
 * What a ref gives now; undefined where that throws. Of a function, which may be a getter, nothing is known. What cannot even be asked for
 * its kind is no ref.
 */
export function peekAt(value: unknown, read: (source: unknown) => unknown): unknown {
  try {
    return typeof value === 'function' ? undefined : read(value);
  } catch {
    return kindOf(value) === 'Object' ? undefined : value;
  }
}
