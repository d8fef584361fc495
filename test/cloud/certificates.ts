import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The PEM files of one test. */
export interface Certificates {
  /** The certificate of the authority that signed the others; clients must trust it. */
  ca: string;
  /** For `localhost` and the requested names. */
  server: ServerFiles;
  /** For `localhost`, expired. */
  expired: ServerFiles;
  /** For the client `clientName`, signed by the same authority. `encryptedKey` is encrypted with `keyPassword`. */
  client: ServerFiles & { encryptedKey: string };
  /** For a client, self-signed. */
  stranger: ServerFiles;
}

export const clientName = 'CN=Test client';
export const keyPassword = 'the/keys+Passw0rd';

export interface ServerFiles {
  key: string;
  certificate: string;
  /** Key and certificates in one file, as Kafka needs them. */
  keystore: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Creates a certificate authority and certificates with openssl. */
export function makeCertificates(folder: string, names: readonly string[] = []): Certificates {
  const file = (name: string) => path.join(folder, name);
  const openssl = (...words: string[]) =>
    execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
  );
  writeFileSync(file('names'), `subjectAltName=${['localhost', ...names].map((name) => `DNS:${name}`).join()}\n`);

  function make(name: string, days: string, subject = '/CN=Test server'): ServerFiles {
    openssl('req', '-new', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days, '-extfile', 'names'];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signer);
    const parts = [`${name}.key`, `${name}.pem`, 'ca.pem'].map((part) => readFileSync(file(part), 'utf8'));
    writeFileSync(file(`${name}.keystore`), parts.join(''));
    return { key: file(`${name}.key`), certificate: file(`${name}.pem`), keystore: file(`${name}.keystore`) };
  }

  function makeStranger(): ServerFiles {
    const [key, certificate, keystore] = ['stranger.key', 'stranger.pem', 'stranger.keystore'];
    openssl('req', '-x509', ...newKey, '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=Stranger');
    writeFileSync(file(keystore), [key, certificate].map((part) => readFileSync(file(part), 'utf8')).join(''));
    return { key: file(key), certificate: file(certificate), keystore: file(keystore) };
  }

  const client = make('client', '2', `/${clientName}`);
  const encryptedKey = file('client-encrypted.key');
  openssl('pkcs8', '-topk8', '-in', client.key, '-out', encryptedKey, '-passout', `pass:${keyPassword}`);
  return {
    ca: file('ca.pem'),
    server: make('server', '2'),
    expired: make('expired', '-1'),
    client: { ...client, encryptedKey },
    stranger: makeStranger(),
  };
}
