// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source text
/** Bugs that a person could make, each as one change to one line of the core. */
export interface SeededBug {
  /** What somebody got wrong. */
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const state = 'src/core/connection-state.ts';
const engine = 'src/core/connection.ts';
const timer = 'src/core/deadline-timer.ts';
const listeners = 'src/core/listeners.ts';
const roundTrip = 'src/core/round-trip.ts';
const queue = 'src/core/turn-queue.ts';
const heartbeat = 'src/core/heartbeat.ts';
const policy = 'src/core/reconnect-policy.ts';
const outbox = 'src/core/outbox.ts';
const options = 'src/core/options.ts';
const abandoning = 'src/core/abandon-socket.ts';

const bug = (file: string, what: string, from: string, to: string): SeededBug => ({ file, what, from, to });

export const SEEDED_BUGS: SeededBug[] = [
  bug(
    state,
    'late events of old sockets count',
    "state.phase === 'left' || id !== state.id ? [state]",
    "state.phase === 'left' ? [state]",
  ),
  bug(state, 'left can be left', "state.phase === 'left' || id !== state.id ? [state]", 'id !== state.id ? [state]'),
  bug(state, 'an attempt keeps the old number', 'id: state.id + 1,', 'id: state.id,'),
  bug(
    state,
    'open() forgets to end the old socket',
    'open: (state, moment) => attempt({ ...state, ...fresh }, moment, end(state)),',
    'open: (state, moment) => attempt({ ...state, ...fresh }, moment),',
  ),
  bug(
    state,
    'online while connecting opens a second socket',
    "return online ? attempt(woken, moment, end(woken, 'online', 1006)) : [woken];",
    'return online ? attempt(woken, moment) : [woken];',
  ),
  bug(
    state,
    'failures are reset on open',
    '{ ...state, renewed: false, openedAt: now,',
    '{ ...state, ...fresh, openedAt: now,',
  ),
  bug(state, 'failures are never reset', '...(now - state.openedAt >= moment.stableAfter && fresh),', ''),
  bug(
    state,
    'a late timer is a verdict',
    'if (late && moment.beats) return sendBeat(seen, moment, moment.probeTimeout);',
    '',
  ),
  bug(
    state,
    'a late handshake deadline is a verdict',
    'return late ? [{ ...state, deadline: now + moment.probeTimeout }] : abandon',
    'return abandon',
  ),
  bug(state, 'silence is never found', "if (now >= state.deadAt) return abandon(seen, moment, 'silence');", ''),
  bug(
    state,
    'an abandoned socket is not dropped',
    '        end(state, code, 1006),\n',
    "        ['disconnected', end(state, code, 1006)[1], false],\n",
  ),
  bug(
    state,
    'closed is undone by the network',
    '/idle|closed|failed|left/.test(state.phase)',
    '/idle|failed|left/.test(state.phase)',
  ),
  bug(state, 'resting states keep their deadline', 'deadline: NEVER,\n  wanted: false,', 'wanted: false,'),
  bug(
    state,
    'a wake probes even what was just heard',
    'online || moment.now - woken.heardAt > JUST_HEARD ? probe',
    'online || true ? probe',
  ),
  bug(
    state,
    'each look at the page puts the verdict off',
    'moment.beats && state.deadAt > moment.now + moment.probeTimeout',
    'moment.beats',
  ),
  bug(
    state,
    'a probe takes as long as a beat',
    '    ? sendBeat(state, moment, moment.probeTimeout)\n    : [state];',
    '    ? sendBeat(state, moment, moment.pongTimeout)\n    : [state];',
  ),
  bug(
    state,
    'a sign of life leaves it suspect',
    "alive({ ...state, phase: 'open', heardAt: moment.now,",
    "alive({ ...state, phase: state.phase ?? 'open', heardAt: moment.now,",
  ),
  bug(
    state,
    "a loss after a wake counts as the server's",
    'now - state.wokeAt <= WAKE_WINDOW);',
    'now - state.wokeAt <= 0);',
  ),
  bug(
    state,
    'retries go on without the network',
    "go(state, online ? 'waiting' : 'offline', {",
    "go(state, 'waiting', {",
  ),
  bug(
    state,
    'whatever put it away, the page brings it back',
    'if (state.away !== away) return [state];',
    'if (!state.away) return [state];',
  ),
  bug(state, 'close() keeps the buffer', "end(state, reason, code), ['empty', 'closed']]", 'end(state, reason, code)]'),
  bug(
    state,
    'leaving keeps the buffer',
    "[go(state, 'left'), end(state), ['empty', 'left']]",
    "[go(state, 'left'), end(state)]",
  ),
  bug(
    state,
    'the page brings back a component that is out of sight',
    "state.away === 'deactivated' ? state : { ...state, away }",
    'state.away ? state : { ...state, away }',
  ),
  bug(
    state,
    'a new url waits for a page that nobody hears come back',
    "state.away === 'deactivated' || (state.away && isActive(state))",
    'state.away',
  ),
  bug(state, 'onFailed is forgotten', ", ended, ['failed']]", ', ended]'),
  bug(timer, 'an old timer is not disarmed', '    disarm?.();\n', ''),
  bug(timer, 'a timer is armed anew each time', '    if (armedFor === deadline) return;\n', ''),
  bug(timer, 'a timer that fired early is not armed again', '      armedFor = 0;\n', ''),
  bug(
    abandoning,
    'handlers stay on a dropped socket',
    'socket.onopen = socket.onclose = socket.onerror = socket.onmessage = ignore;',
    '',
  ),
  bug(engine, 'a late beforeConnect opens a socket', '        if (id !== state.id) return;\n', ''),
  bug(
    engine,
    'an attempt begins in the middle of a turn',
    'target.then((to) => enqueue(start, to), threw',
    'target.then(start, threw',
  ),
  bug(engine, 'a socket ends twice in the log', '    notEnded = 0;\n', ''),
  bug(
    engine,
    'a token that beforeConnect puts into the url starts it over',
    "if (!url || state.phase !== 'connecting' || notEnded) command",
    'command',
  ),
  bug(
    engine,
    'what beforeConnect gives for an old url is used',
    "if (isOld && isGiven && `${target?.url}` !== `${options.url()}`) return threw('the url has changed');",
    '',
  ),
  bug(
    engine,
    'the url is read before beforeConnect alone',
    'if (isOld || !isGiven) ours',
    'if (isOld || !beforeConnect) ours',
  ),
  bug(engine, 'beforeConnect is not aborted', 'void aborter?.abort()', 'undefined'),
  bug(
    state,
    'a beforeConnect for the old url keeps the new one waiting',
    'moment.isOutdated && !state.renewed\n',
    'false\n',
  ),
  bug(
    state,
    'a beforeConnect that changes the url goes round',
    'moment.isOutdated && !state.renewed\n',
    'moment.isOutdated\n',
  ),
  bug(
    engine,
    'close() is undone by a change before it',
    "      if (state.phase !== 'left') lastUrl = `${options.url()}`;\n",
    '',
  ),
  bug(
    engine,
    'what is sent after close() in a callback is emptied by it',
    'if (!isCommanded()) return void keep();',
    'if (true) return void keep();',
  ),
  bug(
    engine,
    'what is kept in a callback goes to another url',
    "if (state.phase === 'connecting' && lastUrl) outbox.turnTo(lastUrl);",
    '',
  ),
  bug(
    state,
    'a new url that came while the old one was prepared counts as a retry',
    'moment.isOutdated ? { ...moment, retries: -1, finalCodes: [] } : moment',
    'moment',
  ),
  bug(engine, 'what beforeConnect makes of the url by itself starts it over', 'ours = turn();\n        }', '}'),
  bug(
    engine,
    'a url that changes just before beforeConnect is done is overlooked',
    'if (isOld || !isGiven) ours',
    'ours',
  ),
  bug(engine, 'a callback that throws hides why it was given up', "if (state.phase !== 'failed' || about[2]) ", ''),
  bug(state, 'any event named offline stops the retries', " === 'waiting' && !moment.online ?", " === 'waiting' ?"),
  bug(
    queue,
    'an error handler that throws stops the queue for good',
    '    } finally {',
    '      busy = false;\n    } finally {\n      if (busy) return;',
  ),
  bug(engine, 'a message arms a timer', 'if (state.deadAt < NEVER) step', 'if (true) step'),
  bug(
    engine,
    'an answer reaches the user',
    "      log('answered', { latency: trip.latency });\n      return;\n",
    "      log('answered', { latency: trip.latency });\n",
  ),
  bug(queue, 'events raised in a callback do not wait', '    if (busy) {', '    if (!busy && busy) {'),
  bug(
    queue,
    'what throws stops the queue for good',
    '    } catch (thrown) {\n      failed(thrown);\n    }',
    '    } finally {\n    }',
  ),
  bug(engine, 'the log prints tokens', 'url: maskUrl(url)', 'url: `${url}`'),
  bug(engine, 'listeners on the page stay', 'void stopListening?.()', 'undefined'),
  bug(
    engine,
    'the buffer goes out before onConnected',
    "      tell('onConnected', [socket]);\n      enqueue(() => outbox.flush((data) => write(data) !== false));",
    "      outbox.flush((data) => write(data) !== false);\n      tell('onConnected', [socket]);",
  ),
  bug(engine, 'CLOSING counts as open', ' || (socket.readyState as number) > 1', ''),
  bug(engine, 'what one url was to get, the next one gets', 'outbox.turnTo(url);', ''),
  bug(
    outbox,
    'what is sent for a new url goes with what was kept for the old one',
    'if (message.url && message.url !== url) others',
    'if (message.url) others',
  ),
  bug(engine, 'what is sent after close() in a callback goes out', 'if (isCommanded() || !isAlive', 'if (!isAlive'),
  bug(abandoning, 'a dropped socket is not closed', 'if (!wasClean || !close(code, reason || undefined)) close();', ''),
  bug(
    abandoning,
    'a close() that throws breaks off the end',
    "attemptTo(() => [socket.close(...how)], 'close')",
    '[socket.close(...how)]',
  ),
  bug(engine, 'a beat that was never sent is awaited', "if (sent === undefined) return dispatch('heard');", ''),
  bug(
    listeners,
    'a callback that throws ends the round',
    "        try {\n          callback?.(...args);\n        } catch (thrown) {\n          failed('callback', thrown, name === 'onError' ? [] : [listener]);\n        }",
    '        callback?.(...args);',
  ),
  bug(roundTrip, 'latency is that of an older beat', 'unanswered += 1;', 'unanswered = 1;'),
  bug(roundTrip, 'an answer that nobody asked for counts', 'if (unanswered && !--unanswered)', 'if (!--unanswered)'),
  bug(
    heartbeat,
    'traffic in puts keep-alive off',
    'Math.min(sentAt, heardAt) + interval',
    'Math.max(sentAt, heardAt) + interval',
  ),
  bug(heartbeat, 'clients beat in step', 'interval * (1 - random / 10)', 'interval'),
  bug(
    heartbeat,
    'a message that contains the beat is an answer',
    'expected === data ||',
    '`${data}`.includes(`${expected}`) ||',
  ),
  bug(policy, 'one retry too many', 'retries >= 0 && retried >= retries', 'retries >= 0 && retried > retries'),
  bug(
    policy,
    'the delay gets the retries made, not the one about to be',
    'delay(retried + 1, context)',
    'delay(retried, context)',
  ),
  bug(policy, 'back-off has no cap', 'Math.min(max, base * 2 ** (retry - 2))', 'base * 2 ** (retry - 2)'),
  bug(policy, 'no jitter', 'random * (isLocal', '1 * (isLocal'),
  bug(policy, 'final codes are retried', "if (finalCodes.includes(event.code)) return 'final-code';", ''),
  bug(
    outbox,
    'the wrong message is dropped',
    "overflow === 'drop-oldest' ? 0 : -1",
    "overflow === 'drop-oldest' ? -1 : 0",
  ),
  bug(outbox, 'a message without room is called buffered', 'return !lost.includes(message);', 'return true;'),
  bug(outbox, 'one message more than the limit is kept', 'kept.length > limit', 'kept.length > limit + 1'),
  bug(outbox, 'dropped messages go unreported', '      drop(kept.splice(0), reason);', '      kept.splice(0);'),
  bug(options, 'autoReconnect: false retries', '...(autoReconnect === false && { retries: 0 }),', ''),
];
