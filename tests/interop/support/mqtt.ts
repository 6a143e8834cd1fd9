/** The packets of MQTT that an app sends by itself. */

/** Seven bits in each byte. */
const lengthOf = (length: number): number[] =>
  length < 128 ? [length] : [(length & 127) | 128, ...lengthOf(length >> 7)];

const packet = (type: number, ...parts: (string | number[])[]): Uint8Array<ArrayBuffer> => {
  const body = parts.flatMap((part) => [...Buffer.from(part)]);
  return Uint8Array.from([type, ...lengthOf(body.length), ...body]);
};

const withLength = (text: string): (string | number[])[] => [[0, text.length], text];

/** Asks for a topic in MQTT 3.1.1, with the quality of service 0. */
export const subscribe = (topic: string) => packet(0x82, [0, 1], ...withLength(topic), [0]);

/** Says a text about a topic in MQTT 3.1.1, with the quality of service 0. */
export const publish = (topic: string, text: string) => packet(0x30, ...withLength(topic), text);

/** The same in MQTT 5, where properties may follow: none do. */
export const subscribeV5 = (topic: string) => packet(0x82, [0, 1, 0], ...withLength(topic), [0]);
export const publishV5 = (topic: string, text: string) => packet(0x30, ...withLength(topic), [0], text);

/** What the app gets of a packet, as text. */
export const readPacket = (data: unknown): string =>
  Buffer.from(data instanceof Uint8Array ? data : new Uint8Array(data as ArrayBuffer)).toString('latin1');
