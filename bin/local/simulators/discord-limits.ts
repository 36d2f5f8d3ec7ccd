import type { Answer } from '../http.ts';
import { isRecord } from '../http.ts';

/** Discord's error body. */
export const discordError = (status: number, message: string, code: number, errors?: object): Answer => ({
  status,
  body: { message, code, ...(errors === undefined ? {} : { errors }) },
});

// Discord's documented limits of a message.
const CONTENT = 2_000;
const EMBEDS = 10;
const ALL_EMBED_TEXT = 6_000;
const EMBED = {
  title: 256,
  description: 4_096,
  fields: 25,
  name: 256,
  value: 1_024,
  footer: 2_048,
  author: 256,
};
const ROWS = 5;
const BUTTONS = 5;
const CUSTOM_ID = 100;
const LABEL = 80;
const NONCE = 25;

type Fields = Readonly<Record<string, unknown>>;

/** What Discord would answer to a message with such content; undefined when it takes it. */
export function wrongMessage(message: Fields): Answer | undefined {
  const errors: Record<string, unknown> = {};
  const wrong = (at: readonly (string | number)[], code: string, text: string) => {
    let node = errors;
    for (const key of at) node = (node[key] ??= {}) as Record<string, unknown>;
    node['_errors'] = [{ code, message: text }];
  };
  const long = (value: unknown, limit: number, at: readonly (string | number)[]) => {
    if (value !== undefined && value !== null && typeof value !== 'string') {
      wrong(at, 'STRING_TYPE_CONVERT', `Could not interpret "${JSON.stringify(value)}" as string.`);
    } else if (typeof value === 'string' && value.length > limit) {
      wrong(at, 'BASE_TYPE_MAX_LENGTH', `Must be ${limit} or fewer in length.`);
    }
  };
  const blank = (value: unknown, at: readonly (string | number)[]) => {
    if (typeof value !== 'string' || value === '') wrong(at, 'BASE_TYPE_REQUIRED', 'This field is required');
  };
  const list = (value: unknown, limit: number, at: readonly (string | number)[]): Fields[] => {
    const items: unknown[] = Array.isArray(value) ? value : [];
    if (items.length > limit) wrong(at, 'BASE_TYPE_BAD_LENGTH', `Must be ${limit} or fewer in length.`);
    return items.filter(isRecord);
  };

  long(message['content'], CONTENT, ['content']);
  const { nonce } = message;
  if (typeof nonce === 'string') long(nonce, NONCE, ['nonce']);
  let embedText = 0;
  list(message['embeds'], EMBEDS, ['embeds']).forEach((embed, index) => {
    const at = ['embeds', index];
    const footer = isRecord(embed['footer']) ? embed['footer']['text'] : undefined;
    const author = isRecord(embed['author']) ? embed['author']['name'] : undefined;
    long(embed['title'], EMBED.title, [...at, 'title']);
    long(embed['description'], EMBED.description, [...at, 'description']);
    long(footer, EMBED.footer, [...at, 'footer', 'text']);
    long(author, EMBED.author, [...at, 'author', 'name']);
    const texts = [embed['title'], embed['description'], footer, author];
    list(embed['fields'], EMBED.fields, [...at, 'fields']).forEach((field, number) => {
      for (const key of ['name', 'value'] as const) {
        blank(field[key], [...at, 'fields', number, key]);
        long(field[key], EMBED[key], [...at, 'fields', number, key]);
        texts.push(field[key]);
      }
    });
    embedText += texts.reduce((sum: number, text) => sum + (typeof text === 'string' ? text.length : 0), 0);
  });
  if (embedText > ALL_EMBED_TEXT) {
    wrong(['embeds'], 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${ALL_EMBED_TEXT}`);
  }
  list(message['components'], ROWS, ['components']).forEach((row, index) => {
    const at = ['components', index];
    if (row['type'] !== 1)
      wrong([...at, 'type'], 'UNION_TYPE_CHOICES', 'Value of field "type" must be one of (1,).');
    list(row['components'], BUTTONS, [...at, 'components']).forEach((button, number) => {
      const here = [...at, 'components', number];
      long(button['label'], LABEL, [...here, 'label']);
      if (button['style'] === 5) blank(button['url'], [...here, 'url']);
      else {
        blank(button['custom_id'], [...here, 'custom_id']);
        long(button['custom_id'], CUSTOM_ID, [...here, 'custom_id']);
      }
    });
  });
  if (Object.keys(errors).length > 0) return discordError(400, 'Invalid Form Body', 50035, errors);
  return undefined;
}

/** Whether a message would show nothing at all, which Discord refuses. */
export const isEmptyMessage = (message: Fields): boolean =>
  !['content', 'embeds', 'components'].some((key) => {
    const value = message[key];
    return (typeof value === 'string' || Array.isArray(value)) && value.length > 0;
  });
