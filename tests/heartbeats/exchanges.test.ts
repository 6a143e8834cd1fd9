/** Exchanges. Their own examples stand in the records. */
import { binance, bybit, kraken, okx } from '../../src/heartbeats';
import { keepsContract } from './contract';

keepsContract({
  name: 'okx()',
  make: okx,
  interval: 20_000,
  beat: {
    sends: ['ping'],
    answers: () => 'pong',
    wrong: ['ping', '"pong"', '{"event":"pong"}', '{"event":"error","code":"60012","msg":"Invalid request"}'],
  },
  shown: [
    {
      says: [
        '{"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"},"connId":"accb8e21"}',
        '{"event":"notice","code":"64008","msg":"The connection will soon be closed.","connId":"a4d3ae55"}',
      ],
    },
  ],
});

keepsContract({
  name: 'bybit()',
  make: bybit,
  interval: 20_000,
  beat: {
    sends: ['{"op":"ping"}'],
    // Spot, linear and inverse, options, private.
    answers: (_, index) =>
      [
        '{"success":true,"ret_msg":"pong","conn_id":"0970e817-426e-429a-a679-ff7f55e0b16a","op":"ping"}',
        '{"success":true,"ret_msg":"pong","conn_id":"465772b1-7630-4fdc-a492-e003e6f0f260","req_id":"","op":"ping"}',
        '{"args":["1672916271846"],"op":"pong"}',
      ][index] as string,
    wrong: [
      '{"success":false,"ret_msg":"error:handler not found","conn_id":"0970e817","req_id":"","op":"ping"}',
      '{"success":true,"ret_msg":"pong","conn_id":"0970e817","op":"subscribe"}',
      '{"req_id":"test","op":"pong","args":["1675418560633"],"conn_id":"cfcb4ocsvfriu23r3er0-1b"}',
      '[{"op":"pong"}]',
    ],
  },
  hidden: ['{"op":"pong","args":["1675418560633"],"conn_id":"cfcb4ocsvfriu23r3er0-1b"}'],
  shown: [{ says: ['{"topic":"pong","data":{"op":"pong"}}', `{"op":"pong","note":"${'x'.repeat(1_000)}"}`] }],
});

keepsContract({
  name: 'kraken()',
  make: kraken,
  beat: {
    sends: ['{"method":"ping"}'],
    answers: () => '{"method":"pong","time_in":"2023-09-24T14:10:23.799685Z","time_out":"2023-09-24T14:10:23.799703Z"}',
    wrong: [
      '{"method":"pong","req_id":101,"time_in":"2023-09-24T14:10:23.799685Z","time_out":"2023-09-24T14:10:23.799703Z"}',
      '{"channel":"pong"}',
    ],
  },
  hidden: ['{"channel":"heartbeat"}'],
  shown: [
    {
      says: [
        '{"channel":"status","data":[{"api_version":"v2","system":"online"}],"type":"update"}',
        '{"channel":"chat","data":["heartbeat"]}',
      ],
    },
  ],
});

const listed = (id: unknown, result = '["btcusdt@aggTrade"]') => `{"result":${result},"id":${id}}`;

keepsContract({
  name: 'binance()',
  make: binance,
  beat: {
    sends: ['{"method":"LIST_SUBSCRIPTIONS","id":2147483647}'],
    answers: (_, index) =>
      [
        listed(2147483647),
        listed(2147483647, JSON.stringify(Array.from({ length: 1_024 }, (_, each) => `coin${each}usdt@aggTrade`))),
        '{\n  "id": 2147483647,\n  "result": []\n}',
      ][index] as string,
    wrong: [
      listed(3),
      listed(null),
      listed(2147483647, 'null'),
      '{"code":2,"msg":"Invalid request: unknown variant","id":2147483647}',
      '{"stream":"x","data":{"result":[],"id":2147483647}}',
    ],
  },
  shown: [
    { says: [listed(1, 'null'), '{"e":"aggTrade","E":123456789,"s":"BNBBTC","a":12345}', '{"result"', '{"id":1}'] },
  ],
});
