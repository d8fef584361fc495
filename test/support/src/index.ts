export { findFreeOffset, findFreePort, type StandAlone, startBroker, startDatabase } from '@shop/local';
export { makeDataFolder } from './data-folder.ts';
export { createPatience, type Patience } from './patience.ts';
export { type UntilOptions, until, untilPasses } from './until.ts';
