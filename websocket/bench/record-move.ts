import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';

/** Events shown before the first parcel that goes to the new address. */
const eventsBefore = 6;
const frameMs = 1_000;
const lastFrameMs = 3_000;

/**
 * Animates the open story of a customer who moved: the events appear one by one, up to the first parcel that goes to the
 * new address.
 *
 * @param file a WebP. Needs img2webp (Debian: webp)
 */
export async function recordMove(page: Page, file: string): Promise<void> {
  const story = page.getByRole('dialog');
  await story.locator('.event.marked').first().waitFor();
  const last = 1 + (await story.locator('.event:not(.marked, .marked ~ *)').count());
  const first = Math.max(1, last - eventsBefore);
  // The page reloads an open story, so a rule hides events, also those that arrive later.
  const hide = (nth: string) =>
    page.evaluate(`{
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.story .event:nth-child(${nth}) { display: none }');
      document.adoptedStyleSheets.push(sheet);
    }`);
  await hide(`-n + ${first - 1}`);
  await hide(`n + ${last + 1}`);
  const box = await story.boundingBox();
  const list = await story.locator('.event-list').boundingBox();
  if (!box || !list) throw new Error('no story is open');
  const clip = { ...box, height: list.y + list.height + 20 - box.y };

  const folder = mkdtempSync(path.join(tmpdir(), 'move-'));
  try {
    const frames: string[] = [];
    for (let shown = last; shown >= first; shown -= 1) {
      await hide(`n + ${shown + 1}`);
      const frame = path.join(folder, `${shown}.png`);
      await page.screenshot({ path: frame, clip });
      frames.unshift('-d', String(shown < last ? frameMs : lastFrameMs), frame);
    }
    await promisify(execFile)('img2webp', ['-loop', '0', '-lossless', ...frames, '-o', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
