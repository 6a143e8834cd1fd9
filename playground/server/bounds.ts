/**
 * How much of this server anybody can take up. One page has four connections, one more if it holds the socket of all tabs, two more
 * during a run of numbered messages, and one more for each component that was left behind.
 */

/** Connections under test of one visitor, and of all: each has two sockets here, one to the client and one to the server behind. */
export const MAX_CONNECTIONS = 64;
export const MAX_ALL_CONNECTIONS = 256;

/** Control connections of one visitor, and of all. */
export const MAX_CONTROLS = 16;
export const MAX_ALL_CONTROLS = 128;

/** Bytes, and messages, that wait for one client to read them. Who lets more gather is cut. */
export const MAX_UNREAD = 1_024 * 1_024;
export const MAX_UNREAD_MESSAGES = 1_000;

/** Bytes under way in one direction of a connection. What is more stays with the sender. */
export const MAX_UNDER_WAY = 256 * 1_024;

/** Bytes that one client can say in the chat at once, and how many more each second. */
export const TALK = { burst: 64 * 1_024, perSecond: 8 * 1_024 };

/** The same of all clients together: less than what may wait for one of them, so that nobody is cut for what others say. */
export const TALK_OF_ALL = { burst: 512 * 1_024, perSecond: 128 * 1_024 };

/** What each chat message costs beside its bytes. */
export const MESSAGE_COST = 1_024;

/** Messages that a chat room keeps for those who come back, and their bytes: far fewer than may wait for one client. */
export const MAX_HISTORY = 1_000;
export const MAX_HISTORY_BYTES = 256 * 1_024;

/** The most other processes on the bus, and the most people at all of them, that the list of people shows. */
export const MAX_PROCESSES = 64;
export const MAX_PEOPLE = 512;

/** Runs of numbered messages that are counted for one visitor, and for all. A page has two at a time. */
export const MAX_RUNS = 8;
export const MAX_ALL_RUNS = 256;

/** ms for which a run is kept after it began. */
export const RUN_KEPT = 120_000;

/** Names that the chat tells to all of its connections together, on average over a while. Each is about a hundred bytes. */
export const NAMES_PER_MS = 64;

/** For `ws`: parts of a message, and pieces of one part that came one by one. */
export const MESSAGE_PARTS = { maxFragments: 64, maxBufferedChunks: 1_024 };
