import { lambdaLimits } from './limits.js';
import { PLAIN_RUNTIME } from './server.js';

lambdaLimits('the plain runtime', () => PLAIN_RUNTIME);
