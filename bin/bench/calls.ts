/** One call to AWS, as the proxy saw it. */
export interface AwsCall {
  /** As `DynamoDB_20120810`. */
  readonly service: string;
  readonly operation: string;
  readonly input: AwsInput;
  readonly status: number;
  /** Of both bodies. */
  readonly bytes: number;
}

type Item = Readonly<Record<string, unknown>>;
interface Put {
  readonly Item?: Item;
}
export interface AwsInput extends Put {
  readonly Key?: Item;
  readonly ConsistentRead?: boolean;
  readonly UpdateExpression?: string;
  readonly TransactItems?: readonly { readonly Put?: Put }[];
}

/** What the calls of one incident come to. */
export interface Work {
  /** By service and operation, as `DynamoDB GetItem`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** Write request units of the table and its two indexes. */
  readonly writeUnits: number;
  readonly readUnits: number;
}

const SERVICES: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'DynamoDB',
  AmazonSQS: 'SQS',
  AWSStepFunctions: 'Step Functions',
  secretsmanager: 'Secrets Manager',
};

/**
 * Adds calls up.
 *
 * @param sizeOf bytes of the table's item with that key, as it is in the end
 */
export function workOf(calls: readonly AwsCall[], sizeOf: (key: Item) => number): Work {
  const counted: Record<string, number> = {};
  let [bytes, writeUnits, readUnits] = [0, 0, 0];
  for (const call of calls) {
    const name = `${SERVICES[call.service] ?? call.service} ${call.operation}`;
    counted[name] = (counted[name] ?? 0) + 1;
    bytes += call.bytes;
    if (!name.startsWith('DynamoDB ')) continue;
    writeUnits += writeUnitsOf(call, sizeOf);
    readUnits += readUnitsOf(call, sizeOf);
  }
  return { calls: counted, bytes, writeUnits, readUnits };
}

function writeUnitsOf({ operation, input, status }: AwsCall, sizeOf: (key: Item) => number): number {
  switch (operation) {
    case 'PutItem':
      return kilobytes(sizeOf(input.Item ?? {}), 1) + indexUnits(input.Item);
    case 'UpdateItem':
      // A write whose condition fails costs as much as one that goes through, but touches no index.
      return kilobytes(sizeOf(input.Key ?? {}), 1) + (status === 200 ? indexUnits(input.Key) : 0);
    case 'TransactWriteItems':
      return (input.TransactItems ?? []).reduce(
        (sum, { Put: { Item: item = {} } = {} }) =>
          sum + 2 * kilobytes(sizeOf(item), 1) + (status === 200 ? 2 * indexUnits(item) : 0),
        0,
      );
    default:
      return 0;
  }
}

/** An incident's own item is in both indexes, with less than 1 KB, and each of its changes changes both. */
const indexUnits = (key: Item | undefined): number => (textOf(key?.['sk']) === 'incident' ? 2 : 0);

function readUnitsOf({ operation, input, bytes }: AwsCall, sizeOf: (key: Item) => number): number {
  const half = input.ConsistentRead === true ? 1 : 0.5;
  if (operation === 'GetItem') return half * kilobytes(sizeOf(input.Key ?? {}), 4);
  return operation === 'Query' ? half * kilobytes(bytes, 4) : 0;
}

/** At least one unit, each of that many kilobytes. */
const kilobytes = (bytes: number, each: number): number => Math.max(1, Math.ceil(bytes / (each * 1_024)));

/** The text of a string attribute. */
export function textOf(value: unknown): string {
  const text = (value as { readonly S?: unknown } | undefined)?.S;
  return typeof text === 'string' ? text : '';
}
