/** A serializer that checks each message against a schema. */
import { HeartbeatSocketError } from './errors.js';
import { kindOf } from './kind-of.js';
import { json as plainJson, type Serializer } from './serializer.js';
import { isPromise } from './settled.js';

/** A place in a value: a key, or a record that has one. */
type PathPart = PropertyKey | { readonly key: PropertyKey };

/** What a schema finds wrong with a value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly PathPart[] | undefined;
}

type Checked<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * A schema of any library that follows the Standard Schema specification (https://standardschema.dev, version 1): zod, valibot, arktype
 * and others.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Checked<Output> | Promise<Checked<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** A schema for what comes, and one for what goes. What is left out is not checked. */
export interface SchemaPair<ReadSchema, WriteSchema> {
  /** For the values of messages that come. */
  readonly read?: ReadSchema | undefined;
  /** For the values that the app sends. What the schema makes of a value goes over the wire. */
  readonly write?: WriteSchema | undefined;
}

type InputOf<Schema> = Schema extends StandardSchema<infer Input, infer _> ? Input : unknown;
type OutputOf<Schema> = Schema extends StandardSchema<infer _, infer Output> ? Output : unknown;

const textOf = (part: PathPart): string => String(typeof part === 'object' ? part.key : part);

/** An issue as plain data. */
const plainIssue = ({ message, path = [] }: SchemaIssue): { message: string; path: string[] } => ({
  message,
  // Some libraries make a list of their own kind.
  path: Array.from(path, textOf),
});

/** What a schema makes of a value. Throws with the issues of the schema if the value does not fit. */
function check(schema: StandardSchema | undefined, value: unknown): unknown {
  if (!schema) return value;
  const checked = schema['~standard'].validate(value);
  if (isPromise(checked)) {
    // Nobody waits for the answer.
    checked.then(undefined, () => {});
    throw new HeartbeatSocketError('serializer', 'a schema must answer at once, and this one gave a promise');
  }
  if (!checked.issues) return checked.value;
  const issues = checked.issues.map(plainIssue);
  const [first] = issues;
  const place = first?.path.length ? ` at ${first.path.join('.')}` : '';
  throw new HeartbeatSocketError('serializer', `the message does not fit its schema${place}`, { issues });
}

const isSchema = (given: unknown): given is StandardSchema => !!Object(given)['~standard'];

/** A schema, or nothing in place of one. */
function schemaOf(name: string, given: unknown): StandardSchema | undefined {
  if (given === undefined || isSchema(given)) return given;
  throw new HeartbeatSocketError(
    'option',
    `json(): ${name} must be a schema (Standard Schema), received ${kindOf(given)}`,
  );
}

/**
 * Makes a serializer: JSON whose values fit a schema. The types of messages come from the schema.
 *
 * - `json(Schema)` checks what comes. What the app sends is JSON of any kind.
 * - `json({ read: In, write: Out })` checks both. Either may be left out.
 *
 * The app gets what the schema makes of a value (defaults filled in, texts turned into dates). A message that does not fit is dropped:
 * `onError` gets an error with the code `serializer`, whose `cause` has the `issues` of the schema as `{ message, path }`. A value that
 * does not fit is not sent: `send` answers false, and `onError` gets the same kind of error. Neither the error's own text nor the path
 * shows a value; the message of an issue is the schema's.
 *
 * A schema must answer at once. One that validates asynchronously is refused with an error when it is first asked. Throws a
 * HeartbeatSocketError with the code `option` for what is no schema.
 *
 * @example
 * const { data } = useHeartbeatSocket('/prices', { serializer: json(z.object({ symbol: z.string(), value: z.number() })) })
 */
export function json<Schema extends StandardSchema>(schema: Schema): Serializer<OutputOf<Schema>, unknown>;
export function json<
  ReadSchema extends StandardSchema | undefined = undefined,
  WriteSchema extends StandardSchema | undefined = undefined,
>(schemas: SchemaPair<ReadSchema, WriteSchema>): Serializer<OutputOf<ReadSchema>, InputOf<WriteSchema>>;
export function json(given: unknown): Serializer<unknown> {
  const pair = isSchema(given) ? { read: given, write: undefined } : Object(given);
  const read = schemaOf('read', pair.read);
  const write = schemaOf('write', pair.write);
  if (!read && !write) schemaOf('the argument', kindOf(given));
  return {
    read: (text) => check(read, plainJson.read(text)),
    write: (value) => plainJson.write(check(write, value)),
  };
}
