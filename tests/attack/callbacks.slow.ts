/** The attack of `callbacks.test.ts` on the development build, with its checks, its warnings and its devtools. */
import { attackWithCallbacks } from './callbacks/suite';

attackWithCallbacks('development');
