import { h } from './dom.js';

const SHOWN_MS = 6_000;
let toast;

/** Tells it to a screen reader; what is `wrong` is shown for a while too. */
export function say(text, kind = 'news') {
  document.querySelector('#announcer').textContent = text;
  if (kind !== 'wrong') return;
  toast?.remove();
  toast = h('div', { class: 'toast', text });
  const mine = toast;
  document.body.append(toast);
  setTimeout(() => mine.remove(), SHOWN_MS);
}
