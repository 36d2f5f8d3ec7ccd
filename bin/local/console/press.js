import { say } from './announce.js';

/** Does what a button is for, once at a time, and says so when it went wrong. */
export function pressed(where, action) {
  return async ({ currentTarget: button }) => {
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    const { ok, body, status } = await action();
    button.removeAttribute('aria-busy');
    if (!ok) say(`${where}: ${body.detail ?? body.title ?? `answered ${status}`}`, 'wrong');
  };
}
