import type { Scope } from '@shop/test-support';
import type { Server } from '../src/test-servers.ts';

/** What is compared: the shop, what a user would write instead, and the limit of this machine. */
export type Role = 'ours' | 'obvious' | 'ceiling';

export interface BenchContext extends Scope {
  /** Small sizes, for a check that the benchmark works. Its figures mean little. */
  readonly quick: boolean;
  /** Also the sizes that take very long. */
  readonly large: boolean;
  /** Reports progress. */
  say(line: string): void;
}

/** What a round should have delivered, and what it did. */
export interface Answers {
  expected: number;
  /** Different expected messages that arrived. Fewer than expected: some are lost. */
  distinct: number;
  /** Messages that arrived. More than `distinct`: some arrived twice. */
  received: number;
  /** Messages that arrived with a wrong content. */
  wrong: number;
}

export interface Round {
  value: number;
  answers: Answers;
  /** More values of the round, by name: `p50 ms`. */
  also?: Readonly<Record<string, number>>;
}

export interface Contestant {
  role: Role;
  /** What it is, in a few words. */
  what: string;
  /** Runs one round. The scope ends with the round. */
  run(scope: Scope): Promise<Round>;
}

/** A limit for the ratio to another contestant, or for the value itself. */
export interface Target {
  against: Exclude<Role, 'ours'> | 'value';
  limit: number;
}

/** Contestants who do the same work, one of them `ours`. A row of the table. */
export interface Comparison {
  label: string;
  targets: readonly Target[];
  contestants: readonly Contestant[];
}

export interface Figure {
  /** For `--only`. */
  readonly name: string;
  /** What is measured, in one line. */
  readonly what: string;
  readonly unit: string;
  readonly higherIsBetter: boolean;
  /** The servers that it needs. */
  readonly servers: readonly Server[];
  /** Prepares its topics, tables and processes. @throws Skipped when this machine lacks a program that it needs */
  open(context: BenchContext): Promise<readonly Comparison[]>;
}

/** Why a figure cannot be measured on this machine. */
export class Skipped extends Error {
  override name = 'Skipped';
}
