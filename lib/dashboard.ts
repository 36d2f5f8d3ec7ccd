import { Alarm, AlarmStatusWidget, Dashboard, PeriodOverride } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { RUNBOOK } from './alarms.ts';
import { channelWidgets } from './dashboard/channel.ts';
import { type KpiProps, kpiWidgets } from './dashboard/kpis.ts';
import { type PlatformProps, platformWidgets } from './dashboard/platform.ts';
import { heading } from './dashboard/widgets.ts';

export interface IncidentDashboardProps extends KpiProps, PlatformProps {
  readonly stackName: string;
  /** Below which every alarm is found. */
  readonly alarms: Construct;
}

/**
 * The page that incident command has open: how fast people answer, then every alarm, each channel, and what all of it
 * stands on. Metrics are named by lambdas/domain/metrics.ts alone.
 */
export class IncidentDashboard extends Construct {
  constructor(scope: Construct, id: string, props: IncidentDashboardProps) {
    super(scope, id);
    const alarms = props.alarms.node.findAll().filter((each) => each instanceof Alarm);
    new Dashboard(this, 'Dashboard', {
      dashboardName: props.stackName,
      // Each widget says what period it needs.
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [
          heading(
            `# Incidents: ${props.stackName}\nRunbook: \`${RUNBOOK}\`. In a terminal: \`npm run ops -- doctor\``,
            2,
          ),
        ],
        ...kpiWidgets(props),
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 })],
        ...props.channels.flatMap(channelWidgets),
        ...platformWidgets(props),
      ],
    });
  }
}
