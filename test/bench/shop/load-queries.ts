import { once } from 'node:events';
import { connect } from 'node:net';

export interface Query {
  sql: string;
  /** The ids of the rows that it asks for. */
  ids: readonly number[];
}

interface Load {
  endpoint: string;
  connections: number;
  seconds: number;
  nextQuery(): Query;
  /** Counts the rows of an answer. */
  onAnswer(query: Query, rows: readonly unknown[][]): void;
}

/**
 * Sends pull queries over several connections, on each the next one when the last is answered. Writes HTTP itself, because
 * Node's client needs as much CPU time as the servers that it measures.
 *
 * @returns queries per second
 */
export async function loadQueries({ endpoint, connections, seconds, nextQuery, onAnswer }: Load): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  let answered = 0;
  async function work(): Promise<void> {
    const { ask, close } = await openConnection(endpoint);
    while (performance.now() < end) {
      const query = nextQuery();
      const [, ...rows] = JSON.parse(await ask(query.sql)) as [object, ...unknown[][]];
      onAnswer(query, rows);
      answered += 1;
    }
    close();
  }
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  return (answered * 1_000) / (performance.now() - began);
}

/** `ask` sends one query at a time. @throws unless the status is 200 */
async function openConnection(endpoint: string): Promise<{ ask(sql: string): Promise<string>; close(): void }> {
  const { hostname, port, host } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let text = '';
  let waiting: { resolve(body: string): void; reject(error: Error): void } | undefined;
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    const body = findBody(text);
    if (body === undefined) return;
    const answer = text;
    text = '';
    if (answer.startsWith('HTTP/1.1 200 ')) waiting?.resolve(body);
    else waiting?.reject(new Error(answer.slice(0, 500)));
  });
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')));
  return {
    ask(sql) {
      const body = JSON.stringify({ sql, properties: {} });
      socket.write(
        `POST /query-stream HTTP/1.1\r\nhost: ${host}\r\naccept: application/json\r\n` +
          `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    close: () => socket.destroy(),
  };
}

/** The body of a complete answer; `undefined` while a part is missing. Each byte is a character. */
function findBody(text: string): string | undefined {
  const start = text.indexOf('\r\n\r\n') + 4;
  if (start < 4) return undefined;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, start)) ?? [];
  if (length !== undefined) return text.length < start + Number(length) ? undefined : text.slice(start);
  if (!text.endsWith('\r\n0\r\n\r\n')) return undefined;
  let body = '';
  for (let at = start; ; ) {
    const sizeEnd = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, sizeEnd), 16);
    if (size === 0) return body;
    body += text.slice(sizeEnd + 2, sizeEnd + 2 + size);
    at = sizeEnd + 2 + size + 2;
  }
}
