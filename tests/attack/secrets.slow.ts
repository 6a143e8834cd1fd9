/** The fuzz of `secrets.test.ts` with ten times as many canaries, and with other ones in each run. */
import { attackWithSecrets } from './secrets/suite';

attackWithSecrets({ times: 10 });
