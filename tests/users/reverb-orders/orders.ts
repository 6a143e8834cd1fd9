/** What the Laravel app answers by HTTP, and broadcasts. */
export interface Order {
  id: number;
  status: string;
  /** Grows with each change of the order. */
  version: number;
}

/** Keeps the newest of what is known of each order. */
export function merge(orders: Map<number, Order>, incoming: readonly Order[]): void {
  for (const order of incoming)
    if (!(Number(orders.get(order.id)?.version) > order.version)) orders.set(order.id, order);
}

export const loadOrders = async (app: string): Promise<Order[]> => (await fetch(`${app}/orders`)).json();

/** The signature of a private channel. Laravel gives one to a user who may hear it, for one connection. */
export async function sign(app: string, socketId: string, channel: string): Promise<string> {
  const response = await fetch(`${app}/broadcasting/auth`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ socket_id: socketId, channel_name: channel }),
  });
  if (!response.ok) throw new Error(`no signature for ${channel}: ${response.status}`);
  return (await response.json()).auth;
}
