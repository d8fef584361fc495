// Runs before `npm start`, `npm test` and `npm run faults`, whose own commands Windows' shell cannot read.
import process from 'node:process';

if (process.platform === 'win32') {
  console.error(
    'The shop does not run on Windows itself: there is no Postgres for it here. Run it in WSL 2 (wsl --install, then clone and\n' +
      'npm start inside Linux), or with Docker Desktop: docker compose up -d',
  );
  process.exit(1);
}
