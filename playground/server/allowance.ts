/** Answers whether so much may be taken: of `burst` at once, and of `perSecond` more with each second that goes by. */
export function createAllowance(burst: number, perSecond: number, now = () => performance.now()) {
  let left = burst;
  let at = now();
  return (cost: number): boolean => {
    const before = at;
    at = now();
    left = Math.min(burst, left + ((at - before) / 1_000) * perSecond);
    if (left < cost) return false;
    left -= cost;
    return true;
  };
}
