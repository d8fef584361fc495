export type { Audit } from './create-audit.ts';
export type { CheckResult } from './findings/check-result.ts';
export type { Check } from './findings/promises.ts';
export { openAudit } from './open-audit.ts';
export { readAuditSettings } from './settings.ts';
