import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who a visitor is. */
export interface Pass {
  /** What the others are told. */
  readonly id: string;
  /** What the visitor alone is told, and shows with each connection. */
  readonly token: string;
}

/**
 * Gives visitors their tokens, and checks them later. It keeps none of them: a token is the id, signed with a key that only this
 * process has, or the processes of one bus.
 */
export function createPasses(key: Buffer = randomBytes(32)) {
  const sign = (id: string): Buffer => createHmac('sha256', key).update(id).digest();

  return {
    issue(): Pass {
      const id = randomBytes(9).toString('base64url');
      return { id, token: `${id}.${sign(id).toString('base64url')}` };
    },
    /** The pass of a token that was given here; undefined for any other. */
    read(token: string | null): Pass | undefined {
      const [id = '', given = ''] = (token ?? '').split('.');
      const [expected, signature] = [sign(id), Buffer.from(given, 'base64url')];
      const isOurs = signature.length === expected.length && timingSafeEqual(signature, expected);
      return isOurs ? { id, token: `${id}.${given}` } : undefined;
    },
  };
}
