/** Why a secure connection failed. */
export interface TlsTrouble {
  kind: 'client_certificate' | 'expired' | 'host_name' | 'authority' | 'no_tls';
  /** The message of OpenSSL or Node. */
  words: string;
}

/** Where to fix it, as messages name it. */
export interface TlsPlaces {
  server: string;
  /** File and key of the server's address. */
  address: string;
  /** File and key of the certificates to trust. */
  authority: string;
  /** File and key that ask for TLS. */
  protocol: string;
  /** What to do when the server does not accept the client's certificate, or none. */
  client: string;
}

/** Codes of OpenSSL and Node: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const kinds: [TlsTrouble['kind'], RegExp][] = [
  ['expired', /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/],
  ['host_name', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
  ['authority', /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA$)/],
  ['no_tls', /^(ERR_SSL_|EPROTO$)/],
];

/**
 * Alerts of a server about the client's certificate (RFC 8446, 6.2): bad, unsupported, revoked, expired, unknown, of an
 * unknown authority, denied access, and required but not shown.
 */
const clientAlert = /SSL alert number (4[2-689]|116)\b/;

/** The trouble that one of these errors carries as its code, or nothing. */
export function findTlsTrouble(errors: readonly unknown[]): TlsTrouble | undefined {
  for (const error of errors) {
    if (!(error instanceof Error)) continue;
    if (clientAlert.test(error.message)) return { kind: 'client_certificate', words: readAlert(error.message) };
    if (!('code' in error)) continue;
    const [kind] = kinds.find(([, codes]) => codes.test(String(error.code))) ?? [];
    if (kind) return { kind, words: error.message.replaceAll(/\s+/g, ' ').trim() };
  }
  return undefined;
}

/** The name of an alert in OpenSSL's message. */
function readAlert(message: string): string {
  const [, name = 'no name'] = /alert ([a-z ]+):/.exec(message) ?? [];
  return `alert of the server: ${name}`;
}

/** One line that says what to fix, and where. */
export function describeTlsTrouble(
  { kind, words }: TlsTrouble,
  { server, address, authority, protocol, client }: TlsPlaces,
): string {
  switch (kind) {
    case 'client_certificate':
      return `${server} ${client} (${words})`;
    case 'expired':
      return `the certificate of ${server} (${address}) is out of date and must be renewed there (${words})`;
    case 'host_name':
      return `the certificate of ${server} is for another name; fix ${address} (${words})`;
    case 'authority':
      return `the certificate of ${server} is not trusted; fix ${authority} (${words})`;
    case 'no_tls':
      return `${server} does not speak TLS as asked; fix ${address}, or ${protocol} (${words})`;
  }
}
