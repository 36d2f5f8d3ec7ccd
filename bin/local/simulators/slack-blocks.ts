import { isRecord } from '../http.ts';

// Slack's documented limits of Block Kit.
const LIMITS = {
  blocks: 50,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  contextElements: 10,
  actionElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  actionId: 255,
  url: 3_000,
};
/** Sum of all text in a message's blocks; not documented, found by trying. */
const ALL_TEXT = 13_200;

/** What Slack would find wrong with these blocks, in its own words; empty when nothing. */
export function blockErrors(blocks: unknown): string[] {
  if (!Array.isArray(blocks)) return ['[ERROR] must be an array [json-pointer:/blocks]'];
  const errors: string[] = [];
  const tooLong = (at: string, limit: number) => {
    errors.push(`[ERROR] must be less than ${limit + 1} characters [json-pointer:${at}]`);
  };
  const tooMany = (at: string, limit: number) => {
    errors.push(`[ERROR] no more than ${limit} items allowed [json-pointer:${at}]`);
  };
  const list = (value: unknown, at: string, limit: number): unknown[] => {
    const items: unknown[] = Array.isArray(value) ? value : [];
    if (items.length > limit) tooMany(at, limit);
    return items;
  };
  const text = (value: unknown, at: string, limit: number, types = ['plain_text', 'mrkdwn']) => {
    const type = isRecord(value) ? value['type'] : undefined;
    const content = isRecord(value) ? value['text'] : undefined;
    if (typeof type !== 'string' || !types.includes(type)) {
      errors.push(`[ERROR] unsupported type: ${String(type)} [json-pointer:${at}/type]`);
    }
    if (typeof content !== 'string' || content === '') {
      errors.push(`[ERROR] must be more than 0 characters [json-pointer:${at}/text]`);
    } else if (content.length > limit) tooLong(`${at}/text`, limit);
  };
  const element = (value: unknown, at: string) => {
    if (!isRecord(value) || value['type'] !== 'button') return;
    text(value['text'], `${at}/text`, LIMITS.buttonText, ['plain_text']);
    for (const [key, limit] of [
      ['value', LIMITS.buttonValue],
      ['action_id', LIMITS.actionId],
      ['url', LIMITS.url],
    ] as const) {
      const content = value[key];
      if (typeof content === 'string' && content.length > limit) tooLong(`${at}/${key}`, limit);
    }
  };
  const block = (value: unknown, at: string) => {
    const type = isRecord(value) ? value['type'] : undefined;
    if (!isRecord(value) || typeof type !== 'string') {
      errors.push(`[ERROR] missing required field: type [json-pointer:${at}]`);
    } else if (type === 'header') text(value['text'], `${at}/text`, LIMITS.header, ['plain_text']);
    else if (type === 'section') {
      if (value['text'] === undefined && value['fields'] === undefined) {
        errors.push(`[ERROR] missing required field: text [json-pointer:${at}]`);
      }
      if (value['text'] !== undefined) text(value['text'], `${at}/text`, LIMITS.section);
      list(value['fields'], `${at}/fields`, LIMITS.fields).forEach((field, index) => {
        text(field, `${at}/fields/${index}`, LIMITS.field);
      });
      element(value['accessory'], `${at}/accessory`);
    } else if (type === 'context') {
      list(value['elements'], `${at}/elements`, LIMITS.contextElements).forEach((item, index) => {
        if (isRecord(item) && item['type'] !== 'image') text(item, `${at}/elements/${index}`, LIMITS.section);
      });
    } else if (type === 'actions') {
      list(value['elements'], `${at}/elements`, LIMITS.actionElements).forEach((item, index) => {
        element(item, `${at}/elements/${index}`);
      });
    } else if (!['divider', 'image', 'rich_text', 'markdown'].includes(type)) {
      errors.push(`[ERROR] unsupported block type: ${type} [json-pointer:${at}/type]`);
    }
  };
  list(blocks, '/blocks', LIMITS.blocks).forEach((value, index) => {
    block(value, `/blocks/${index}`);
  });
  return errors;
}

/** Whether the text in the blocks is more than Slack takes in one message. */
export const blocksTooLong = (blocks: unknown): boolean => textLength(blocks) > ALL_TEXT;

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (!isRecord(value)) return 0;
  const own = typeof value['text'] === 'string' ? value['text'].length : 0;
  return Object.values(value).reduce((sum: number, item) => sum + textLength(item), own);
}
