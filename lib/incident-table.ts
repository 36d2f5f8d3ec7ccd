import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

const string = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * The one table: dedupe and outbox records (`event#…`), incidents with their deliveries and saga (`incident#…`), and
 * the way to them from a sender's `incident_id` (`incident-id#…`). The keys are made in `lambdas/aws/keys.ts`.
 *
 * - index `recent`: the incidents of a day (`received_on`), oldest first, with what a list shows;
 * - index `watch`: sparse, the incidents that still need somebody, by the time from which to look at them.
 */
export class IncidentTable extends Table {
  constructor(scope: Construct, id: string, props: Pick<Settings, 'removal'>) {
    const retain = props.removal === 'retain';
    super(scope, id, {
      partitionKey: string('pk'),
      sortKey: string('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expires_at',
      // The relays look at what an item became; the old image tells an operator what a record changed.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      deletionProtection: retain,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.addGlobalSecondaryIndex({
      indexName: 'recent',
      partitionKey: string('received_on'),
      sortKey: string('correlation_id'),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [
        'incident_id',
        'severity',
        'status',
        'summary',
        'received_at',
        // One `<step>_at` per fact of lambdas/domain/incident.ts.
        'acknowledged_at',
        'escalating_at',
        'paged_at',
        'resolved_at',
      ],
    });
    this.addGlobalSecondaryIndex({
      indexName: 'watch',
      partitionKey: string('watch'),
      sortKey: string('watch_at'),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['correlation_id', 'status'],
    });
  }
}
