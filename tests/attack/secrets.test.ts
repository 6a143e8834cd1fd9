/** No secret in anything that the library makes: a fuzz with more than 20,000 canaries in all that a caller gives. */
import { attackWithSecrets } from './secrets/suite';

attackWithSecrets({ seed: 1 });
