// The first step of every npm script. Plain JavaScript with Node's own modules only, because no package may be installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { checkMachine } from './check-machine.cjs';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const lockfile = path.join(checkout, 'package-lock.json');
/** Holds the hash of the lockfile that was installed from here. */
const stamp = path.join(checkout, 'node_modules', '.installed-lockfile');
/** Holds the id of the process that is installing: a second `npm ci` would delete the packages of the first. */
const lock = path.join(checkout, '.shop', 'npm-ci.lock');

/** Checks the machine and Node, and installs the npm packages where they are not those of package-lock.json; ends the process if it cannot. */
export async function prepare() {
  checkMachine();
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    giveUp(`This is Node ${process.versions.node}; the shop needs 20.19 or later.`);
  if (isInstalled()) return;
  mkdirSync(path.dirname(lock), { recursive: true });
  for (let logged = false; !tryToLock(); logged = true) {
    if (!logged) console.error('waiting for another start, which is installing the npm packages');
    await delay(300);
  }
  const unlock = () => rmSync(lock, { force: true });
  process.once('exit', unlock);
  // Another start may have installed them while this one waited.
  if (!isInstalled()) await install();
  process.off('exit', unlock);
  unlock();
}

/** Whether node_modules holds the lockfile's packages: the stamp shows it, or the list that npm keeps. */
function isInstalled() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hashLockfile()) return true;
  const list = path.join(checkout, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return false;
  const [wanted, installed] = [lockfile, list].map((file) => JSON.parse(readFileSync(file, 'utf8')).packages);
  return Object.entries(wanted).every(([folder, { link, version, optional, devOptional, peer }]) => {
    if (!folder.includes('node_modules/')) return true;
    const found = installed[folder];
    if (found) return link || found.version === version;
    // npm leaves out packages for other platforms, and optional packages that need one of those.
    return optional === true || devOptional === true || peer === true;
  });
}

const hashLockfile = () => createHash('sha256').update(readFileSync(lockfile)).digest('hex');

function tryToLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // A start that was killed leaves its lock.
  if (!isAlive(Number(existsSync(lock) && readFileSync(lock, 'utf8')))) rmSync(lock, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install() {
  console.error('installing the npm packages (npm ci)');
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Standard output belongs to the result of --json.
  const child = spawn(command, args, { cwd: checkout, stdio: ['ignore', 2, 2] });
  let asked;
  // Without this, npm would continue after this process has ended.
  const stop = (signal) => {
    asked = signal;
    child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  const [code, signal] = await once(child, 'close').catch((error) => giveUp(`npm cannot be started: ${error.message}`));
  for (const each of signals) process.off(each, stop);
  if (asked) giveUp(`npm ci was stopped (${asked})`);
  if (code !== 0) giveUp(`npm ci ended with ${signal ?? `code ${code}`}`);
  writeFileSync(stamp, hashLockfile());
}

function giveUp(problem) {
  console.error(problem);
  process.exit(1);
}
