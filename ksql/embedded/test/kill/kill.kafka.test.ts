import { it } from 'node:test';
import { killUnderLoad } from './kills-under-load.ts';

it('loses nothing and counts nothing twice when it is killed under load', () => killUnderLoad(4));
