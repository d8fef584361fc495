import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOriginAllowed, isReaderAllowed } from '../../src/http/page-origin.ts';

type Headers = Record<string, string>;

const isAllowed = (headers: Headers, allowed: string[] = []) => isOriginAllowed({ headers }, allowed);
const codespace = 'abc-8080.app.github.dev';

const accepted: Record<string, Headers> = {
  'the page itself': { host: 'localhost:8080', origin: 'http://localhost:8080' },
  'the page by address': { host: '192.168.1.20:8080', origin: 'http://192.168.1.20:8080' },
  'the page by IPv6': { host: '[::1]:8080', origin: 'http://[::1]:8080' },
  'the page by the machine’s name': { host: 'laptop:8080', origin: 'http://laptop:8080' },
  'a program': { host: 'shop.example:8080' },
  'localhost for 127.0.0.1': { host: '127.0.0.1:8080', origin: 'http://localhost:8080' },
  'a tunnel that rewrites Origin': { host: codespace, origin: 'http://localhost:8080' },
  'a tunnel that rewrites Host': {
    host: 'localhost:8080',
    origin: `https://${codespace}`,
    'x-forwarded-host': codespace,
  },
  'a tunnel that names its port': {
    host: 'localhost:8080',
    origin: `https://${codespace}`,
    'x-forwarded-host': `${codespace}:443`,
  },
  'several proxies': { host: 'b', origin: `https://${codespace}`, 'x-forwarded-host': `${codespace}, a.internal` },
  'a tunnel that rewrites nothing': { host: codespace, origin: `https://${codespace}` },
  'a proxy that drops the port': { host: 'shop.local', origin: 'http://shop.local:41080' },
};

const refused: Record<string, Headers> = {
  'a foreign page': { host: 'localhost:8080', origin: 'https://evil.example' },
  'a foreign page, and a tunnel': { host: codespace, origin: 'https://evil.example' },
  'a foreign page, and a proxy': {
    host: 'localhost:8080',
    origin: 'https://evil.example',
    'x-forwarded-host': codespace,
  },
  'DNS rebinding': { host: 'evil.example:8080', origin: 'http://evil.example:8080' },
  'DNS rebinding of port 80': { host: 'evil.example', origin: 'http://evil.example' },
  'DNS rebinding through a proxy': {
    host: '10.0.0.1',
    origin: 'http://evil.example',
    'x-forwarded-host': 'evil.example',
  },
  'a page of another local program': { host: 'localhost:8080', origin: 'http://localhost:3000' },
  'a page of another local program, by a public name': { host: 'local.example:8080', origin: 'http://localhost:3000' },
  'a name that only begins alike': { host: 'localhost:8080', origin: 'http://localhost.evil.example:8080' },
  'a sandboxed frame or a file': { host: 'localhost:8080', origin: 'null' },
  'no origin at all': { host: 'localhost:8080', origin: 'nonsense' },
  'an extension': { host: 'localhost:8080', origin: 'chrome-extension://localhost:8080' },
};

for (const [name, headers] of Object.entries(accepted))
  test(`accepted: ${name}`, () => assert.equal(isAllowed(headers), true));

for (const [name, headers] of Object.entries(refused))
  test(`refused: ${name}`, () => assert.equal(isAllowed(headers), false));

test('ALLOWED_ORIGINS allows exactly what it lists', () => {
  const headers = { host: 'shop.example:8080', origin: 'http://shop.example:8080' };
  assert.equal(isAllowed(headers), false);
  assert.equal(isAllowed(headers, ['http://shop.example:8080']), true);
  assert.equal(isAllowed(headers, ['http://shop.example:8081']), false);
  assert.equal(isAllowed(headers, ['*']), true);
});

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
/** A name that an attacker can register, with the attacker's DNS server. */
const publicName = fc.tuple(label, fc.constantFrom('com', 'example', 'dev', 'io')).map((labels) => labels.join('.'));
const privateName = fc.oneof(
  fc.constantFrom('localhost', '127.0.0.1', '[::1]', '192.168.1.20', '[fd00::1]'),
  label,
  label.map((name) => `${name}.local`),
);
const port = fc.integer({ min: 1, max: 65_535 });

/** An address as browsers and servers write it: without the port that the protocol has anyway. */
const addressOf = (protocol: string, name: string, at: number) => new URL(`${protocol}//${name}:${at}`).host;

/** What happens between the browser and this service. */
const routes = {
  direct: (host: string): Headers => ({ host }),
  'a proxy that keeps Host': (host: string): Headers => ({ host, 'x-forwarded-host': host }),
  'a proxy that replaces Host': (host: string): Headers => ({ host: '127.0.0.1:8080', 'x-forwarded-host': host }),
};
const route = fc.constantFrom(...Object.values(routes));

test('an attacker’s page in the user’s browser is refused, whatever it connects to', () => {
  // Over http the page's name may be bound to this machine; over https it may not, and only loopback may be connected to.
  const rebound = fc.record({ name: publicName, at: port, route }).map(({ name, at, route: through }) => ({
    origin: `http://${addressOf('http:', name, at)}`,
    ...through(addressOf('http:', name, at)),
  }));
  const foreign = fc
    .record({
      scheme: fc.constantFrom('http:', 'https:'),
      name: publicName,
      at: port,
      target: privateName,
      to: port,
      route,
    })
    .map(({ scheme, name, at, target, to, route: through }) => ({
      origin: `${scheme}//${addressOf(scheme, name, at)}`,
      ...through(addressOf('http:', target, to)),
    }));
  const otherProgram = fc
    .record({
      name: privateName,
      at: port,
      target: fc.oneof(privateName, publicName),
      to: fc.integer({ min: 81, max: 65_535 }),
    })
    .filter(({ at, to }) => at !== to)
    .map(({ name, at, target, to }) => ({
      origin: `http://${addressOf('http:', name, at)}`,
      host: addressOf('http:', target, to),
    }));
  fc.assert(fc.property(fc.oneof(rebound, foreign, otherProgram), (headers) => !isAllowed(headers)));
});

test('the shop’s own page is accepted at each address that is no attacker’s, however it gets there', () => {
  const plain = fc.record({ name: privateName, scheme: fc.constant('http:') });
  const encrypted = fc.record({ name: fc.oneof(privateName, publicName), scheme: fc.constant('https:') });
  const own = fc.record({ page: fc.oneof(plain, encrypted), at: port, route });
  fc.assert(
    fc.property(own, ({ page: { name, scheme }, at, route: through }) => {
      const host = addressOf(scheme, name, at);
      return isAllowed({ origin: `${scheme}//${host}`, ...through(host) });
    }),
  );
});

test('stories are served to private and allowed names, and to pages that a browser marks as same-origin', () => {
  const mayRead = (headers: Headers, allowed: string[] = []) => isReaderAllowed({ headers }, allowed);
  assert.equal(mayRead({ host: 'localhost:8080' }), true);
  assert.equal(mayRead({ host: 'evil.example:8080' }), false);
  assert.equal(mayRead({ host: 'evil.example:8080', 'x-forwarded-host': 'localhost' }), false, 'a page can set this');
  assert.equal(mayRead({ host: '127.0.0.1:8080', 'x-forwarded-host': 'evil.example' }), false);
  assert.equal(mayRead({ host: codespace, 'sec-fetch-site': 'same-origin' }), true);
  assert.equal(mayRead({ host: codespace, 'sec-fetch-site': 'cross-site' }), false);
  assert.equal(mayRead({ host: 'localhost:8080', origin: 'https://evil.example' }), false);
  assert.equal(mayRead({ host: 'shop.example:8080' }, ['http://shop.example:8080']), true);
});
