import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseJsonBytes } from '@shop/common';
import type { Control } from '../commands/control.ts';
import { createRateLimit } from '../commands/rate-limit.ts';
import { answerJson, answerText } from './answer.ts';
import { refuseCommander } from './page-origin.ts';

/** Maximum size of what a visitor posts, in bytes. */
const bodyBytes = 1_024;

/** Who may post. */
export interface Guards {
  control: Control;
  /** Origins of pages that may read the stream. They may post only to their own host. */
  allowedOrigins: readonly string[];
}

/** Why a request is refused, with the HTTP status. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

export interface Answer {
  status: number;
  body: object;
}

export type PostDoor = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Answers POST requests with a JSON object: checks who asks, how often and how much, and hands the object on.
 *
 * @param names what is posted, for messages
 * @param handle its signal aborts when the visitor leaves; a thrown `Refused` is the answer
 */
export function createPostDoor(
  { control, allowedOrigins }: Guards,
  { one, many }: { one: string; many: string },
  handle: (posted: object, left: AbortSignal) => Promise<Answer>,
): PostDoor {
  const isInTime = createRateLimit();

  async function accept(request: IncomingMessage): Promise<object> {
    if (control.mode === 'off')
      throw new Refused(
        403,
        'Commands and queries are off. Set SHOP_CONTROL or SHOP_CONTROL_TOKEN in .env (websocket/README.md).',
      );
    const foreign = refuseCommander(request, allowedOrigins);
    if (foreign) throw new Refused(foreign.status, foreign.reason);
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
      throw new Refused(415, `Send the ${one} as application/json.`);
    if (!isInTime(request.socket.remoteAddress ?? '')) throw new Refused(429, `Too many ${many}. Wait a few seconds.`);
    if (!control.isAllowed(request))
      throw new Refused(401, 'The token is missing or wrong. Send it as "Authorization: Bearer TOKEN".');
    return readObject(await readBody(request, one), one);
  }

  return async (request, response) => {
    const leaving = new AbortController();
    response.on('close', () => response.writableFinished || leaving.abort());
    try {
      const { status, body } = await handle(await accept(request), leaving.signal);
      answerJson(response, body, status);
    } catch (error) {
      if (leaving.signal.aborted) return;
      if (!(error instanceof Refused)) throw error;
      // Without its body the request cannot be followed by another one on the same connection.
      if (!request.complete) response.setHeader('connection', 'close');
      answerText(response, error.status, error.message);
    }
  };
}

async function readBody(request: IncomingMessage, one: string): Promise<Buffer> {
  const tooLong = new Refused(413, `A ${one} has at most ${bodyBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > bodyBytes) throw tooLong;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > bodyBytes) throw tooLong;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readObject(body: Buffer, one: string): object {
  let posted: unknown;
  try {
    posted = parseJsonBytes(body);
  } catch {
    throw new Refused(400, `The ${one} is not JSON.`);
  }
  if (typeof posted !== 'object' || posted === null || Array.isArray(posted))
    throw new Refused(400, `The ${one} is not an object.`);
  return posted;
}
