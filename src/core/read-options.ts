/** Reads objects of the caller, which may throw whatever they are asked. */

/** Lays the options of the groups beside the others, so that defaults and options can be laid one over the other. */
export function flattenOptions(options: object): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  const add = (name: string, group: () => unknown): void => {
    try {
      Object.assign(all, group());
    } catch {
      all.wrong = name;
    }
  };
  add('options', () => options);
  for (const name of ['heartbeat', 'autoReconnect', 'buffer'])
    add(name, () => typeof all[name] !== 'function' && all[name]);
  // `'stay'` holds against the `closeAfter` of the plugin.
  add('whenHidden', () => ({ closeAfter: all.whenHidden && (Object(all.whenHidden).closeAfter ?? Infinity) }));
  // What the app changes in its own list or object later has no effect.
  add('finalCodes', () => Array.isArray(all.finalCodes) && { finalCodes: [...all.finalCodes] });
  add('serializer', () => {
    const { read, write } = Object(all.serializer);
    return read && write && { serializer: { read: read.bind(all.serializer), write: write.bind(all.serializer) } };
  });
  // An option given as undefined must not hide a default.
  for (const key in all) if (all[key] === undefined) delete all[key];
  return all;
}

/** What a ref gives now. A getter is not called, and what throws is no ref. */
export function peekAt(value: unknown, read: (source: unknown) => unknown): unknown {
  try {
    return typeof value === 'object' ? read(value) : value;
  } catch {
    return value;
  }
}
