import { readFileSync } from 'node:fs';
import { parseJsonBytes, type ReceivedMessage, type ShopTopicName } from '@shop/common';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { z } from 'zod';
import { contractFile } from './contract-file.ts';
import { type Contract, streamChannel } from './describe-contract.ts';

/** A message of a topic, as far as the contract describes it. */
type Message = Pick<ReceivedMessage, 'key' | 'value' | 'headers'>;

/** Compares messages with the contract. Each function lists what is wrong; nothing if the message is valid. */
export interface ContractCheck {
  checkMessage(topic: ShopTopicName, message: Message): string[];
  /** @param body a parsed message of the stream */
  checkStreamed(body: unknown): string[];
}

type Check = (part: string, value: unknown) => string[];

/** Reads the contract that is checked in. */
export const readContract = (): Contract => parse(readFileSync(contractFile, 'utf8'));

export function createContractCheck(contract: Contract): ContractCheck {
  const ajv = new Ajv({ allErrors: true, formats: { 'date-time': isDateTime } });
  ajv.addVocabulary(['components']);
  ajv.addSchema({ $id: 'contract', components: contract.components });

  function compile(schema: object): Check {
    const located = '$ref' in schema ? { $ref: `contract${schema.$ref}` } : schema;
    const validate: ValidateFunction = ajv.compile(located);
    return (part, value) =>
      validate(value) ? [] : (validate.errors ?? []).map((error) => ajv.errorsText([error], { dataVar: part }));
  }

  const messages = Object.entries(contract.channels).flatMap(([channel, description]) =>
    Object.values(description.messages).map(({ contentType, bindings, headers, payload }) => ({
      channel,
      isJson: contentType === 'application/json',
      checkKey: compile(bindings?.kafka.key ?? {}),
      checkHeaders: compile(headers ?? {}),
      checkPayload: compile(payload),
    })),
  );
  const topics = new Map(messages.map((message) => [message.channel, message]));
  const streamed = messages.filter(({ channel }) => channel === streamChannel);

  return {
    checkMessage(topic, { key, value, headers }) {
      const expected = topics.get(topic);
      if (!expected) return [`the contract has no topic ${topic}`];
      return [
        ...expected.checkKey('key', key?.toString('utf8') ?? null),
        ...expected.checkHeaders('headers', toTexts(headers)),
        ...(expected.isJson ? checkJson(value, expected.checkPayload) : []),
      ];
    },

    checkStreamed(body) {
      const problems = streamed.map(({ checkPayload }) => checkPayload('message', body));
      return problems.some((list) => list.length === 0) ? [] : problems.flat();
    },
  };
}

function checkJson(value: Buffer | null, check: Check): string[] {
  if (value === null) return ['value is missing'];
  let parsed: unknown;
  try {
    parsed = parseJsonBytes(value);
  } catch {
    return ['value is not JSON'];
  }
  return check('value', parsed);
}

const toTexts = (headers: Message['headers'] = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** As the services read a time. */
const isDateTime = (text: string): boolean => z.iso.datetime({ offset: true }).safeParse(text).success;
