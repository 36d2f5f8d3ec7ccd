import type { DynamoDBRecord } from 'aws-lambda';

/** Reads a table's stream from its beginning, as an event source mapping does. */
export interface TableStream {
  /** What came since the last look. */
  read(): Promise<DynamoDBRecord[]>;
}

/** The SDK has a client of its own for streams, which nothing else here needs: two plain requests do. */
export function tableStream(endpoint: string, streamArn: string): TableStream {
  let iterator: string | undefined;
  const call = async <T>(operation: string, input: object): Promise<T> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        authorization:
          'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const open = async (): Promise<string> => {
    const { StreamDescription } = await call<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
      'DescribeStream',
      { StreamArn: streamArn },
    );
    const { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', {
      StreamArn: streamArn,
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
      }>('GetRecords', { ShardIterator: iterator, Limit: 1_000 });
      iterator = NextShardIterator;
      return Records;
    },
  };
}
