import type { DynamoDBRecord } from 'aws-lambda';
import type { EngineCall } from './engine-calls.ts';

/** Reads a table's stream from its beginning, as an event source mapping does. */
export interface TableStream {
  /** What came since the last look. */
  read(): Promise<DynamoDBRecord[]>;
}

const SERVICE = 'DynamoDBStreams_20120810';

/** The SDK has a client of its own for streams, which nothing else here needs. */
export function tableStream(call: EngineCall, StreamArn: string): TableStream {
  let iterator: string | undefined;
  const open = async (): Promise<string> => {
    const { StreamDescription } = await call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
      `${SERVICE}.DescribeStream`,
      { StreamArn },
    );
    const { ShardIterator } = await call<{ ShardIterator: string }>(`${SERVICE}.GetShardIterator`, {
      StreamArn,
      ShardId: StreamDescription.Shards[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    return ShardIterator;
  };
  return {
    read: async () => {
      iterator ??= await open();
      const { Records, NextShardIterator } = await call<{
        Records: DynamoDBRecord[];
        NextShardIterator?: string;
      }>(`${SERVICE}.GetRecords`, { ShardIterator: iterator, Limit: 1_000 });
      iterator = NextShardIterator;
      return Records;
    },
  };
}
