import { killUnderLoad } from './kills-under-load.ts';

// TEST_KAFKA=localhost:9092 node --import tsx ksql/embedded/test/kill/many-kills.ts 50
const kills = Number(process.argv[2] ?? 50);
const began = Date.now();
await killUnderLoad(kills, console.log);
console.log(`${kills} kills survived in ${Math.round((Date.now() - began) / 1000)} s`);
