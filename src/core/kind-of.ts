/** The kind of a value, as a word: `String`, `Array`, `Promise`. Not by `instanceof`: the value may come from another window. */
export const kindOf = (value: unknown): string => {
  try {
    return {}.toString.call(value).slice(8, -1);
  } catch {
    // A proxy may throw whatever it is asked.
    return typeof value;
  }
};
