/** What a page that shows news says to the GraphQL server, and hears. */
export interface News {
  id: number;
  text: string;
}

export const NEWS = 'subscription ($after: Int!) { news(after: $after) { id text } }';

type Errors = [{ message: string }];

/**
 * Messages about one operation. If the query is wrong, the server sends `error`. What goes wrong later comes as `next`, with `errors`.
 */
export type Message =
  | { id: string; type: 'next'; payload: { data?: { news: News }; errors?: Errors } }
  | { id: string; type: 'error'; payload: Errors }
  | { id: string; type: 'complete'; payload?: undefined };
