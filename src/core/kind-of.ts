/** The kind of a value, as a word: `String`, `Array`, `Promise`. Not by `instanceof`: the value may come from another window. */
export const kindOf = (value: unknown): string => {
  try {
    return {}.toString.call(value).slice(8, -1);
  } catch {
    // A proxy may throw whatever it is asked.
    return typeof value;
  }
};

/** What an error says of a value that makes no sense. The value itself may be a secret. */
export const unusable = (value: unknown): string => `makes no sense, received ${kindOf(value)}`;
