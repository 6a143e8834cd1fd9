/** What a page that shows news says to the GraphQL server, and hears. */
export interface News {
  id: number;
  text: string;
}

export const NEWS = 'subscription ($after: Int!) { news(after: $after) { id text } }';

type Errors = [{ message: string }];

/** Of an operation: the messages of a connection have no `id`. The server refuses with `error` what it can't run, else with `next`. */
export type Message =
  | { id: string; type: 'next'; payload: { data?: { news: News }; errors?: Errors } }
  | { id: string; type: 'error'; payload: Errors }
  | { id: string; type: 'complete'; payload?: undefined };
