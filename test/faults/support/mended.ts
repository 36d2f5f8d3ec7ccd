/** Defects that these tests found when they were first run; kept as a record of what such tests are good for. */
export const MENDED: readonly { readonly what: string; readonly now: string; readonly by: string }[] = [
  {
    what: 'A call to AWS that hung was only warned of after its 2 s, and held up its function until Lambda ended it.',
    now: 'It is an error after 2 s, and made again.',
    by: 'crash matrix, timed out',
  },
  {
    what: 'A claim whose answer was lost met its own lease when the SDK repeated it: a Sev1 told 20 s late, an update seven receives later.',
    now: 'A lease knows its holder.',
    by: 'crash matrix, done, answer lost once',
  },
  {
    what: 'A redriven page for an incident that was acknowledged meanwhile was not sent, but the saga said "delivered".',
    now: 'The saga says "withheld", and why; later changes still reach PagerDuty.',
    by: 'redrive',
  },
  {
    what: 'An outbox record without its event, or an incident item without its deliveries, failed its batch again and again: the records behind it waited for 20 h.',
    now: 'What code relies on is checked where the record is read.',
    by: 'malformed records',
  },
  {
    what: 'An unreadable record larger than an SQS message could not be put aside, and blocked its stream.',
    now: 'It is kept by its keys.',
    by: 'malformed records',
  },
  {
    what: 'A record that could not be read was put aside once for each retry of its batch.',
    now: 'Once: it is put aside when the rest of the batch is done.',
    by: 'malformed records',
  },
  {
    what: 'Members that the event’s schema does not know could be nested deep enough to overflow the stack, or grow beyond the table’s item: 503.',
    now: '422, naming the member.',
    by: 'fuzz',
  },
  {
    what: 'Half a surrogate pair in a name, a priority or a ticket’s id was refused by the table: 503.',
    now: 'Made well-formed before it is stored.',
    by: 'fuzz',
  },
  {
    what: 'A check mark on a message that Slack does not show to the app was answered 503, so that Slack sent it again.',
    now: 'Answered 200 and left alone.',
    by: 'fuzz',
  },
];
