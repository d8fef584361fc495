import { runService } from '@shop/common';
import { startAudit } from './start-audit.ts';

await runService('audit', startAudit);
