/** Where the server is: the page's own origin, or what `?server=ws://localhost:8787` says. */
import { readAddress } from './read-address.ts';

export const address = readAddress(new URLSearchParams(location.search).get('server'), location);

export const serverBase: string = address.base;
