import type { UseHeartbeatSocketReturn } from '../socket-return.js';

/** The names of fields that messages of this type have. Any name, if the type of the messages is not known. */
export type FieldOf<Read> = unknown extends Read ? string : Read extends object ? Extract<keyof Read, string> : never;

/** The values that a field has in messages of this type. */
export type TagOf<Read, Field extends string> = unknown extends Read
  ? string | number
  : Read extends { readonly [Name in Field]: infer Tag }
    ? Extract<Tag, string | number>
    : never;

/** The messages whose field has this value. */
export type Tagged<Read, Field extends string, Tag> = unknown extends Read
  ? Read
  : Read extends { readonly [Name in Field]: infer Own }
    ? Tag extends Own
      ? Read
      : never
    : never;

/** What {@link useMessageHandlers} is given: a handler for each tag, as far as it is wanted, and one for the rest. */
export type MessageHandlers<Read, Field extends string> = {
  readonly [Tag in TagOf<Read, Field>]?: (message: Tagged<Read, Field, Tag>) => void;
} & {
  /** Gets each message that has no handler of its own: also those without a tag, and those of a tag that the type does not name. */
  readonly otherwise?: (message: Read) => void;
};

/**
 * Hands each message to the handler of its tag, until the current scope ends or the function that is returned is called. The handlers
 * hear what `on('received')` hears: each message in order, at once. What a handler throws goes to the app's error handler.
 *
 * Where the type of the messages is a union that `field` tells apart, each handler gets its own member of the union, and a handler for a
 * tag that does not exist is a type error.
 *
 * @param socket What `useHeartbeatSocket` returned.
 * @param field The field of a message that holds its tag, a text or a number. Such messages are objects: use a serializer.
 * @param handlers The handlers by tag, and `otherwise` for the rest. They are looked up for each message.
 *
 * @example
 * type Message = { type: 'chat'; text: string } | { type: 'presence'; names: string[] }
 * const socket = useHeartbeatSocket<Message>('/live', { serializer: 'json' })
 * useMessageHandlers(socket, 'type', {
 *   chat({ text }) { lines.value.push(text) },
 *   presence({ names }) { present.value = names },
 *   otherwise(message) { console.warn('no handler for', message) },
 * })
 */
// A type parameter of their own: TypeScript would not give the handlers' arguments their types otherwise.
export function useMessageHandlers<
  Read,
  Write,
  Field extends FieldOf<Read>,
  Handlers extends MessageHandlers<Read, Field> & {
    readonly [Unknown in Exclude<keyof Handlers, TagOf<Read, Field> | 'otherwise'>]: never;
  },
>(socket: UseHeartbeatSocketReturn<Read, Write>, field: Field, handlers: Handlers): () => void {
  const byTag = handlers as { readonly [tag: string]: ((message: unknown) => void) | undefined };
  return socket.on('received', ({ value }) => {
    const tag = (value as { readonly [name: string]: string } | null)?.[field];
    // A server may send the name of a method that every object has.
    const name = tag !== undefined && Object.hasOwn(byTag, tag) ? tag : 'otherwise';
    byTag[name]?.(value);
  });
}
