/**
 * Builds an element. Text only ever becomes text nodes: nothing that came with an event is parsed as HTML.
 * `props`: `class`, `text`, `on<event>`, `data-…`/`aria-…` and other attributes; null and false are left out.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name === 'text') element.textContent = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/** A link to elsewhere; anything but http(s) stays text. */
export function link(url, label, className) {
  const safe = /^https?:\/\//i.test(url) && URL.canParse(url);
  if (!safe) return h('span', { class: className, text: label });
  return h('a', { class: className, href: url, target: '_blank', rel: 'noopener noreferrer', text: label });
}

/**
 * Makes `container` show `items`, touching only what changed, so that focus and scroll stay where they are.
 * `keyOf` names an item; `render` makes its element.
 */
export function reconcile(container, items, keyOf, render) {
  const before = new Map([...container.children].map((child) => [child.dataset.key, child]));
  let previous = null;
  for (const item of items) {
    const key = keyOf(item);
    const seen = JSON.stringify(item);
    let element = before.get(key);
    before.delete(key);
    if (element === undefined || element.seen !== seen) {
      const fresh = render(item);
      fresh.dataset.key = key;
      fresh.seen = seen;
      if (element !== undefined) {
        restoreFocus(element, fresh);
        fresh.dataset.changed = '';
      } else fresh.dataset.fresh = '';
      element = fresh;
    }
    const after = previous === null ? container.firstChild : previous.nextSibling;
    if (after !== element) container.insertBefore(element, after);
    previous = element;
  }
  for (const gone of before.values()) gone.remove();
}

function restoreFocus(old, fresh) {
  const name = old.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  old.replaceWith(fresh);
  if (name !== undefined)
    (fresh.querySelector(`[data-focus="${name}"]`) ?? fresh.closest('[tabindex]'))?.focus();
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** A moment, as wall-clock time. */
export const timeOf = (iso) =>
  h('time', {
    datetime: iso,
    title: iso,
    text: Number.isNaN(Date.parse(iso)) ? '' : clock.format(new Date(iso)),
  });

/** Milliseconds in words: `75 ms`, `4.2 s`, `3 min 05 s`. */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${String(Math.floor(ms / 1000) % 60).padStart(2, '0')} s`;
}
