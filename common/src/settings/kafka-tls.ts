import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { LayeredValues, Sourced } from './layered-values.ts';
import { certificatesIn, privateKeyIn, readPem, readPemFile } from './pem.ts';
import { hidden, SettingError } from './setting-error.ts';

interface ClientCertificate {
  /** PEM: the client's certificate, then those that signed it. */
  readonly certificate: string;
  /** PEM: PKCS #8, not encrypted. */
  readonly key: string;
}

export interface KafkaTls {
  /** PEM certificates to trust besides the usual ones. */
  readonly ca?: string;
  readonly checkHostName: boolean;
  /** What the client shows of itself to a broker that asks for it (mutual TLS). */
  readonly client?: ClientCertificate;
}

/**
 * Reads which certificates to trust and which to show.
 *
 * @param dir relative paths start from the folder of the config files
 * @returns the settings, and the place that the client's certificate came from
 * @throws SettingError
 */
export function readTls(values: LayeredValues, dir: string): { tls: KafkaTls; certificate?: string } {
  const ca = readTrusted(values, dir);
  const client = readClient(values, dir);
  return {
    tls: {
      ...(ca !== undefined && { ca }),
      checkHostName: readHostNameCheck(values),
      ...(client && { client: client.pair }),
    },
    ...(client && { certificate: client.source }),
  };
}

/** As Java reads it: nothing after the `=` skips the check. */
function readHostNameCheck(values: LayeredValues): boolean {
  const algorithm = values.get('ssl.endpoint.identification.algorithm');
  if (algorithm && !['https', 'none', ''].includes(algorithm.value.toLowerCase()))
    throw new SettingError({
      ...algorithm,
      found: algorithm.value,
      expected: 'https, or none to skip the check of the host name',
    });
  return (algorithm?.value.toLowerCase() ?? 'https') === 'https';
}

function readTrusted(values: LayeredValues, dir: string): string | undefined {
  const inline = values.get('ssl.ca.pem') ?? values.get('ssl.truststore.certificates');
  const file = values.get('ssl.ca.location') ?? readStore(values, 'ssl.truststore');
  if (!inline?.value && !file?.value) return undefined;
  return inline?.value
    ? certificatesIn(inline, readPem(inline.value))
    : file && certificatesIn(file, readPemFile(file, dir));
}

/** The location of a Java store. Node reads no JKS and no PKCS #12. */
function readStore(values: LayeredValues, prefix: 'ssl.truststore' | 'ssl.keystore'): Sourced | undefined {
  const location = values.get(`${prefix}.location`);
  const type = values.get(`${prefix}.type`);
  if (location?.value && type?.value.toUpperCase() !== 'PEM')
    throw new SettingError({
      ...location,
      found: location.value,
      expected:
        prefix === 'ssl.truststore'
          ? `a PEM file with ${prefix}.type=PEM, or ssl.ca.location`
          : `a PEM file with ${prefix}.type=PEM (openssl pkcs12 -in client.p12 -out client.pem makes one)`,
    });
  return location;
}

interface Place {
  certificate: Sourced;
  key: Sourced;
  /** Whether both values are PEM text and no paths. */
  inline: boolean;
}

function readClient(values: LayeredValues, dir: string): { pair: ClientCertificate; source: string } | undefined {
  const place = findClient(values);
  if (!place) return undefined;
  const { certificate, key, inline } = place;
  const read = (found: Sourced) => (inline ? readPem(found.value) : readPemFile(found, dir));
  const chain = certificatesIn(certificate, read(certificate));
  const opened = openKey(privateKeyIn(key, read(key)), key, values.get('ssl.key.password'));
  if (!new X509Certificate(chain).checkPrivateKey(opened))
    throw new SettingError({
      ...key,
      found: inline ? hidden : key.value,
      expected: `the private key of the certificate in ${certificate.key}`,
    });
  const pair = { certificate: chain, key: opened.export({ type: 'pkcs8', format: 'pem' }).toString() };
  const named = certificate.key === key.key ? certificate.key : `${certificate.key}, ${key.key}`;
  return { pair, source: `${certificate.file}: ${named}` };
}

/** Three ways to give both: librdkafka's two files, Java's one PEM file, the text itself. */
function findClient(values: LayeredValues): Place | undefined {
  const store = readStore(values, 'ssl.keystore');
  if (store?.value) return { certificate: store, key: store, inline: false };
  for (const [certificateKey, keyKey, inline] of [
    ['ssl.certificate.location', 'ssl.key.location', false],
    ['ssl.keystore.certificate.chain', 'ssl.keystore.key', true],
    ['ssl.certificate.pem', 'ssl.key.pem', true],
  ] as const) {
    if (!values.find(certificateKey, keyKey)) continue;
    const what = inline ? 'PEM text' : 'the path of a PEM file';
    const certificate = values.require(certificateKey, `${what} with the certificate of ${keyKey}`);
    const key = values.require(keyKey, `${what} with the private key of ${certificateKey}`);
    return { certificate, key, inline };
  }
  return undefined;
}

function openKey(pem: string, place: Sourced, password: Sourced | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, ...(password?.value && { passphrase: password.value }) });
  } catch (cause) {
    if (!/ENCRYPTED/.test(pem))
      throw new SettingError(
        { ...place, found: '(a key that OpenSSL cannot read)', expected: 'a private key as PEM' },
        { cause },
      );
    throw new SettingError(
      {
        file: password?.file ?? place.file,
        key: password?.key ?? 'ssl.key.password',
        found: password?.value ? hidden : undefined,
        expected: `the password of the private key in ${place.key}`,
      },
      { cause },
    );
  }
}
