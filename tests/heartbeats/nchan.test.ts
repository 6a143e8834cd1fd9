import { nchan } from '../../src/heartbeats';
import { keepsContract } from './contract';

keepsContract({
  name: 'nchan()',
  make: nchan,
  beat: { sends: ['ping'], answers: () => 'pong', wrong: ['ping', 'id: 1\n\npong', 'pong\n'] },
});

keepsContract({
  name: 'nchan({ meta })',
  make: (figures) => nchan({ ping: 'PING!', pong: 'PONG!', meta: true, ...figures }),
  protocols: ['ws+meta.nchan'],
  beat: { sends: ['PING!'], answers: () => 'PONG!', wrong: ['pong'] },
  shown: [{ says: ['id: 1461622867:0\ncontent-type: text/plain\n\nPONG!', '410 Gone'] }],
});
