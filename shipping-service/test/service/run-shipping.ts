import type { TestContext } from 'node:test';
import { runServiceProcess, type ServiceProcess } from '@shop/test-support';

/** Runs shipping-service as a separate process until the test ends. */
export const runShipping = (t: TestContext, env: Record<string, string>): ServiceProcess =>
  runServiceProcess(t, new URL('../../src/main.ts', import.meta.url), env);
