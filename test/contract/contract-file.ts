import { fileURLToPath } from 'node:url';

/** The document that is checked in. */
export const contractFile = fileURLToPath(new URL('../../docs/contract/asyncapi.yaml', import.meta.url));
