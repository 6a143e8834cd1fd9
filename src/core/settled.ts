/** Promises of the caller, which may be any object with a function `then`. */

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';

/** Hears how a promise settles. A faulty one may settle twice, or throw after that: only the first time counts. */
export function whenSettled(
  promise: PromiseLike<unknown>,
  resolved: (value: unknown) => void,
  rejected: (reason: unknown) => void,
): void {
  let isSettled = false;
  const once =
    (tell: (value: unknown) => void) =>
    (value: unknown): void => {
      if (isSettled) return;
      isSettled = true;
      tell(value);
    };
  const failed = once(rejected);
  try {
    promise.then(once(resolved), failed);
  } catch (thrown) {
    failed(thrown);
  }
}
