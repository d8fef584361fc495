// `npm test`: installs what is missing and goes on in src/main.ts.
import { prepare } from '../local/install.mjs';

prepare();
const { register } = await import('tsx/esm/api');
register();
await import('./src/main.ts');
