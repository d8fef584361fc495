// The first step of `npm start` and `npm test`. Plain JavaScript with Node's own modules only, because no package may be
// installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { checkMachine } from './check-machine.cjs';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const lockfile = path.join(checkout, 'package-lock.json');
/** Holds the hash of the lockfile that was installed from here. */
const stamp = path.join(checkout, 'node_modules', '.installed-lockfile');

/** Holds the number of the process that is installing. */
const installing = path.join(checkout, '.shop', 'npm-ci.lock');

/** Checks the machine and Node, and installs the npm packages where they are not those of package-lock.json; ends the process if it cannot. */
export async function prepare() {
  checkMachine();
  checkNode();
  if (isInstalled()) return;
  const unlock = lock();
  try {
    // Another start may have installed them while this one waited.
    if (!isInstalled()) await install();
  } finally {
    unlock();
  }
}

/** Lets one start at a time install: a second `npm ci` would delete the packages that the first one uses. */
function lock() {
  mkdirSync(path.dirname(installing), { recursive: true });
  for (let logged = false; !tryToLock(); logged = true) {
    if (!logged) console.error('waiting for another start, which is installing the npm packages');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  }
  const unlock = () => rmSync(installing, { force: true });
  process.once('exit', unlock);
  return unlock;
}

function tryToLock() {
  try {
    writeFileSync(installing, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    // Left by a start that was killed.
    if (!isAlive(Number(existsSync(installing) && readFileSync(installing, 'utf8'))))
      rmSync(installing, { force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`This is Node ${process.versions.node}; the shop needs 20.19 or later.`);
  process.exit(1);
}

/** Whether node_modules holds what the lockfile says: installed from here, or by the list that npm keeps. */
function isInstalled() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hashLockfile()) return true;
  const list = path.join(checkout, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return false;
  const installed = readPackages(list);
  return Object.entries(readPackages(lockfile)).every(([folder, wanted]) => {
    if (!folder.startsWith('node_modules/') && !folder.includes('/node_modules/')) return true;
    const found = installed[folder];
    if (found) return wanted.link || found.version === wanted.version;
    // npm leaves out what is made for other machines, and optional packages that need such a one.
    return wanted.optional === true || wanted.devOptional === true || wanted.peer === true;
  });
}

function hashLockfile() {
  return createHash('sha256').update(readFileSync(lockfile)).digest('hex');
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

async function install() {
  console.error('installing the npm packages (npm ci)');
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  // Scripts are left out: no package needs one. Standard output belongs to the result of --json.
  const args = [...first, 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const problem = await run(command, args);
  if (problem === undefined) {
    writeFileSync(stamp, hashLockfile());
    return;
  }
  console.error(problem);
  process.exit(1);
}

/**
 * Runs npm, and ends it when this process is asked to end. Otherwise npm would continue alone.
 *
 * @returns what went wrong, in words
 */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: checkout, stdio: ['ignore', 2, 2] });
    let asked;
    const stop = (signal) => {
      asked = signal;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, stop);
    child.once('error', (error) => resolve(`npm cannot be started: ${error.message}`));
    child.once('close', (code, signal) => {
      for (const each of signals) process.off(each, stop);
      if (asked) resolve(`npm ci was stopped (${asked})`);
      else resolve(code === 0 ? undefined : `npm ci ended with ${signal ?? `code ${code}`}`);
    });
  });
}
