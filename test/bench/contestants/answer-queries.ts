import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildCustomer } from '@shop/test-support';

// The ceiling of pull queries: answers them from a map of ready rows, without parsing SQL.
const count = Number(process.argv[2]);
const names = ['ID', 'OP', 'CHANGED_AT', 'FIRST_NAME', 'LAST_NAME', 'ZIPCODE', 'COUNTRY', 'ADDRESS'];
const types = names.map((name) => (name === 'ID' || name === 'CHANGED_AT' ? 'BIGINT' : 'STRING'));
const head = JSON.stringify({ queryId: 'bare', columnNames: names, columnTypes: types });
const rows = new Map<number, string>();
for (let id = 1; id <= count; id += 1) {
  const { first_name, last_name, zipcode, country, address } = buildCustomer(id);
  rows.set(id, JSON.stringify([id, 'c', Date.now(), first_name, last_name, zipcode, country, address]));
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { sql } = JSON.parse(String(Buffer.concat(chunks))) as { sql: string };
    const ids = sql.slice(sql.indexOf('WHERE id')).match(/\d+/g) ?? [];
    const text = `[${[head, ...ids.map((id) => rows.get(Number(id)))].join(',\n')}]\n`;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
