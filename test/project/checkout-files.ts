import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listFiles } from '../src/find-tests.ts';

export const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Every file of the checkout, by its path from there, with `/` between folders. */
export const checkoutFiles = listFiles(checkout).map((file) => path.relative(checkout, file).split(path.sep).join('/'));
