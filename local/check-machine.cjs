// Runs before `npm start`, `npm test` and `npm run faults`, whose own commands Windows' shell cannot read. CommonJS, because
// Node loads no ES module from a folder with a backslash in its name.
const path = require('node:path');
const process = require('node:process');

/**
 * What the programs of the shop cannot have in a path: initdb runs a shell, tsx and Node read the path as a URL, and Java takes
 * what follows `!/` for a file inside an archive. Node replaces a `*` in the path of a package that exports `./*`.
 */
const refused = /[\\"$`?!*\p{Cc}]/u;

/** The problem with this machine or these folders, in one line; `undefined` when there is none. */
function findProblem() {
  if (process.platform === 'win32')
    return (
      'The shop does not run on Windows itself, which has no Postgres for it. Use WSL 2 (wsl --install, then clone and ' +
      'npm start in Linux) or Docker Desktop (docker compose up -d).'
    );
  const checkout = path.dirname(__dirname);
  const { SHOP_DATA: data, INIT_CWD: here = '.' } = process.env;
  return describeFolder('the checkout', checkout) ?? (data && describeFolder('SHOP_DATA', path.resolve(here, data)));
}

function describeFolder(name, folder) {
  const [character] = refused.exec(folder) ?? [];
  if (character === undefined) return undefined;
  return `The shop cannot run in ${JSON.stringify(folder)} (${name}): rename the folder, whose path contains ${JSON.stringify(character)}.`;
}

/** Ends the process with one line where the shop cannot run. */
function checkMachine() {
  const problem = findProblem();
  if (!problem) return;
  console.error(problem);
  process.exit(1);
}

module.exports = { checkMachine };
if (require.main === module) checkMachine();
