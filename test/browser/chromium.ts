import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/**
 * The Chromium that comes with the npm package, which is made for Linux on x64; elsewhere the Chrome that is
 * installed. Its own list of flags is for Lambda (one process, no web security) and no good for a test.
 */
export async function launchChromium(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return chromium.launch({ channel: 'chrome', args });
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [...args, '--headless=shell'],
  });
}
