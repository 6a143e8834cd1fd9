/** What the browser says about the network, overridden for this page: no page can switch the real one off. */
export function simulateNetwork(isOnline: boolean): void {
  if (navigator.onLine === isOnline) return;
  // On the instance: deleting it brings the browser's own answer back.
  if (isOnline) Reflect.deleteProperty(navigator, 'onLine');
  else Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
  window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
}
