import { createHash } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';

/** Lambda's event source mapping on a stream of one shard, in steps of virtual time. */
export class VirtualRelay {
  readonly #lanes: DynamoDBRecord[][][];
  readonly #batchSize: number;
  readonly #bisects: boolean;
  readonly #run: (lane: number, records: readonly DynamoDBRecord[]) => Promise<unknown>;
  invocations = 0;

  /** @param mapping the template's properties of the mapping */
  constructor(
    mapping: Readonly<Record<string, unknown>>,
    run: (lane: number, records: readonly DynamoDBRecord[]) => Promise<unknown>,
  ) {
    this.#lanes = Array.from({ length: Number(mapping['ParallelizationFactor']) }, () => []);
    this.#batchSize = Number(mapping['BatchSize']);
    this.#bisects = mapping['BisectBatchOnFunctionError'] === true;
    this.#run = run;
  }

  get waiting(): number {
    return this.#lanes.flat(2).length;
  }

  /** Records of one partition key stay in one lane, in order. */
  add(records: readonly DynamoDBRecord[]): void {
    for (const record of records) {
      const key = record.dynamodb?.Keys?.['pk']?.S ?? '';
      const lane = this.#lanes[(createHash('sha256').update(key).digest()[0] ?? 0) % this.#lanes.length];
      const last = lane?.at(-1);
      if (last === undefined || last.length >= this.#batchSize) lane?.push([record]);
      else last.push(record);
    }
  }

  /** One invocation in each lane that has something to do; what failed is halved and comes again. */
  async step(): Promise<void> {
    await Promise.all(
      this.#lanes.map(async (lane, index) => {
        const batch = lane.shift();
        if (batch === undefined) return;
        this.invocations += 1;
        const failed = await this.#run(index, batch).then(
          () => false,
          () => true,
        );
        if (!failed) return;
        const middle = Math.ceil(batch.length / 2);
        if (this.#bisects && batch.length > 1) lane.unshift(batch.slice(0, middle), batch.slice(middle));
        else lane.unshift(batch);
      }),
    );
  }
}
