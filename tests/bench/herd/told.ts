/** The herd that is told when its server is back. Apart from the policies: the clients' script needs no more than this. */

/** A client that heeds what the server says. */
export const TOLD = 'vue-heartbeat-socket, told 20 s';

/** What the server says as it goes away. */
export const WORDS = 'restart; retry-after=20';
