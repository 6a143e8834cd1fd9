/** The packets of MQTT 3.1.1 that an app sends by itself, for texts that are short. */

const packet = (type: number, ...parts: (string | number[])[]): Uint8Array<ArrayBuffer> => {
  const body = parts.flatMap((part) => [...Buffer.from(part)]);
  return Uint8Array.from([type, body.length, ...body]);
};

const withLength = (text: string): (string | number[])[] => [[0, text.length], text];

/** Asks for a topic, with the quality of service 0. */
export const subscribe = (topic: string) => packet(0x82, [0, 1], ...withLength(topic), [0]);

/** Says a text about a topic, with the quality of service 0. */
export const publish = (topic: string, text: string) => packet(0x30, ...withLength(topic), text);

/** What the app gets of a packet, as text. */
export const readPacket = (data: unknown): string =>
  Buffer.from(data instanceof Uint8Array ? data : new Uint8Array(data as ArrayBuffer)).toString('latin1');
