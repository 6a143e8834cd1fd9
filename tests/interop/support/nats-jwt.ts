/** An operator of NATS with one account, whose users show a bearer JWT: what `nsc` makes, for tests. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** The first letters of keys, as NATS encodes them. */
const PREFIXES = { operator: 14 << 3, account: 0, user: 20 << 3 };

type Kind = keyof typeof PREFIXES;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** CRC-16/XMODEM. */
const checksum = (bytes: Uint8Array): number =>
  bytes.reduce((sum, byte) => {
    let crc = sum ^ (byte << 8);
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
    return crc;
  }, 0);

interface Key {
  readonly name: string;
  readonly secret: KeyObject;
}

function createKey(kind: Kind): Key {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bytes = Uint8Array.from([PREFIXES[kind], ...publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const sum = checksum(bytes);
  return { name: base32(Uint8Array.from([...bytes, sum & 0xff, sum >> 8])), secret: privateKey };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** `exp`: seconds since the epoch. */
function createJwt(kind: Kind, subject: Key, issuer: Key, claims: Record<string, unknown>, exp?: number): string {
  const iat = Math.floor(Date.now() / 1_000);
  const body = {
    iat,
    exp,
    iss: issuer.name,
    sub: subject.name,
    name: kind,
    nats: { ...claims, type: kind, version: 2 },
  };
  const signed = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode(body)}`;
  return `${signed}.${sign(null, Buffer.from(signed), issuer.secret).toString('base64url')}`;
}

const NO_LIMIT = { subs: -1, data: -1, payload: -1 };

export interface Operator {
  /** The part of the server's configuration that makes it trust this operator. */
  readonly config: string;
  /** The JWT of a new user that is good for so many seconds. */
  userFor(seconds: number): string;
}

export function createOperator(): Operator {
  const operator = createKey('operator');
  const account = createKey('account');
  const limits = { ...NO_LIMIT, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const ofAccount = createJwt('account', account, operator, { limits, default_permissions: { pub: {}, sub: {} } });
  return {
    config: `
operator: ${createJwt('operator', operator, operator, {})}
resolver: MEMORY
resolver_preload: { ${account.name}: ${ofAccount} }
`,
    userFor: (seconds) =>
      createJwt(
        'user',
        createKey('user'),
        account,
        { pub: {}, sub: {}, ...NO_LIMIT, bearer_token: true },
        Math.floor(Date.now() / 1_000) + seconds,
      ),
  };
}
