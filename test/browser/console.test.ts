import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalStack, startLocalStack } from '../../bin/local/stack.ts';
import { launchChromium } from './chromium.ts';

let stack: LocalStack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startLocalStack({ quiet: true }), launchChromium()]);
}, 240_000);
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

let page: Page;
let complaints: string[];
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(stack.url);
});
afterEach(() => page.close());

const raise = async (summary: string, incidentId: string) => {
  await page.getByRole('button', { name: 'Raise an incident' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Summary').fill(summary);
  await form.getByLabel('Incident id').fill(incidentId);
  await form.getByRole('button', { name: 'Raise it' }).click();
  await form.waitFor({ state: 'hidden' });
};
const panel = (name: string) => page.getByRole('region', { name, exact: true });
const messageIn = (name: string, summary: string) =>
  panel(name).getByRole('listitem').filter({ hasText: summary });

describe('console', () => {
  test('an incident raised by the form is acknowledged in Slack, and every message says so', async () => {
    await page.getByLabel('Acting as').fill('Grace');
    await raise('Checkout is down', 'browser-1');

    const slack = messageIn('Slack', 'Checkout is down');
    const discord = messageIn('Discord', 'Checkout is down');
    await discord.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await slack.getByRole('button', { name: 'Acknowledge this incident' }).click();

    await slack
      .getByText(/Acknowledged by Grace/)
      .first()
      .waitFor();
    await discord
      .getByText(/Acknowledged by Grace/)
      .first()
      .waitFor();
    expect(await slack.getByRole('button', { name: /Acknowledge/ }).count()).toBe(0);
    expect(await discord.getByRole('button', { name: /Acknowledge/ }).count()).toBe(0);
    await page
      .getByRole('region', { name: 'Selected incident' })
      .getByText(/by Grace after/)
      .waitFor();
    expect(complaints).toEqual([]);
  });

  test('text of an event is shown and never run, linked or announced', async () => {
    await raise('<img src=x onerror=alert(1)> <!channel> @everyone <b>bold</b>', 'browser-2');
    await messageIn('Slack', '<img src=x onerror=alert(1)> <!channel> @everyone <b>bold</b>').waitFor();
    await messageIn('Discord', '<img src=x onerror=alert(1)>').waitFor();
    expect(await page.locator('.mention').count()).toBe(0);
    expect(await page.locator('.items img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('the form shows what the API finds wrong, at the field', async () => {
    await page.getByRole('button', { name: 'Raise an incident' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Runbook').fill('not a URL');
    await form.getByRole('button', { name: 'Raise it' }).click();
    await form.getByText('Must be an http(s) URL').waitFor();
    expect(await form.getByLabel('Runbook').getAttribute('aria-invalid')).toBe('true');
  });

  test('nothing sticks out on a phone', async () => {
    await raise('x'.repeat(300), 'browser-3');
    await page.setViewportSize({ width: 390, height: 844 });
    await messageIn('Slack', 'x'.repeat(300)).waitFor();
    const sticksOut = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(sticksOut).toBe(0);
  });
});
