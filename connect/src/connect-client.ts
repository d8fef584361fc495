import { describeError, limitTime, ShopError } from '@shop/common';
import axios, { type AxiosResponse } from 'axios';
import { z } from 'zod';

const state = { state: z.string(), trace: z.string().optional() };
const connectorStatus = z.looseObject({
  connector: z.looseObject(state),
  tasks: z.array(z.looseObject({ id: z.int(), ...state })),
});
/** States are RUNNING, FAILED, PAUSED, STOPPED, UNASSIGNED, RESTARTING; `trace` is Java's, when it failed. */
export type ConnectorStatus = z.infer<typeof connectorStatus>;
/** The connector itself, or one of its tasks by number. */
export type ConnectorPart = 'connector' | number;
/** A position in Postgres' WAL, as Debezium's offsets have it. */
const lsn = z.int().nullish();
const connectorOffsets = z.looseObject({
  offsets: z.array(z.looseObject({ offset: z.looseObject({ lsn, lsn_proc: lsn }).nullish() })),
});

/** A client of Kafka Connect's REST API. It does not retry; every method throws ShopError. */
export interface ConnectClient {
  /** The connector's configuration, with variables unresolved; `undefined` when there is no such connector. */
  readConfig(name: string): Promise<Record<string, string> | undefined>;
  /** `undefined` when there is no such connector, or no worker has reported its state yet. */
  readStatus(name: string): Promise<ConnectorStatus | undefined>;
  /** Whether the connector has committed an offset. */
  hasOffsets(name: string): Promise<boolean>;
  /** @returns up to where in Postgres' WAL the connector has committed its offset; `undefined` without an offset */
  readProgress(name: string): Promise<bigint | undefined>;
  /** Creates the connector or changes it. */
  putConfig(name: string, config: Record<string, string>): Promise<void>;
  /** Restarts the connector and its tasks, if they have failed. */
  restartFailed(name: string): Promise<void>;
  /** Restarts the connector without its tasks, or one task, whatever its state. */
  restartPart(name: string, part: ConnectorPart): Promise<void>;
  /** Stops its tasks until `resume`; configuration and offsets stay. */
  stop(name: string): Promise<void>;
  /** Deletes the offsets of a stopped connector. */
  resetOffsets(name: string): Promise<void>;
  /** Starts a stopped connector again. */
  resume(name: string): Promise<void>;
}

/** A new configuration is checked by the connector, which talks to its database. */
const timeoutMs = 30_000;

/** @param signal ends the request in progress */
export function createConnectClient(url: string, signal: AbortSignal): ConnectClient {
  const server = axios.create({
    baseURL: url,
    proxy: false,
    maxRedirects: 0,
    validateStatus: () => true,
    // Connect answers 415 to a POST without a body that axios would mark as a form.
    headers: { accept: 'application/json', 'content-type': 'application/json' },
  });

  async function ask(
    method: 'get' | 'put' | 'post' | 'delete',
    path: string,
    body?: unknown,
  ): Promise<AxiosResponse<unknown>> {
    let response: AxiosResponse<unknown>;
    try {
      response = await limitTime(timeoutMs, signal, (limit) =>
        server.request({ method, url: `/connectors/${path}`, data: body, signal: limit }),
      );
    } catch (error) {
      // axios' errors carry the whole request and so are not kept as a cause.
      throw new ShopError('connect_away', `no answer from ${url} (CONNECT_URL): ${describeError(error)}`, {
        canRetry: true,
      });
    }
    if (response.status < 300 || (method === 'get' && isNotFound(response))) return response;
    throw toError(response.status, response.data);
  }

  async function readOffsets(name: string): Promise<z.infer<typeof connectorOffsets>['offsets']> {
    const { status, data } = await ask('get', `${encodeURIComponent(name)}/offsets`);
    return status === 404 ? [] : read(connectorOffsets, data).offsets;
  }

  return {
    async readConfig(name) {
      const { status, data } = await ask('get', `${encodeURIComponent(name)}/config`);
      return status === 404 ? undefined : read(z.record(z.string(), z.string()), data);
    },
    async readStatus(name) {
      const { status, data } = await ask('get', `${encodeURIComponent(name)}/status`);
      return status === 404 ? undefined : read(connectorStatus, data);
    },
    hasOffsets: async (name) => (await readOffsets(name)).length > 0,
    async readProgress(name) {
      const [last] = (await readOffsets(name))
        .flatMap(({ offset }) => [offset?.lsn, offset?.lsn_proc])
        .filter((position) => position != null)
        .toSorted((a, b) => b - a);
      return last === undefined ? undefined : BigInt(last);
    },
    async putConfig(name, config) {
      await ask('put', `${encodeURIComponent(name)}/config`, config);
    },
    async restartFailed(name) {
      await ask('post', `${encodeURIComponent(name)}/restart?includeTasks=true&onlyFailed=true`);
    },
    async restartPart(name, part) {
      const task = part === 'connector' ? '' : `/tasks/${part}`;
      await ask('post', `${encodeURIComponent(name)}${task}/restart`);
    },
    async stop(name) {
      await ask('put', `${encodeURIComponent(name)}/stop`);
    },
    async resetOffsets(name) {
      await ask('delete', `${encodeURIComponent(name)}/offsets`);
    },
    async resume(name) {
      await ask('put', `${encodeURIComponent(name)}/resume`);
    },
  };
}

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const checked = schema.safeParse(answer);
  if (checked.success) return checked.data;
  throw new ShopError('connect_answer', 'the answer is not one of Kafka Connect', {
    cause: checked.error,
    canRetry: true,
  });
}

const errorBody = z.looseObject({ message: z.string() });

/** While the worker starts, it answers every request with 404 and an HTML page. */
const isNotFound = ({ status, data }: AxiosResponse<unknown>) => status === 404 && errorBody.safeParse(data).success;
/** Connect's text around each error in a connector's configuration. */
const wrapping =
  /Connector configuration is invalid and contains the following \d+ error\(s\):|You can also find the.*$/g;
/** Refusals that end by themselves: the connector could not reach its database to check the configuration. */
const passing = /connection|connect to|starting up|shutting down|timed? ?out/i;
/** A server error that the user must fix. */
const lasting = /Failed to find any class/;

function toError(status: number, body: unknown): ShopError {
  const parsed = errorBody.safeParse(body);
  const text = parsed.success ? parsed.data.message : '(it is starting)';
  const words = text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(wrapping, '')
    .trim()
    .slice(0, 400);
  // 409: the workers are rebalancing, or another change came first.
  const refused = status < 500 && status !== 409 && status !== 408 && status !== 429 && status !== 404;
  return new ShopError(refused ? 'connect_refused' : 'connect_answer', `Connect answered ${status}: ${words}`, {
    canRetry: (!refused || passing.test(words)) && !lasting.test(words),
  });
}
