import { h, link } from './dom.js';

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const plain = (text) => text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);

const RULES = [
  { at: /```\n?([\s\S]+?)```/, make: ([, code]) => h('pre', { text: plain(code) }) },
  { at: /`([^`\n]+)`/, make: ([, code]) => h('code', { text: plain(code) }) },
  {
    at: /<([^<>\n]+)>/,
    make: ([whole, inner]) => {
      const [target, label] = inner.split('|', 2);
      if (/^(https?|mailto):/.test(target)) return link(plain(target), plain(label ?? target));
      if (/^[!@#]/.test(target))
        return h('span', { class: 'mention', text: `@${plain(label ?? target.slice(1))}` });
      return plain(whole);
    },
  },
  { at: /(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])/, make: ([, text]) => h('strong', {}, mrkdwn(text)) },
  { at: /(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])/, make: ([, text]) => h('em', {}, mrkdwn(text)) },
  { at: /(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])/, make: ([, text]) => h('s', {}, mrkdwn(text)) },
];

/** Slack's mrkdwn as nodes. */
export function mrkdwn(text) {
  return inline(String(text ?? ''), RULES, plain);
}

/** Turns text into nodes by the rule that matches first; what no rule matches goes through `rest`. */
export function inline(text, rules, rest) {
  const nodes = [];
  let left = text;
  while (left !== '') {
    let first = null;
    for (const { at, make } of rules) {
      const match = at.exec(left);
      if (match !== null && (first === null || match.index < first.match.index)) first = { match, make };
    }
    if (first === null) break;
    if (first.match.index > 0) nodes.push(rest(left.slice(0, first.match.index)));
    nodes.push(first.make(first.match));
    left = left.slice(first.match.index + first.match[0].length);
  }
  if (left !== '') nodes.push(rest(left));
  return nodes.flat();
}
