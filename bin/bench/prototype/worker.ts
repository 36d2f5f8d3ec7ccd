/** Posts each message of the queue to Slack's API. */
export async function handler({
  Records: records,
}: {
  readonly Records: readonly { readonly body: string }[];
}) {
  for (const { body } of records) {
    const { summary, event_id: id } = JSON.parse(body) as { summary: string; event_id: string };
    const response = await fetch(`${process.env['SLACK_BASE_URL'] ?? ''}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-prototype' },
      body: JSON.stringify({ channel: 'C0000000000', text: `${summary} (${id})` }),
    });
    if (!response.ok) throw new Error(`Slack answered ${response.status}`);
  }
}
