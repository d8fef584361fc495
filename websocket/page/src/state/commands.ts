import { computed, signal } from '@preact/signals';
import type { CommandLine } from '../../../src/messages/commands.ts';
import { postJson } from './post-json.ts';
import { picture, welcome } from './state.ts';
import { token } from './token.ts';

/** A command as the page asks for it. The server checks it by the contract (common/src/contracts/command.ts). */
interface CommandRequest {
  target: string;
  command: string;
  [field: string]: unknown;
}

/** A command that this page sent. It is shown until the server lists it. */
export interface Attempt {
  /** Counts up. */
  number: number;
  request: CommandRequest;
  at: number;
  /** `null` until Kafka has it. */
  commandId: string | null;
  /** Why it was not sent; `null` when nothing failed. */
  failure: string | null;
}

const mostAttempts = 10;
const noAnswer = 'The server did not answer. If it got the command, the list shows it.';

let lastNumber = 0;
/** Newest first. */
const attempts = signal<Attempt[]>([]);

/** Whether this visitor can send commands and queries: `ask` when the token is missing. */
export const control = computed((): 'on' | 'off' | 'ask' | 'unknown' => {
  const mode = welcome.value?.control;
  if (mode === 'token') return token.value === null ? 'ask' : 'on';
  return mode ?? 'unknown';
});

export const commandLines = computed((): readonly CommandLine[] => picture.value?.commands ?? []);

/** What this page sent and the server does not list yet. */
export const openAttempts = computed(() => {
  const listed = new Set(commandLines.value.map(({ command_id }) => command_id));
  return attempts.value.filter(({ commandId }) => commandId === null || !listed.has(commandId));
});

/** Sends a command once. @returns its id; `null` when it was not sent, or when nothing is known about it */
export async function sendCommand(request: CommandRequest): Promise<string | null> {
  lastNumber += 1;
  const attempt: Attempt = { number: lastNumber, request, at: Date.now(), commandId: null, failure: null };
  // A failure is shown until the next attempt.
  const others = attempts.value.filter(({ failure }) => failure === null);
  attempts.value = [attempt, ...others].slice(0, mostAttempts);
  const { answer, failure } = await postJson<{ command_id: string }>('/commands', request, noAnswer);
  const commandId = answer?.command_id ?? null;
  attempts.value = attempts.value.map((each) => (each === attempt ? { ...attempt, commandId, failure } : each));
  return commandId;
}
